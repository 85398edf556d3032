import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const AVERAGE = 1; // Unlike the value a number from the start: the last value seen before it.
const SUM = 2; // Of the moves from bar to bar, whichever way.
const COUNT = SUM + RUNNING_SUM_WIDTH; // Bars so far; stays at `period` + 1.
const PLACE = COUNT + 1;
const RING = PLACE + 1; // The last `period` + 1 values, the next place holding the oldest.

const FASTEST = 2 / (2 + 1);
const SLOWEST = 2 / (30 + 1);

/**
 * Kaufman's adaptive moving average (TA-Lib `KAMA`): seeded with the value before its first bar.
 * A window that only rose, or stood still, counts as wholly efficient.
 */
export const kama: IndicatorDeclaration = {
  name: 'kama',
  title: "Kaufman's adaptive moving average",
  family: 'overlap',
  tells: 'An average that follows a trend closely and hardly moves where there is only noise.',
  formula:
    'kama += s^2 * (x - kama), s = 2/31 + e * (2/3 - 2/31), e = |x - x[period]| / sum of the ' +
    'moves between; 1 where those are under 1e-14.',
  source: 'TA-Lib KAMA; Perry Kaufman, 1995',
  parameters: [periodParameter(30, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'kama', units: 'series', talib: 'outReal' }],
  talib: 'KAMA',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  const ringWidth = period + 1;
  const width = RING + ringWidth;

  return {
    width,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const place = (state[at + PLACE] ?? NaN) | 0;
      const ring = at + RING;
      const next = place + 1 === ringWidth ? 0 : place + 1;
      const previous = state[ring + (place === 0 ? period : place - 1)] ?? NaN;
      const gone = state[ring + place] ?? NaN;
      const oldest = state[ring + next] ?? NaN;
      state[ring + place] = close;
      state[at + PLACE] = next;
      if (count <= period) state[at + COUNT] = count + 1;
      if (count > 0) {
        const left = count > period ? Math.abs(oldest - gone) : 0;
        slideSum(state, at + SUM, Math.abs(close - previous), left);
      }
      if (count < period) {
        state[at + AVERAGE] = close;
        return;
      }
      const speed = speedOf(close - oldest, runningSum(state, at + SUM));
      const average = state[at + AVERAGE] ?? NaN;
      const value = (close - average) * (speed * speed) + average;
      state[at + AVERAGE] = value;
      state[at + VALUE] = value;
    },
  };
}

/** Between the slowest and the fastest, by how straight the way was. */
function speedOf(change: number, moves: number): number {
  const isStraight = moves <= change || Math.abs(moves) < ZERO_BELOW;
  const efficiency = isStraight ? 1 : Math.abs(change / moves);
  return efficiency * (FASTEST - SLOWEST) + SLOWEST;
}
