import { assert } from '../../../core/assert.ts';
import { MINUTE } from '../../../core/time.ts';
import { CLOSE, SESSION, SINCE_OPEN_US, START_US, VOLUME } from '../../indicators/indicator.ts';
import type { MarketFact } from '../facts.ts';
import { BENCHMARKS, SECTORS } from '../source.ts';

/**
 * What sources of the whole market agree on: only the core session is compared, because before the
 * open and after the close most symbols do not trade.
 */
const DAY = 0;
const CLOSE_US = 1;
/** Doubles of state for the core session. */
export const CORE_WIDTH = 2;

/** A day whose session nobody told closes after six and a half hours. */
const USUAL_LENGTH_US = 390 * MINUTE;

export function resetCore(state: Float64Array, at: number): void {
  state.fill(NaN, at, at + CORE_WIDTH);
}

export function hearCore(state: Float64Array, at: number, fact: MarketFact): void {
  if (fact.kind !== 'session') return;
  state[at + DAY] = fact.day;
  state[at + CLOSE_US] = fact.closeUs;
}

/** Whether the bar began in the core session; where no session is known, every bar did. */
export function isCoreBar(state: Float64Array, at: number, bar: Float64Array): boolean {
  const sinceUs = bar[SINCE_OPEN_US] ?? NaN;
  if (sinceUs < 0) return false;
  const isTold = state[at + DAY] === bar[SESSION];
  if (isTold) return (bar[START_US] ?? NaN) < (state[at + CLOSE_US] ?? NaN);
  return !(sinceUs >= USUAL_LENGTH_US);
}

/** Prices above zero, volume not below it, and everything that is read a number. */
export function isSoundBar(bar: Float64Array): boolean {
  for (let place = 0; place <= CLOSE; place += 1) {
    const price = bar[place] ?? NaN;
    if (!(price > 0 && price < Infinity)) return false;
  }
  const volume = bar[VOLUME] ?? NaN;
  const times = (bar[SESSION] ?? NaN) + (bar[START_US] ?? NaN);
  return volume >= 0 && volume < Infinity && times - times === 0;
}

/** Where a fund stands in BENCHMARKS. */
export function benchmarkPlace(fund: string): number {
  const place = BENCHMARKS.findIndex((one) => one.fund === fund);
  assert(place >= 0, `${fund} is a benchmark`);
  return place;
}

/** Of each sector's fund, in the order of SECTORS. */
export const SECTOR_PLACES: readonly number[] = SECTORS.map(({ fund }) => benchmarkPlace(fund));
