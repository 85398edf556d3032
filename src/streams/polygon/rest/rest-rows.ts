import { isRecord } from '../../../core/json.ts';
import { MS } from '../../../core/time.ts';
import type { FaultList } from '../../../domain/market/data-fault.ts';
import type { HistoryBar, HistoryTrade } from '../../market/market-history.ts';
import { ticksOf } from '../../wire/event-values.ts';
import { PolygonError } from './polygon-error.ts';

/**
 * A whole answer's rows: an unknown ticker has none, and then not even the key (venues.md 6.2).
 * Throws a `PolygonError` where there is something else in their place: nothing would pass for all.
 */
export function rowsOf(body: unknown, key: 'results' | 'tickers' = 'results'): readonly unknown[] {
  const rows = isRecord(body) ? body[key] : undefined;
  if (Array.isArray(rows)) return rows;
  if (!rows) return [];
  throw new PolygonError('POLYGON_FAILED', `Polygon's REST: its ${key} are no list`);
}

/** Rows that are what they should be; the others are counted and the first of them named. */
export function readRows<Row>(
  rows: readonly unknown[],
  what: string,
  read: (row: unknown) => Row | undefined,
  faults: FaultList,
): Row[] {
  return rows.flatMap((row, index) => {
    const made = read(row);
    if (made !== undefined) return [made];
    const detail = `not one of the ${what}: ${JSON.stringify(row).slice(0, 200)}`;
    faults.add({ file: 'polygon', line: index + 1, field: what, detail });
    return [];
  });
}

/** A bar whose `t` is its start in milliseconds. */
export function readBar(row: unknown): HistoryBar | undefined {
  const startUs = usOf(valueOf(row, 't'));
  const [open, high] = [numberOf(row, 'o'), numberOf(row, 'h')];
  const [low, close, volume] = [numberOf(row, 'l'), numberOf(row, 'c'), numberOf(row, 'v')];
  const isWhole = ticksOf(low) > 0 && low <= open && low <= close && open <= high && close <= high;
  if (startUs === undefined || !isWhole || !(volume >= 0)) return undefined;
  return { startUs, open, high, low, close, volume };
}

/**
 * What became of a trade since (CTA's and UTP's trade correction indicators): 1 was corrected, and
 * told again as 12; 7 and 8 were taken back; 10 and 11 say so and are no trades.
 */
const GONE: ReadonlySet<unknown> = new Set([1, 7, 8, 10, 11]);

export function isGone(row: unknown): boolean {
  return GONE.has(valueOf(row, 'correction'));
}

/** Exchange, tape and conditions are left as Polygon numbers them, as on its stream. */
export function readTrade(row: unknown): HistoryTrade | undefined {
  const us = usOf(valueOf(row, 'sip_timestamp'));
  const id = valueOf(row, 'id');
  const [price, size] = [numberOf(row, 'price'), numberOf(row, 'size')];
  if (us === undefined || typeof id !== 'string' || !(price > 0) || !(size >= 0)) return undefined;
  const listed = valueOf(row, 'conditions');
  const conditions = (Array.isArray(listed) ? listed : []).map(String);
  const [exchange, tape] = [codeOf(row, 'exchange'), codeOf(row, 'tape')];
  const facility = codeOf(row, 'trf_id');
  const trade = { us, price, size, id, exchange, tape, conditions };
  return facility === '' ? trade : { ...trade, facility };
}

/**
 * Microseconds of a time, which Polygon tells in milliseconds, microseconds or nanoseconds; by its
 * digits, as nanoseconds came as text: they do not fit a double. Undefined for what is no time.
 */
export function usOf(value: unknown): number | undefined {
  const digits = String(value);
  if (!/^\d{12,19}$/.test(digits)) return undefined;
  if (digits.length <= MS_DIGITS) return Number(digits) * MS;
  return Number(digits.slice(0, US_DIGITS));
}

/** Until the year 2286. */
const MS_DIGITS = 13;
const US_DIGITS = 16;

export function valueOf(row: unknown, name: string): unknown {
  return isRecord(row) && Object.hasOwn(row, name) ? row[name] : undefined;
}

/** NaN where there is none. */
export function numberOf(row: unknown, name: string): number {
  const value = valueOf(row, name);
  return typeof value === 'number' ? value : Number.NaN;
}

function codeOf(row: unknown, name: string): string {
  const value = valueOf(row, name);
  return typeof value === 'number' ? String(value) : '';
}
