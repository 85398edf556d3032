import type { IndicatorBody } from '../declaration.ts';
import {
  DIRECTIONAL_WIDTH,
  minusIndex,
  moveDirectionally,
  plusIndex,
} from '../directional-movement.ts';

const VALUE = 0;
const MOVEMENT = 1;
const WIDTH = MOVEMENT + DIRECTIONAL_WIDTH;

/** One side's share of the true range: +DI or -DI. */
export function directionalIndicatorBody(period: number, isPlus: boolean): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const sums = at + MOVEMENT;
      if (moveDirectionally(state, sums, period, bar) < period) return;
      state[at + VALUE] = isPlus ? plusIndex(state, sums) : minusIndex(state, sums);
    },
  };
}
