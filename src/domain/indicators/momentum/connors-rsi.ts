import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { rsi } from './rsi.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.
const STREAK = 2; // Bars in a row that rose, or minus those that fell.
const PLACE = 3;
const PRICE = 4;

/**
 * Connors' RSI, 0 to 100. How many of the last changes were lower has no running form without a
 * sorted window: each bar goes through them once.
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
  const ring = streakAt + streaks.width;
  const width = ring + rankPeriod;
  const scratch = new Float64Array(1);

  return {
    width,
    warmupBars: Math.max(price.warmupBars, streaks.warmupBars, rankPeriod + 2),

    reset(state, at) {
      state.fill(NaN, at, at + width);
      state[at + STREAK] = 0;
      state[at + PLACE] = 0;
      price.reset(state, at + PRICE);
      streaks.reset(state, at + streakAt);
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
      const rank = takeRank(state, at, ring, rankPeriod, change);
      state[at + VALUE] = ((state[at + PRICE] ?? NaN) + (state[at + streakAt] ?? NaN) + rank) / 3;
    },
  };
}

function nextStreak(streak: number, now: number, previous: number): number {
  if (now > previous) return streak > 0 ? streak + 1 : 1;
  if (now < previous) return streak < 0 ? streak - 1 : -1;
  return 0;
}

/** Per cent of the changes in the ring that are lower than this one, which takes its place there. */
function takeRank(
  state: Float64Array,
  at: number,
  ring: number,
  period: number,
  change: number,
): number {
  const place = (state[at + PLACE] ?? NaN) | 0;
  const from = at + ring;
  // The ring fills in order, so the place to be taken is the last that is still empty.
  const isFull = state[from + place] === state[from + place];
  let lower = 0;
  for (let index = from; index < from + period; index += 1) {
    if ((state[index] ?? NaN) < change) lower += 1;
  }
  state[from + place] = change;
  state[at + PLACE] = place + 1 === period ? 0 : place + 1;
  return isFull ? (100 * lower) / period : NaN;
}
