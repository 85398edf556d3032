import { assert } from '../src/core/assert.ts';
import { civilFromDays, DAY, daysFromCivil, HOUR } from '../src/core/time.ts';
import {
  type Appended,
  type ColumnValues,
  type RowBatch,
  type SchemaChange,
  type SeriesQuery,
  type SqlPage,
  type StoreStatus,
  type TableDeclaration,
  type TablePart,
  type TimeSeriesStore,
} from '../src/ports/time-series.ts';
import { StoreError } from '../src/ports/store-error.ts';
import { pick } from '../src/store/lake/lake-pass.ts';
import { refusedRows, withoutRows } from '../src/store/tables/refused-rows.ts';

/** What survives a close, as a file of a store would. */
export type MemorySeriesContent = Map<string, Map<number, readonly RowBatch[]>>;

/**
 * A store of time series in memory: appends, reads, tells and drops parts as the contract says. It
 * has no SQL.
 */
export class MemorySeries implements TimeSeriesStore {
  readonly kind = 'duckdb';
  readonly #tables: MemorySeriesContent;

  constructor(content: MemorySeriesContent = new Map()) {
    this.#tables = content;
  }

  migrate(tables: readonly TableDeclaration[]): Promise<SchemaChange[]> {
    const missing = tables.filter(({ name }) => !this.#tables.has(name));
    for (const { name } of missing) this.#tables.set(name, new Map());
    return Promise.resolve(missing.map(({ name }) => ({ table: name, what: 'create table' })));
  }

  async append(given: RowBatch): Promise<Appended> {
    const { table } = given;
    const refused = refusedRows(given);
    const batch = withoutRows(given, refused);
    const times = timesOf(batch);
    const rowsOf = new Map<number, number[]>();
    for (let row = 0; row < batch.rows; row += 1) {
      const start = partOf(table, times[row] ?? 0).fromUs;
      const rows = rowsOf.get(start);
      if (rows === undefined) rowsOf.set(start, [row]);
      else rows.push(row);
    }
    const parts = this.#parts(table);
    for (const [start, rows] of rowsOf) {
      parts.set(start, [...(parts.get(start) ?? []), pick(batch, rows)]);
    }
    return { accepted: batch.rows, refused };
  }

  async *read(query: SeriesQuery): AsyncIterable<RowBatch> {
    const { table, fromUs, untilUs, only = {}, batchRows = 16_384 } = query;
    const parts = this.#parts(table);
    for (const start of [...parts.keys()].toSorted((left, right) => left - right)) {
      const part = this.#ordered(table, start);
      const times = timesOf(part);
      const chosen = Object.entries(only).map(([name, values]) => ({
        column: part.columns[table.columns.findIndex((one) => one.name === name)],
        values: new Set<unknown>(values),
      }));
      const rows: number[] = [];
      for (let row = 0; row < part.rows; row += 1) {
        const at = times[row] ?? 0;
        if (at < fromUs || at >= untilUs) continue;
        if (chosen.every(({ column, values }) => values.has(column?.[row]))) rows.push(row);
      }
      for (let from = 0; from < rows.length; from += batchRows) {
        yield await Promise.resolve(pick(part, rows.slice(from, from + batchRows)));
      }
    }
  }

  sql(text: string): AsyncIterable<SqlPage> {
    throw new StoreError('STORE_REFUSED', `it has no SQL: ${text}`);
  }

  async parts(table: TableDeclaration): Promise<readonly TablePart[]> {
    const starts = [...this.#parts(table).keys()].toSorted((left, right) => left - right);
    return starts.map((start) => {
      const { rows } = this.#ordered(table, start);
      return { ...partOf(table, start), rows, bytes: rows * table.columns.length * 8 };
    });
  }

  async drop(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    const parts = await this.parts(table);
    const gone = parts.filter((part) => part.fromUs >= fromUs && part.untilUs <= untilUs);
    for (const part of gone) this.#parts(table).delete(part.fromUs);
    return gone.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Rows of memory are as near to each other as they can be. */
  unarranged(): Promise<readonly TablePart[]> {
    return Promise.resolve([]);
  }

  arrange(): Promise<number> {
    return Promise.resolve(0);
  }

  status(): Promise<StoreStatus> {
    return Promise.resolve({ place: 'memory', tables: [] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #parts({ name }: TableDeclaration): Map<number, readonly RowBatch[]> {
    const parts = this.#tables.get(name);
    if (parts === undefined) throw new StoreError('STORE_SCHEMA', `there is no table ${name}`);
    return parts;
  }

  /** One batch, in order, of the same keys only the row that came last; kept so. */
  #ordered(table: TableDeclaration, start: number): RowBatch {
    const batches = this.#parts(table).get(start) ?? [];
    const [only] = batches;
    if (only !== undefined && batches.length === 1 && inOrder.has(only)) return only;
    const whole = joined(table, batches);
    const indices = [table.time, ...table.keys].map((key) =>
      table.columns.findIndex(({ name }) => name === key),
    );
    const keys = indices.map((index) => whole.columns[index] ?? []);
    const order = Array.from({ length: whole.rows }, (_, row) => row);
    if (!isAscending(keys, whole.rows)) {
      order.sort((left, right) => compare(keys, left, right) || left - right);
    }
    const last = order.filter((row, at) => {
      const next = order[at + 1];
      return next === undefined || compare(keys, row, next) !== 0;
    });
    const ordered = pick(whole, last);
    inOrder.add(ordered);
    this.#parts(table).set(start, [ordered]);
    return ordered;
  }
}

const inOrder = new WeakSet<RowBatch>();

function isAscending(keys: readonly ArrayLike<unknown>[], rows: number): boolean {
  for (let row = 1; row < rows; row += 1) if (compare(keys, row - 1, row) > 0) return false;
  return true;
}

function compare(keys: readonly ArrayLike<unknown>[], left: number, right: number): number {
  for (const key of keys) {
    const [a, b] = [key[left], key[right]];
    if (a === b) continue;
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return String(a) < String(b) ? -1 : 1;
  }
  return 0;
}

export function joined(table: TableDeclaration, batches: readonly RowBatch[]): RowBatch {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns = table.columns.map(({ kind }, index): ColumnValues => {
    const parts = batches.map((batch) => batch.columns[index] ?? []);
    if (kind === 'truth') return filled(new Uint8Array(rows), parts);
    if (kind === 'symbol' || kind === 'text') return parts.flatMap((part) => [...part].map(String));
    if (kind === 'doubles') {
      const lists = parts.flatMap((part) => [...part]);
      return lists.map((value) => (value instanceof Float64Array ? value : new Float64Array()));
    }
    return filled(new Float64Array(rows), parts);
  });
  return { table, rows, columns };
}

function filled<Values extends Float64Array | Uint8Array>(
  into: Values,
  parts: readonly ColumnValues[],
): Values {
  let at = 0;
  for (const part of parts) {
    if (part instanceof Float64Array || part instanceof Uint8Array) into.set(part, at);
    at += part.length;
  }
  return into;
}

function timesOf({ table, columns }: RowBatch): Float64Array {
  const times = columns[table.columns.findIndex(({ name }) => name === table.time)];
  assert(times instanceof Float64Array, 'times are doubles');
  return times;
}

function partOf({ partition }: TableDeclaration, us: number) {
  if (partition === 'hour') return span(Math.floor(us / HOUR) * HOUR, HOUR);
  const days = Math.floor(us / DAY);
  if (partition === 'day') return span(days * DAY, DAY);
  const { year, month } = civilFromDays(days);
  const isMonth = partition === 'month';
  const from = daysFromCivil(year, isMonth ? month : 1, 1);
  const until =
    isMonth && month < 12 ? daysFromCivil(year, month + 1, 1) : daysFromCivil(year + 1, 1, 1);
  return { fromUs: from * DAY, untilUs: until * DAY };
}

function span(fromUs: number, lengthUs: number) {
  return { fromUs, untilUs: fromUs + lengthUs };
}
