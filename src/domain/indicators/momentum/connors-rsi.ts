import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { rsi } from './rsi.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.
const STREAK = 2; // Bars in a row that rose, or minus those that fell.
const PRICE = 3;

/**
 * Connors' RSI, 0 to 100. How many of the last changes were lower has no running form that would
 * be quicker for some hundred of them than a look at each.
 */
export const connorsRsi: IndicatorDeclaration = {
  name: 'connorsRsi',
  title: "Connors' RSI",
  family: 'momentum',
  tells: 'Whether a pullback is spent: below 10 is bought within a rising market, above 90 sold.',
  formula:
    '(rsi(x, period) + rsi(streak, streakPeriod) + rank) / 3; streak counts rises or falls in a ' +
    'row; rank = per cent of the last changes (x / x before - 1) that were lower than this one.',
  source: 'Larry Connors and Cesar Alvarez, An Introduction to ConnorsRSI, 2012',
  parameters: [
    periodParameter(3, 2),
    periodParameter(2, 2, 'streakPeriod'),
    periodParameter(100, 1, 'rankPeriod'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'connorsRsi', units: 'percent' }],
  build: ([period = NaN, streakPeriod = NaN, rankPeriod = NaN], places) =>
    build(
      rsi.build([period], places),
      rsi.build([streakPeriod], [0]),
      rankPeriod,
      places[0] ?? NaN,
    ),
};

function build(
  price: IndicatorBody,
  streaks: IndicatorBody,
  rankPeriod: number,
  place: number,
): IndicatorBody {
  const streakAt = PRICE + price.width;
  const ranks = streakAt + streaks.width;
  const scratch = new Float64Array(1);

  return {
    width: ranks + lagWidth(rankPeriod),
    warmupBars: Math.max(price.warmupBars, streaks.warmupBars, rankPeriod + 2),

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
      state[at + STREAK] = 0;
      price.reset(state, at + PRICE);
      streaks.reset(state, at + streakAt);
      resetLag(state, at + ranks, rankPeriod);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      const previous = state[at + PREVIOUS] ?? NaN;
      const streak = nextStreak(state[at + STREAK] ?? NaN, now, previous);
      state[at + PREVIOUS] = now;
      state[at + STREAK] = streak;
      scratch[0] = streak;
      price.update(state, at + PRICE, bar);
      streaks.update(state, at + streakAt, scratch);
      if (previous !== previous) return;
      const change = previous === 0 ? 0 : (now - previous) / previous;
      const rank = rankOf(state, at + ranks, rankPeriod, change);
      state[at + VALUE] = ((state[at + PRICE] ?? NaN) + (state[at + streakAt] ?? NaN) + rank) / 3;
    },
  };
}

function nextStreak(streak: number, now: number, previous: number): number {
  if (now > previous) return streak > 0 ? streak + 1 : 1;
  if (now < previous) return streak < 0 ? streak - 1 : -1;
  return 0;
}

/** Per cent of the last changes that were lower than this one; NaN until there are so many. */
function rankOf(state: Float64Array, at: number, period: number, change: number): number {
  const end = at + lagWidth(period);
  let lower = 0;
  // Counted without a branch: which are lower cannot be foretold.
  for (let slot = end - period; slot < end; slot += 1) {
    lower += Number((state[slot] ?? NaN) < change);
  }
  const oldest = lagged(state, at, period, change);
  return oldest === oldest ? (100 * lower) / period : NaN;
}
