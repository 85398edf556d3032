import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from '../bar.ts';
import { extendedHoursFlags } from '../conditions.ts';
import {
  type EventBatch,
  TRADE_HIGH_LOW,
  TRADE_OPEN_CLOSE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../event-batch.ts';
import {
  BAR_CLOSE_AT_US,
  BAR_END_US,
  BAR_ESTIMATED,
  BAR_MARKS,
  BAR_OPEN_AT_US,
  resetRecord,
} from './bar-record.ts';

/**
 * A trade of a batch as a part of a bar, with what its flags let it do (conditions.ts). False where
 * they let it do nothing.
 */
export function readTrade(
  part: Float64Array,
  batch: EventBatch,
  event: number,
  isExtended: boolean,
): boolean {
  const flags = batch.flags[event] ?? 0;
  const allowed = isExtended ? extendedHoursFlags(flags) : flags;
  writeTrade(part, batch.a, batch.b, batch.venueUs, event, allowed);
  return (allowed & (TRADE_HIGH_LOW | TRADE_OPEN_CLOSE | TRADE_VOLUME)) !== 0;
}

/**
 * Both sides of a correction. What the flags of the old trade were the event does not tell: they
 * are read as regular, which at worst doubts a bar that is right.
 */
export function readCorrection(
  old: Float64Array,
  now: Float64Array,
  batch: EventBatch,
  event: number,
  isExtended: boolean,
): void {
  const flags = batch.flags[event] ?? 0;
  const isBust = batch.d[event] === 0;
  const allowed = isExtended ? extendedHoursFlags(flags) : flags;
  writeTrade(old, batch.a, batch.b, batch.f, event, TRADE_REGULAR);
  writeTrade(now, batch.c, batch.d, batch.f, event, isBust ? 0 : allowed);
}

/**
 * A venue's own bar as a part, or as a bar that takes the place of one of ours. It tells neither
 * turnover nor trades: the first is estimated, the second left at none.
 */
export function readVenueBar(part: Float64Array, batch: EventBatch, event: number): void {
  const startUs = batch.venueUs[event] ?? NaN;
  const endUs = startUs + (batch.f[event] ?? NaN);
  const close = batch.d[event] ?? NaN;
  const volume = batch.e[event] ?? NaN;
  resetRecord(part, 0);
  part[OPEN_BAR_OPEN] = batch.a[event] ?? NaN;
  part[OPEN_BAR_HIGH] = batch.b[event] ?? NaN;
  part[OPEN_BAR_LOW] = batch.c[event] ?? NaN;
  part[OPEN_BAR_CLOSE] = close;
  part[OPEN_BAR_VOLUME] = volume;
  part[OPEN_BAR_TURNOVER] = close * volume;
  part[OPEN_BAR_START_US] = startUs;
  part[BAR_OPEN_AT_US] = startUs;
  // The last microsecond that is still in it: the next bar's open is never before it.
  part[BAR_CLOSE_AT_US] = endUs - 1;
  part[BAR_END_US] = endUs;
  part[BAR_MARKS] = BAR_ESTIMATED;
}

/** Whether a trade has a time, a price above zero and a size that is not negative. */
export function isSoundTrade(batch: EventBatch, event: number): boolean {
  const price = batch.a[event] ?? NaN;
  const size = batch.b[event] ?? NaN;
  const sound = price + size + (batch.venueUs[event] ?? NaN);
  return sound - sound === 0 && price > 0 && size >= 0;
}

/** Whether both sides of a correction are trades; of a bust the new one need not be. */
export function isSoundCorrection(batch: EventBatch, event: number): boolean {
  const price = batch.a[event] ?? NaN;
  const size = batch.b[event] ?? NaN;
  const newPrice = batch.c[event] ?? NaN;
  const newSize = batch.d[event] ?? NaN;
  const sound = price + size + newPrice + newSize + (batch.f[event] ?? NaN);
  if (sound - sound !== 0 || !(price > 0) || !(size >= 0)) return false;
  return newSize === 0 || (newSize > 0 && newPrice > 0);
}

/** Whether a venue's bar has a time, prices above zero in their order, and no negative volume. */
export function isSoundVenueBar(batch: EventBatch, event: number): boolean {
  const open = batch.a[event] ?? NaN;
  const high = batch.b[event] ?? NaN;
  const low = batch.c[event] ?? NaN;
  const close = batch.d[event] ?? NaN;
  const volume = batch.e[event] ?? NaN;
  const sound = open + high + low + close + volume + (batch.venueUs[event] ?? NaN);
  if (sound - sound !== 0 || !(low > 0) || !(volume >= 0)) return false;
  return open >= low && open <= high && close >= low && close <= high;
}

/** Columns, and not numbers: those would be boxed, and so would what is chosen between two. */
function writeTrade(
  part: Float64Array,
  prices: Float64Array,
  sizes: Float64Array,
  times: Float64Array,
  event: number,
  flags: number,
): void {
  const told = (flags & TRADE_SUSPICIOUS) !== 0 ? 0 : flags;
  part[OPEN_BAR_OPEN] = NaN;
  part[OPEN_BAR_HIGH] = NaN;
  part[OPEN_BAR_LOW] = NaN;
  part[OPEN_BAR_CLOSE] = NaN;
  part[OPEN_BAR_VOLUME] = 0;
  part[OPEN_BAR_TURNOVER] = 0;
  part[OPEN_BAR_TRADES] = 0;
  part[OPEN_BAR_START_US] = times[event] ?? NaN;
  part[BAR_OPEN_AT_US] = NaN;
  part[BAR_CLOSE_AT_US] = NaN;
  part[BAR_END_US] = times[event] ?? NaN;
  part[BAR_MARKS] = 0;
  if ((told & TRADE_VOLUME) !== 0) {
    part[OPEN_BAR_VOLUME] = sizes[event] ?? NaN;
    part[OPEN_BAR_TURNOVER] = (prices[event] ?? NaN) * (sizes[event] ?? NaN);
    part[OPEN_BAR_TRADES] = 1;
  }
  if ((told & TRADE_HIGH_LOW) !== 0) {
    part[OPEN_BAR_HIGH] = prices[event] ?? NaN;
    part[OPEN_BAR_LOW] = prices[event] ?? NaN;
  }
  if ((told & TRADE_OPEN_CLOSE) !== 0) {
    part[OPEN_BAR_OPEN] = prices[event] ?? NaN;
    part[OPEN_BAR_CLOSE] = prices[event] ?? NaN;
    part[BAR_OPEN_AT_US] = times[event] ?? NaN;
    part[BAR_CLOSE_AT_US] = times[event] ?? NaN;
  }
}
