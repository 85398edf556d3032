import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { isRounding } from './rounding.ts';

const VALUE = 0;
const PLACE = 1;
const RING = 2;

/**
 * Commodity channel index. A mean absolute deviation from a moving mean has no running form, so
 * each bar goes through the window: costs grow with the period.
 *
 * Everything is measured from the newest price, so that a flat window has no deviation at all
 * (TA-Lib up to 0.6 answered what rounding left there), and a jump within it takes no digits.
 */
export const cci: IndicatorDeclaration = {
  name: 'cci',
  title: 'Commodity channel index',
  family: 'momentum',
  tells: 'How unusual the price is: beyond 100 or -100 it is further off than it mostly is.',
  formula:
    '(typical - sma(typical)) / (0.015 * mean absolute deviation from it); typical = (high + ' +
    'low + close) / 3; a deviation within rounding is none, and then it is 0. Not per cent: ' +
    'Lambert chose 0.015 so that most values lie within -100 to 100.',
  source: 'TA-Lib CCI; Donald Lambert, 1980',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'cci', units: 'number', talib: 'outReal' }],
  talib: 'CCI',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: RING + period,
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PLACE] = 0;
      state.fill(NaN, at + RING, at + RING + period);
    },

    update(state, at, bar) {
      const typical = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
      if (typical - typical !== 0) return;
      const place = (state[at + PLACE] ?? NaN) | 0;
      const ring = at + RING;
      state[ring + place] = typical;
      state[at + PLACE] = place + 1 === period ? 0 : place + 1;

      let sum = 0;
      for (let index = ring; index < ring + period; index += 1) {
        sum += (state[index] ?? NaN) - typical;
      }
      // The mean lies so far above the newest price. NaN until the ring is full.
      const above = sum / period;
      let deviations = 0;
      for (let index = ring; index < ring + period; index += 1) {
        deviations += Math.abs((state[index] ?? NaN) - typical - above);
      }
      const deviation = deviations / period;
      state[at + VALUE] = isRounding(deviation, typical) ? 0 : -above / (0.015 * deviation);
    },
  };
}
