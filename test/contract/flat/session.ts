import { FLAT_PRICE, type Flat } from './market.ts';

const NONE = Number.NaN;

/** The flat market is one session of minute bars from its open on, with no session before it. */
export const SESSION_FLAT: Readonly<Record<string, Flat>> = {
  anchoredVwap: [FLAT_PRICE],
  averageSessionRange: [NONE, NONE],
  // Bar 1 begins at minute 0; a range without height has no places.
  openingRange: ([minutes = NONE], bars) =>
    bars - 1 < minutes ? [NONE, NONE, NONE] : [FLAT_PRICE, FLAT_PRICE, NONE],
  overnightGap: [NONE],
  pivotPoints: [NONE, NONE, NONE, NONE, NONE],
  previousSession: [NONE, NONE, NONE],
  relativeVolumeByTime: [NONE, NONE],
  sessionRange: [FLAT_PRICE, FLAT_PRICE, 0],
  vwap: [FLAT_PRICE],
  vwapBands: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
};
