import type { ConfiguredIndicator } from './declaration.ts';
import type { Indicator } from './indicator.ts';

/** An indicator whose last bar may still change. */
export interface ReplaceableIndicator extends Indicator {
  /**
   * Puts `bar` in the place of the last one: bit by bit what it would be had this bar come first.
   * Before any bar it is an update.
   */
  replace(state: Float64Array, at: number, bar: Float64Array): void;
}

/**
 * Lets a bar that is still forming be shown: the slots as they were before it stand behind the
 * present ones, so each look at it starts there. Costs a copy of the slots for each bar, and
 * nothing where nobody looks.
 */
export function replaceable(indicator: ConfiguredIndicator): ReplaceableIndicator {
  const { width, places } = indicator;
  return {
    name: indicator.name,
    outputs: indicator.outputs,
    width: 2 * width,
    warmupBars: indicator.warmupBars,

    reset(state, at) {
      indicator.reset(state, at);
      indicator.reset(state, at + width);
    },

    update(state, at, bar) {
      // A refused bar must not become the one that is replaced.
      if (!isSound(bar, places)) return;
      state.copyWithin(at + width, at, at + width);
      indicator.update(state, at, bar);
    },

    replace(state, at, bar) {
      if (!isSound(bar, places)) return;
      state.copyWithin(at, at + width, at + 2 * width);
      indicator.update(state, at, bar);
    },
  };
}

/** Whether every value that is read is a number. */
function isSound(bar: Float64Array, places: readonly number[]): boolean {
  for (const place of places) {
    const value = bar[place] ?? NaN;
    if (value - value !== 0) return false;
  }
  return true;
}
