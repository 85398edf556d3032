import { assert } from '../../src/core/assert.ts';
import type {
  ColumnDeclaration,
  ColumnValues,
  RowBatch,
  SeriesQuery,
  SqlPage,
  TableDeclaration,
  TimeSeriesStore,
} from '../../src/ports/time-series.ts';

/** What a suite needs of a place where stores can be opened. */
export interface StoreRig {
  /** `DuckDB`, `QuestDB`. */
  readonly name: string;
  /** Opens the store; it may hold tables of other tests. */
  open(): Promise<TimeSeriesStore>;
  /** Settles when what was appended to the table before is what a reader sees. */
  settled(store: TimeSeriesStore, table: TableDeclaration): Promise<void>;
  /** Does, while no store is open, what a person with every right could do there, in its SQL. */
  alter(statement: string): Promise<void>;
  /** Statements that make a table another one; all are refused by the next migration. */
  readonly alterations: readonly Alteration[];
  /** Property runs; a server takes longer than a file. */
  readonly runs: number;
}

export interface Alteration {
  readonly what: string;
  statement(table: string): string;
  /** The refusal names the table and these. */
  readonly names: readonly string[];
}

export const DAY_US = 86_400_000_000;
/** 2 January 2026, a Friday, at midnight UTC. */
export const START_US = Date.UTC(2026, 0, 2) * 1_000;

let tables = 0;

/** Names that no other test of this run has, so that one server serves them all. */
export function newTableName(): string {
  tables += 1;
  return `contract_${Date.now().toString(36)}_${process.pid}_${tables}`;
}

/** A column of every kind; rows are told apart by time, symbol and number. */
export function everyKind(): TableDeclaration {
  return {
    name: newTableName(),
    tells: 'A row of a test.',
    version: 1,
    columns: [
      { name: 'at_us', kind: 'time', tells: 'when' },
      { name: 'symbol', kind: 'symbol', tells: 'which', symbolCapacity: 8_192 },
      { name: 'number', kind: 'whole', tells: 'tells rows apart' },
      { name: 'note', kind: 'text', tells: 'any text' },
      { name: 'price', kind: 'double', tells: 'any double' },
      { name: 'seen_us', kind: 'time', tells: 'another time' },
      { name: 'is_open', kind: 'truth', tells: 'yes or no' },
      { name: 'state', kind: 'doubles', tells: 'a list' },
    ],
    time: 'at_us',
    partition: 'day',
    keys: ['symbol', 'number'],
  };
}

export interface Row {
  readonly atUs: number;
  readonly symbol: string;
  readonly number: number;
  readonly note: string;
  readonly price: number;
  readonly seenUs: number;
  readonly isOpen: boolean;
  readonly state: readonly number[];
}

export function row(parts: Partial<Row> = {}): Row {
  return {
    atUs: START_US,
    symbol: 'AAPL',
    number: 0,
    note: '',
    price: 1,
    seenUs: START_US,
    isOpen: false,
    state: [],
    ...parts,
  };
}

export function batchOf(table: TableDeclaration, rows: readonly Row[]): RowBatch {
  return {
    table,
    rows: rows.length,
    columns: [
      Float64Array.from(rows, ({ atUs }) => atUs),
      rows.map(({ symbol }) => symbol),
      Float64Array.from(rows, ({ number }) => number),
      rows.map(({ note }) => note),
      Float64Array.from(rows, ({ price }) => price),
      Float64Array.from(rows, ({ seenUs }) => seenUs),
      Uint8Array.from(rows, ({ isOpen }) => (isOpen ? 1 : 0)),
      rows.map(({ state }) => Float64Array.from(state)),
    ],
  };
}

export function rowsOf({ rows, columns }: RowBatch): readonly Row[] {
  const [atUs, symbol, number, note, price, seenUs, isOpen, state] = columns;
  return Array.from({ length: rows }, (_, at) => ({
    atUs: doubles(atUs)[at] ?? Number.NaN,
    symbol: String(symbol?.[at]),
    number: doubles(number)[at] ?? Number.NaN,
    note: String(note?.[at]),
    price: doubles(price)[at] ?? Number.NaN,
    seenUs: doubles(seenUs)[at] ?? Number.NaN,
    isOpen: isOpen?.[at] === 1,
    state: [...doubles(state?.[at])],
  }));
}

function doubles(values: ColumnValues | Float64Array | string | number | undefined): Float64Array {
  assert(values instanceof Float64Array, 'a store answers numbers as doubles');
  return values;
}

export function everything(table: TableDeclaration): SeriesQuery {
  return { table, fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER };
}

/** Waits for what was appended, then reads it. */
export async function readRows(
  rig: StoreRig,
  store: TimeSeriesStore,
  query: SeriesQuery,
): Promise<readonly Row[]> {
  await rig.settled(store, query.table);
  const found: Row[] = [];
  for await (const batch of store.read(query)) found.push(...rowsOf(batch));
  return found;
}

export async function readBatches(
  store: TimeSeriesStore,
  query: SeriesQuery,
): Promise<readonly RowBatch[]> {
  const found: RowBatch[] = [];
  for await (const batch of store.read(query)) found.push(batch);
  return found;
}

export async function answersOf(
  store: TimeSeriesStore,
  text: string,
): Promise<{ readonly names: readonly string[]; readonly rows: SqlPage['rows'] }> {
  let names: readonly string[] = [];
  const rows: SqlPage['rows'][number][] = [];
  for await (const page of store.sql(text)) {
    names = page.names;
    rows.push(...page.rows);
  }
  return { names, rows };
}

/** A table of the same name with other columns, as a later build declares it. */
export function withColumns(
  table: TableDeclaration,
  added: readonly ColumnDeclaration[],
): TableDeclaration {
  return { ...table, version: table.version + 1, columns: [...table.columns, ...added] };
}

/** Opens, hands over and closes, whatever happened. */
export async function withStore(
  rig: StoreRig,
  use: (store: TimeSeriesStore) => Promise<void>,
): Promise<void> {
  const store = await rig.open();
  try {
    await use(store);
  } finally {
    await store.close();
  }
}
