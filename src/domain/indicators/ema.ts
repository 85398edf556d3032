import type { ConfiguredIndicator } from './configured-indicator.ts';
import { CLOSE } from './indicator.ts';
import { assertPeriod } from './period.ts';

const VALUE = 0;
const SEED = 1;
const COUNT = 2; // Bars so far; stays at `period`.

/**
 * Exponential moving average of closes (TA-Lib `EMA`): seeded with the simple average of the first
 * `period` closes, then moved by 2 / (period + 1) of the distance.
 */
export function ema(period: number): ConfiguredIndicator {
  assertPeriod(period, 1);
  const alpha = 2 / (period + 1);

  return {
    name: 'ema',
    parameters: [period],
    outputs: ['ema'],
    width: 3,
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + SEED] = 0;
      state[at + COUNT] = 0;
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count === period) {
        const value = state[at + VALUE] ?? NaN;
        state[at + VALUE] = (close - value) * alpha + value;
        return;
      }
      const seed = (state[at + SEED] ?? NaN) + close;
      state[at + SEED] = seed;
      state[at + COUNT] = count + 1;
      if (count + 1 === period) state[at + VALUE] = seed / period;
    },
  };
}
