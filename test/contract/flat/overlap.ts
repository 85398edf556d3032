import { htTrendline, mama } from '../../reference/indicators/hilbert.ts';
import { byReference } from './by-reference.ts';
import { FLAT_PRICE, type Flat } from './market.ts';

export const OVERLAP_FLAT: Readonly<Record<string, Flat>> = {
  sma: [FLAT_PRICE],
  ema: [FLAT_PRICE],
  bollinger: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  wma: [FLAT_PRICE],
  dema: [FLAT_PRICE],
  tema: [FLAT_PRICE],
  trima: [FLAT_PRICE],
  kama: [FLAT_PRICE],
  t3: [FLAT_PRICE],
  alma: [FLAT_PRICE],
  rma: [FLAT_PRICE],
  hma: [FLAT_PRICE],
  ma: [FLAT_PRICE],
  mavp: [FLAT_PRICE],
  midpoint: [FLAT_PRICE],
  midprice: [FLAT_PRICE],
  sar: [FLAT_PRICE],
  vwma: [FLAT_PRICE],
  zlema: [FLAT_PRICE],
  accelerationBands: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  donchian: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  keltner: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  ichimoku: [FLAT_PRICE, FLAT_PRICE, FLAT_PRICE, FLAT_PRICE],
  // Both come from zero: where they are on a bar is a matter of how many there were.
  htTrendline: byReference(htTrendline),
  mama: byReference(mama),
  // A first bar counts as falling, and no close is above the stop.
  supertrend: [FLAT_PRICE, -1],
  // Each bar touches its stop, and turns; one far above that takes no step is never reached.
  sarExtended: ([startValue = 0], bars) => {
    if (startValue !== 0) return [startValue];
    return [bars % 2 === 0 ? -FLAT_PRICE : FLAT_PRICE];
  },
};
