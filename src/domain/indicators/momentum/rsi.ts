import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const GAIN = 1; // A sum of the first changes, then Wilder's average.
const LOSS = 2;
const PREVIOUS = 3;
const COUNT = 4; // Bars so far; stays at `period` + 1.

/**
 * Relative strength index, 0 to 100 (TA-Lib `RSI`, classic, no unstable period): Wilder's averages,
 * seeded with the plain average of the first `period` changes. A flat market answers 0.
 */
export const rsi: IndicatorDeclaration = {
  name: 'rsi',
  title: 'Relative strength index',
  family: 'momentum',
  tells: 'Who has been stronger, buyers (above 70: overbought) or sellers (below 30: oversold).',
  formula:
    "100 * gain / (gain + loss), each Wilder's average of period changes, seeded with the " +
    'plain average of the first period; a flat market is 0.',
  source: 'TA-Lib RSI; J. Welles Wilder, New Concepts in Technical Trading Systems, 1978',
  parameters: [periodParameter(14, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rsi', units: 'percent', talib: 'outReal' }],
  talib: 'RSI',
  build: ([period = NaN], [closeAt = NaN]) => build(period, closeAt),
};

function build(period: number, closeAt: number): IndicatorBody {
  return {
    width: 5,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + 5);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const change = close - (state[at + PREVIOUS] ?? NaN);
      state[at + PREVIOUS] = close;
      if (count <= period) state[at + COUNT] = count + 1;
      if (count === 0) return;

      // Until the seed is complete these are sums; the bar that completes it divides them.
      const keep = count > period ? period - 1 : 1;
      const share = count < period ? 1 : period;
      const gain = ((state[at + GAIN] ?? NaN) * keep + (change > 0 ? change : 0)) / share;
      const loss = ((state[at + LOSS] ?? NaN) * keep + (change < 0 ? -change : 0)) / share;
      state[at + GAIN] = gain;
      state[at + LOSS] = loss;
      if (count < period) return;
      const total = gain + loss;
      state[at + VALUE] = total < ZERO_BELOW ? 0 : 100 * (gain / total);
    },
  };
}
