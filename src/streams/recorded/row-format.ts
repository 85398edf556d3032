import { PRICE_MAX } from '../../core/money.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { Column } from './row-fields.ts';

/** A million times what a busy symbol trades in a second: more is a broken row. */
export const SIZE_MAX = 1_000_000_000;

/** What the rows of one kind of file mean. */
export interface RowFormat {
  readonly columns: readonly Column[];
  readonly hasHeader: boolean;
  /** Rows come once for each moment: bars do, ticks do not. */
  readonly isOncePerMoment: boolean;
  /** When the row could first be known, microseconds UTC. */
  receiveUs(fields: Float64Array): number;
  /** When what it tells of began: what the date of the row is taken from. */
  startUs(fields: Float64Array): number;
  /** The place of the first column whose value cannot be; -1 where all can. */
  check(fields: Float64Array): number;
  /** Adds the row's event. */
  write(batch: EventBatch, symbol: number, fields: Float64Array): void;
}

export function isPrice(value: number | undefined): boolean {
  return value !== undefined && value > 0 && value <= PRICE_MAX;
}

/** Zero is a size too: official prices come without volume. */
export function isSize(value: number | undefined): boolean {
  return value !== undefined && value >= 0 && value <= SIZE_MAX;
}

/**
 * The first of open, high, low, close and volume, in that order from `at`, which cannot be: no
 * price, a high below another price, a low above one, an absurd volume. -1 where all can be.
 */
export function checkBar(fields: Float64Array, at: number, volumeMax: number): number {
  for (let place = at; place < at + 4; place += 1) if (!isPrice(fields[place])) return place;
  const [open, high, low] = [fields[at] ?? 0, fields[at + 1] ?? 0, fields[at + 2] ?? 0];
  const close = fields[at + 3] ?? 0;
  if (high < open || high < close || high < low) return at + 1;
  if (low > open || low > close) return at + 2;
  const volume = fields[at + 4] ?? -1;
  return volume >= 0 && volume <= volumeMax ? -1 : at + 4;
}
