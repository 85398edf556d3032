import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { trueRange as rangeOf } from '../true-range.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.

/** How far a bar reached, the gap before it included (TA-Lib `TRANGE`). */
export const trueRange: IndicatorDeclaration = {
  name: 'trueRange',
  title: 'True range',
  family: 'volatility',
  tells: 'How far this bar reached, the gap before it included.',
  formula: 'max(high - low, |high - previous close|, |low - previous close|)',
  source: 'TA-Lib TRANGE; J. Welles Wilder, 1978',
  parameters: [],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'range', units: 'price', talib: 'outReal' }],
  talib: 'TRANGE',
  build,
};

function build(): IndicatorBody {
  return {
    width: 2,
    warmupBars: 2,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;

      state[at + VALUE] = rangeOf(high, low, state[at + PREVIOUS] ?? NaN);
      state[at + PREVIOUS] = close;
    },
  };
}
