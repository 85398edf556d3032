import type { ConfiguredIndicator } from './configured-indicator.ts';
import { CLOSE } from './indicator.ts';
import { assertPeriod } from './period.ts';

const VALUE = 0;
const SUM = 1;
const COUNT = 2; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 3;

/** Simple moving average of closes (TA-Lib `SMA`). */
export function sma(period: number): ConfiguredIndicator {
  assertPeriod(period, 1);
  const width = RING + period;

  return {
    name: 'sma',
    parameters: [period],
    outputs: ['sma'],
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const place = count < period ? count : count - period;
      const ring = at + RING;
      let sum = (state[at + SUM] ?? NaN) + close - (state[ring + place] ?? NaN);
      state[ring + place] = close;
      if (place + 1 === period) {
        // Once a lap the sum is taken afresh, so what rounding left behind cannot add up.
        sum = 0;
        for (let index = ring; index < ring + period; index += 1) sum += state[index] ?? NaN;
      }
      state[at + SUM] = sum;
      state[at + COUNT] = place + 1 === period ? period : count + 1;
      if (count + 1 >= period) state[at + VALUE] = sum / period;
    },
  };
}
