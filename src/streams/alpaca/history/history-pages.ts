import { parseTime } from '../../../core/time.ts';
import type { FaultList } from '../../../domain/market/data-fault.ts';
import { ticksOf } from '../../wire/event-values.ts';
import type { HistoryBar, HistoryTrade } from '../../market/market-history.ts';
import { field, text, texts } from '../../wire/own-fields.ts';

/** One page of an answer that lists things by symbol. */
export interface HistoryPage<Row> {
  readonly rows: readonly (readonly [name: string, rows: readonly Row[]])[];
  readonly nextToken: string | undefined;
}

/** Whole numbers that JSON.parse would round become text first: trade ids may need 64 bits. */
export function parseExactly(body: string): unknown {
  return JSON.parse(body.replaceAll(/([[,:]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"'));
}

export function readPage<Row>(
  page: unknown,
  key: 'bars' | 'trades',
  readRow: (row: unknown) => Row | undefined,
  faults: FaultList,
): HistoryPage<Row> {
  const listed = field(page, key);
  const names = typeof listed === 'object' && listed !== null ? Object.keys(listed) : [];
  const rows = names.map((name) => [name, readRows(name, field(listed, name))] as const);
  return { rows, nextToken: text(field(page, 'next_page_token')) };

  function readRows(name: string, list: unknown): readonly Row[] {
    const items: readonly unknown[] = Array.isArray(list) ? list : [];
    return items.flatMap((item, index) => {
      const row = readRow(item);
      if (row !== undefined) return [row];
      const detail = `not one of the ${key} of ${name}: ${JSON.stringify(item).slice(0, 200)}`;
      faults.add({ file: `alpaca ${key}`, line: index + 1, field: key, detail });
      return [];
    });
  }
}

export function readBar(row: unknown): HistoryBar | undefined {
  const startUs = parseTime(text(field(row, 't')) ?? '');
  const [open, high] = [number(row, 'o'), number(row, 'h')];
  const [low, close, volume] = [number(row, 'l'), number(row, 'c'), number(row, 'v')];
  const isWhole = ticksOf(low) > 0 && low <= open && low <= close && open <= high && close <= high;
  if (startUs === undefined || !isWhole || !(volume >= 0)) return undefined;
  return { startUs, open, high, low, close, volume };
}

/** A trade that was cancelled or replaced since is none any more. */
const GONE: ReadonlySet<unknown> = new Set(['canceled', 'incorrect']);

export function isGone(row: unknown): boolean {
  return GONE.has(field(row, 'u'));
}

export function readTrade(row: unknown): HistoryTrade | undefined {
  const us = parseTime(text(field(row, 't')) ?? '');
  const id = field(row, 'i');
  const isId = typeof id === 'string' || (typeof id === 'number' && Number.isInteger(id));
  const [price, size] = [number(row, 'p'), number(row, 's')];
  if (us === undefined || !isId || !(price > 0) || !(size >= 0)) return undefined;
  const [exchange, tape] = [text(field(row, 'x')) ?? '', text(field(row, 'z')) ?? ''];
  return { us, price, size, id: String(id), exchange, tape, conditions: texts(field(row, 'c')) };
}

/** NaN where there is none. A volume of 16 digits is text by now, and no volume of ours. */
function number(row: unknown, name: string): number {
  const value = field(row, name);
  return typeof value === 'number' ? value : Number.NaN;
}
