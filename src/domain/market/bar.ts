import { assert } from '../../core/assert.ts';
import { TRADE_HIGH_LOW, TRADE_OPEN_CLOSE, TRADE_SUSPICIOUS, TRADE_VOLUME } from './event-batch.ts';

/**
 * A bar that is still open, in eight doubles of somebody else's memory: `state[at .. at + 8)`.
 * Prices are ten-thousandths, NaN until a trade may set them; turnover is the sum of price times
 * size, so that turnover / volume is the volume-weighted price.
 */
export const OPEN_BAR_OPEN = 0;
export const OPEN_BAR_HIGH = 1;
export const OPEN_BAR_LOW = 2;
export const OPEN_BAR_CLOSE = 3;
export const OPEN_BAR_VOLUME = 4;
export const OPEN_BAR_TURNOVER = 5;
export const OPEN_BAR_TRADES = 6;
/** NaN until the first trade of any kind. */
export const OPEN_BAR_START_US = 7;
export const OPEN_BAR_WIDTH = 8;

export function resetBar(state: Float64Array, at: number): void {
  state.fill(Number.NaN, at, at + OPEN_BAR_VOLUME);
  state[at + OPEN_BAR_VOLUME] = 0;
  state[at + OPEN_BAR_TURNOVER] = 0;
  state[at + OPEN_BAR_TRADES] = 0;
  state[at + OPEN_BAR_START_US] = Number.NaN;
}

/**
 * Whether there is no bar to publish: no trade set an open, a high and a low, or none had volume.
 * (Alpaca: no bar where any of open, high, low, close and volume would be 0; venues.md 2.5.)
 */
export function isEmptyBar(state: Float64Array, at: number): boolean {
  const open = state[at + OPEN_BAR_OPEN] ?? Number.NaN;
  const high = state[at + OPEN_BAR_HIGH] ?? Number.NaN;
  return open !== open || high !== high || state[at + OPEN_BAR_VOLUME] === 0;
}

/**
 * Lets a trade do to the bar what its flags (conditions.ts) allow. The owner closes the old bar
 * before the first trade of the next one. Outside the core session give `extendedHoursFlags`.
 *
 * @param price ten-thousandths.
 * @param size shares.
 * @param flags TRADE_* of event-batch.ts; a suspicious trade does nothing.
 */
export function addTrade(
  state: Float64Array,
  at: number,
  price: number,
  size: number,
  flags: number,
  barStartUs: number,
): void {
  if ((flags & TRADE_SUSPICIOUS) !== 0) return;
  if ((flags & (TRADE_HIGH_LOW | TRADE_OPEN_CLOSE | TRADE_VOLUME)) === 0) return;
  const start = state[at + OPEN_BAR_START_US] ?? Number.NaN;
  assert(start === barStartUs || start !== start, 'a trade belongs to the open bar');
  state[at + OPEN_BAR_START_US] = barStartUs;
  if ((flags & TRADE_VOLUME) !== 0) {
    state[at + OPEN_BAR_VOLUME] = (state[at + OPEN_BAR_VOLUME] ?? 0) + size;
    state[at + OPEN_BAR_TURNOVER] = (state[at + OPEN_BAR_TURNOVER] ?? 0) + price * size;
    state[at + OPEN_BAR_TRADES] = (state[at + OPEN_BAR_TRADES] ?? 0) + 1;
  }
  if ((flags & TRADE_HIGH_LOW) !== 0) {
    // Written so that NaN, the state before the first price, loses every comparison.
    if (!(price <= (state[at + OPEN_BAR_HIGH] ?? 0))) state[at + OPEN_BAR_HIGH] = price;
    if (!(price >= (state[at + OPEN_BAR_LOW] ?? 0))) state[at + OPEN_BAR_LOW] = price;
  }
  if ((flags & TRADE_OPEN_CLOSE) !== 0) {
    const open = state[at + OPEN_BAR_OPEN] ?? Number.NaN;
    if (open !== open) state[at + OPEN_BAR_OPEN] = price;
    state[at + OPEN_BAR_CLOSE] = price;
  }
}
