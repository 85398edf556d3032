import type { ConfiguredIndicator } from './configured-indicator.ts';
import { CLOSE, HIGH, LOW } from './indicator.ts';
import { assertPeriod } from './period.ts';

const VALUE = 0;
const SUM = 1;
const PREVIOUS = 2;
const COUNT = 3; // Bars so far; stays at `period` + 1.

/**
 * Average true range (TA-Lib `ATR`): seeded with the plain average of the first `period` true
 * ranges, the first of which is the second bar's, then Wilder's average.
 */
export function atr(period: number): ConfiguredIndicator {
  assertPeriod(period, 1);

  return {
    name: 'atr',
    parameters: [period],
    outputs: ['atr'],
    width: 4,
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + SUM] = 0;
      state[at + PREVIOUS] = 0;
      state[at + COUNT] = 0;
    },

    update(state, at, bar) {
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

      const range = Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
      if (count > period) {
        state[at + VALUE] = ((state[at + VALUE] ?? NaN) * (period - 1) + range) / period;
        return;
      }
      const sum = (state[at + SUM] ?? NaN) + range;
      state[at + SUM] = sum;
      if (count === period) state[at + VALUE] = sum / period;
    },
  };
}
