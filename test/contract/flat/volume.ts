import { FLAT_VOLUME, type Flat } from './market.ts';

export const VOLUME_FLAT: Readonly<Record<string, Flat>> = {
  accumulationDistribution: [0],
  chaikinMoneyFlow: [0],
  chaikinOscillator: [0],
  easeOfMovement: [0],
  forceIndex: [0],
  negativeVolumeIndex: [1_000],
  obv: [FLAT_VOLUME],
  positiveVolumeIndex: [1_000],
  relativeVolume: [1],
  volumePriceTrend: [0],
  volumeRateOfChange: [0],
};
