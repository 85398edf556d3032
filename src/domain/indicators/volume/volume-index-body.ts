import type { IndicatorBody } from '../declaration.ts';
import { CLOSE, VOLUME } from '../indicator.ts';

const VALUE = 0;
const PREVIOUS_CLOSE = 1;
const PREVIOUS_VOLUME = 2; // NaN before the first bar.

const FIRST = 1_000;

/**
 * An index that follows the price on bars whose volume is above (`side` 1) or below (-1) that of
 * the one before, and stands still on all others.
 */
export function volumeIndexBody(side: 1 | -1): IndicatorBody {
  return {
    width: 3,
    warmupBars: 1,

    reset(state, at) {
      state.fill(NaN, at, at + 3);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0 || close <= 0) return;

      const before = state[at + PREVIOUS_VOLUME] ?? NaN;
      const previous = state[at + PREVIOUS_CLOSE] ?? NaN;
      state[at + PREVIOUS_CLOSE] = close;
      state[at + PREVIOUS_VOLUME] = volume;
      if (before !== before) {
        state[at + VALUE] = FIRST;
      } else if (side * volume > side * before) {
        state[at + VALUE] = (state[at + VALUE] ?? NaN) * (close / previous);
      }
    },
  };
}
