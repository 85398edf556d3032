import type { IndicatorBody } from '../declaration.ts';

const VALUE = 0;
const FAST = 1;

/** Two averages of the same values, by any measure of their distance. */
export function averageGapBody(
  fast: IndicatorBody,
  slow: IndicatorBody,
  gap: (fast: number, slow: number) => number,
): IndicatorBody {
  const slowAt = FAST + fast.width;
  return {
    width: slowAt + slow.width,
    warmupBars: Math.max(fast.warmupBars, slow.warmupBars),

    reset(state, at) {
      state[at + VALUE] = NaN;
      fast.reset(state, at + FAST);
      slow.reset(state, at + slowAt);
    },

    update(state, at, bar) {
      fast.update(state, at + FAST, bar);
      slow.update(state, at + slowAt, bar);
      state[at + VALUE] = gap(state[at + FAST] ?? NaN, state[at + slowAt] ?? NaN);
    },
  };
}
