import type { IndicatorBody } from '../declaration.ts';
import { movement } from '../directional-movement.ts';
import { HIGH, LOW } from '../indicator.ts';

const VALUE = 0;
const SUM = 1;
const PREVIOUS_HIGH = 2;
const PREVIOUS_LOW = 3;
const COUNT = 4; // Bars so far; stays at `period` + 1.
const WIDTH = 5;

/** Wilder's sum of the movement to one side: what directional-movement.ts sums, without ranges. */
export function movementBody(period: number, isUpward: boolean): IndicatorBody {
  const first = Math.max(period - 1, 1);
  return {
    width: WIDTH,
    warmupBars: first + 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const up = high - (state[at + PREVIOUS_HIGH] ?? NaN);
      const down = (state[at + PREVIOUS_LOW] ?? NaN) - low;
      state[at + PREVIOUS_HIGH] = high;
      state[at + PREVIOUS_LOW] = low;
      if (count <= period) state[at + COUNT] = count + 1;
      if (count === 0) return;

      const before = state[at + SUM] ?? NaN;
      const kept = count < period ? before : before - before / period;
      const sum = kept + (isUpward ? movement(up, down) : movement(down, up));
      state[at + SUM] = sum;
      if (count >= first) state[at + VALUE] = sum;
    },
  };
}
