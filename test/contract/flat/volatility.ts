import type { Flat } from './market.ts';

const NONE = Number.NaN;

export const VOLATILITY_FLAT: Readonly<Record<string, Flat>> = {
  atr: [0],
  bollingerBandwidth: [0],
  chaikinVolatility: [NONE],
  garmanKlass: [0],
  historicalVolatility: [0],
  // A range of nothing is as large as its average: each of the window's ratios is 1.
  massIndex: ([period = NONE]) => [period],
  natr: [0],
  parkinson: [0],
  percentB: [NONE],
  realisedVolatility: [0],
  rogersSatchell: [0],
  trueRange: [0],
  ulcerIndex: [0],
  yangZhang: [0],
};
