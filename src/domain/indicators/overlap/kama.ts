import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const AVERAGE = 1; // Unlike the value a number from the start: the last value seen before it.
const SUM = 2; // Of the moves from bar to bar, whichever way.
const LAST = SUM + RUNNING_SUM_WIDTH; // NaN before the first bar.
const OLDEST = LAST + 1; // What was `period` bars before that one; NaN until there is one.
const PAST = OLDEST + 1;

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
  parameters: [talibPeriod(30, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'kama', units: 'series', talib: 'outReal' }],
  talib: 'KAMA',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  return {
    width: PAST + lagWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + LAST);
      state.fill(NaN, at + LAST, at + PAST);
      state[at + VALUE] = NaN;
      resetLag(state, at + PAST, period);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const previous = state[at + LAST] ?? NaN;
      const gone = state[at + OLDEST] ?? NaN;
      const oldest = lagged(state, at + PAST, period, close);
      state[at + LAST] = close;
      state[at + OLDEST] = oldest;
      if (previous === previous) {
        const left = gone === gone ? Math.abs(oldest - gone) : 0;
        slideSum(state, at + SUM, Math.abs(close - previous), left);
      }
      if (oldest !== oldest) {
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
