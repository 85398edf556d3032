import type { IndicatorBody } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';

const VALUE = 0;
const LAG = 1;

/** What has become of the value `period` bars ago, by any measure of the two. */
export function changeBody(
  period: number,
  place: number,
  change: (now: number, before: number) => number,
): IndicatorBody {
  return {
    width: LAG + lagWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetLag(state, at + LAG, period);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      state[at + VALUE] = change(now, lagged(state, at + LAG, period, now));
    },
  };
}
