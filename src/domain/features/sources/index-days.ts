import { DAY } from '../../../core/time.ts';
import { newYorkDayNumber } from '../../market/calendar.ts';
import type { MarketFact } from '../facts.ts';

/**
 * The volatility index as it was told, and where it stands among the last year's days: VIX is what
 * the S&P 500's options expect of the next 30 days, VIX3M of the next 93, in per cent a year.
 */
const DAYS = 252;
/** Four days lie between a Thursday's close and a Tuesday's open. Older is not known any more. */
const AGE_US_MAX = 5 * DAY;

const VALUE = 0;
const VALUE_US = 1;
const LONG = 2; // Of three months.
const LONG_US = 3;
const COUNT = 4; // Days in the ring so far, at most DAYS.
const PLACE = 5;
const REFUSED = 6; // Values that no index can have, and those from before the last.
const RING = 7;
export const INDEX_WIDTH = RING + DAYS;

export function resetIndex(state: Float64Array, at: number): void {
  state.fill(NaN, at, at + INDEX_WIDTH);
  state[at + COUNT] = 0;
  state[at + PLACE] = 0;
  state[at + REFUSED] = 0;
}

/** Other indexes are nothing to it. */
export function hearIndex(state: Float64Array, at: number, fact: MarketFact): void {
  if (fact.kind !== 'index') return;
  const isLong = fact.index === 'VIX3M';
  if (!isLong && fact.index !== 'VIX') return;
  const { value, nowUs } = fact;
  const lastUs = state[at + (isLong ? LONG_US : VALUE_US)] ?? NaN;
  if (!(value > 0 && value < Infinity) || nowUs < lastUs) {
    state[at + REFUSED] = (state[at + REFUSED] ?? NaN) + 1;
    return;
  }
  if (!isLong && newYorkDayNumber(nowUs) > newYorkDayNumber(lastUs)) endDay(state, at);
  state[at + (isLong ? LONG : VALUE)] = value;
  state[at + (isLong ? LONG_US : VALUE_US)] = nowUs;
}

/** The last value of a day is the day's. */
function endDay(state: Float64Array, at: number): void {
  const place = state[at + PLACE] ?? NaN;
  state[at + RING + place] = state[at + VALUE] ?? NaN;
  state[at + PLACE] = place + 1 === DAYS ? 0 : place + 1;
  state[at + COUNT] = Math.min(DAYS, (state[at + COUNT] ?? NaN) + 1);
}

export function vixAt(state: Float64Array, at: number, nowUs: number): number {
  return nowUs - (state[at + VALUE_US] ?? NaN) <= AGE_US_MAX ? (state[at + VALUE] ?? NaN) : NaN;
}

export function longVixAt(state: Float64Array, at: number, nowUs: number): number {
  return nowUs - (state[at + LONG_US] ?? NaN) <= AGE_US_MAX ? (state[at + LONG] ?? NaN) : NaN;
}

/** Share of the last 252 days that ended below it; NaN until there were so many. */
export function vixRank(state: Float64Array, at: number, nowUs: number): number {
  const value = vixAt(state, at, nowUs);
  if (value !== value || (state[at + COUNT] ?? NaN) < DAYS) return NaN;
  let below = 0;
  for (let day = at + RING; day < at + RING + DAYS; day += 1) {
    if ((state[day] ?? NaN) < value) below += 1;
  }
  return below / DAYS;
}

export function refusedIndexes(state: Float64Array, at: number): number {
  return state[at + REFUSED] ?? NaN;
}
