import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';

const VALUE = 0;
const SUM = 1;
const PREVIOUS = 2;
const COUNT = 3; // Bars so far; stays at `period` + 1.

/**
 * Average true range (TA-Lib `ATR`): seeded with the plain average of the first `period` true
 * ranges, the first of which is the second bar's, then Wilder's average.
 */
export const atr: IndicatorDeclaration = {
  name: 'atr',
  title: 'Average true range',
  family: 'volatility',
  tells: 'How far a bar usually moves, gaps included: the yardstick for stops and sizes.',
  formula:
    "Wilder's average of the true range, seeded with the plain average of the first period " +
    "of them; the first is the second bar's.",
  source: 'TA-Lib ATR; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'atr', units: 'price', talib: 'outReal' }],
  talib: 'ATR',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: 4,
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + SUM] = 0;
      state[at + PREVIOUS] = 0;
      state[at + COUNT] = 0;
    },

    update(state, at, bar) {
      step(state, at, bar, period);
    },
  };
}

function step(state: Float64Array, at: number, bar: Float64Array, period: number): void {
  const high = bar[HIGH] ?? NaN;
  const low = bar[LOW] ?? NaN;
  const close = bar[CLOSE] ?? NaN;
  const sound = high + low + close;
  if (sound - sound !== 0) return;

  const count = (state[at + COUNT] ?? NaN) | 0;
  const previous = state[at + PREVIOUS] ?? NaN;
  state[at + PREVIOUS] = close;
  if (count <= period) state[at + COUNT] = count + 1;
  if (count === 0) return;

  // The true range, written out: a number that a function answers may be boxed.
  const range = Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
  if (count > period) {
    state[at + VALUE] = ((state[at + VALUE] ?? NaN) * (period - 1) + range) / period;
    return;
  }
  const sum = (state[at + SUM] ?? NaN) + range;
  state[at + SUM] = sum;
  if (count === period) state[at + VALUE] = sum / period;
}
