import { assert, present } from '../../core/assert.ts';
import type {
  ColumnDeclaration,
  ColumnKind,
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../ports/time-series.ts';
import type { CellReader } from './answer-cells.ts';

const ROWS = 1_024;

/** One column of the rows that have come and not yet gone. */
interface Column {
  readonly kind: ColumnKind;
  doubles: Float64Array<ArrayBuffer>;
  texts: string[];
  lists: Float64Array[];
}

/** Rows on their way from an answer to batches, column by column. */
export class SeriesColumns {
  rows = 0;
  readonly #table: TableDeclaration;
  readonly #columns: readonly Column[];
  readonly #time: Column;
  readonly #keys: readonly Column[];

  constructor(table: TableDeclaration) {
    this.#table = table;
    this.#columns = table.columns.map(({ kind }) => ({
      kind,
      doubles: new Float64Array(kind === 'symbol' || kind === 'text' ? 0 : ROWS),
      texts: [],
      lists: [],
    }));
    this.#time = this.#named(table.time);
    this.#keys = table.keys.map((key) => this.#named(key));
  }

  /** Takes a row; what throws in the middle of one leaves none. */
  take(cells: CellReader): void {
    const row = this.rows;
    let isFirst = true;
    for (const column of this.#columns) {
      if (!isFirst) cells.nextCell();
      isFirst = false;
      takeCell(column, row, cells);
    }
    cells.endRow();
    this.rows += 1;
  }

  /** Forgets the newest row. */
  untake(): void {
    this.rows -= 1;
  }

  text(place: number): string {
    return this.#columns[place]?.texts[this.rows - 1] ?? '';
  }

  /** Brings the rows of each moment in order; answers where the last moment begins. */
  order(from: number): number {
    const times = this.#time.doubles;
    let start = from;
    for (let at = from + 1; at < this.rows; at += 1) {
      if (times[at] === times[start]) continue;
      this.orderMoment(start, at);
      start = at;
    }
    return start;
  }

  orderMoment(from: number, until: number): void {
    if (until - from < 2) return;
    const places = Array.from({ length: until - from }, (_, at) => from + at);
    places.sort((left, right) => this.#compare(left, right));
    for (const column of this.#columns) {
      if (isTextual(column.kind)) spread(column.texts, from, places);
      else if (column.kind === 'doubles') spread(column.lists, from, places);
      else
        column.doubles.set(
          places.map((place) => column.doubles[place] ?? 0),
          from,
        );
    }
  }

  /** A copy of some rows. */
  batch(from: number, until: number): RowBatch {
    const columns = this.#columns.map(({ kind, doubles, texts, lists }): ColumnValues => {
      if (isTextual(kind)) return texts.slice(from, until);
      if (kind === 'doubles') return lists.slice(from, until);
      const values = doubles.slice(from, until);
      return kind === 'truth' ? Uint8Array.from(values) : values;
    });
    return { table: this.#table, rows: until - from, columns };
  }

  /** The first rows have gone. */
  drop(count: number): void {
    for (const column of this.#columns) {
      column.doubles.copyWithin(0, count, this.rows);
      column.texts.splice(0, count);
      column.lists.splice(0, count);
    }
    this.rows -= count;
  }

  #compare(left: number, right: number): number {
    for (const { kind, doubles, texts } of this.#keys) {
      if (isTextual(kind)) {
        const [one = '', other = ''] = [texts[left], texts[right]];
        if (one !== other) return one < other ? -1 : 1;
      } else {
        const order = (doubles[left] ?? 0) - (doubles[right] ?? 0);
        if (order !== 0) return order;
      }
    }
    return 0;
  }

  #named(name: string): Column {
    const place = this.#table.columns.findIndex(
      (column: ColumnDeclaration) => column.name === name,
    );
    return present(this.#columns[place], `the column ${name}`);
  }
}

function takeCell(column: Column, row: number, cells: CellReader): void {
  switch (column.kind) {
    case 'symbol':
    case 'text':
      column.texts[row] = cells.text(column.texts[row - 1] ?? '');
      return;
    case 'doubles':
      column.lists[row] = listOf(cells);
      return;
    case 'truth':
      put(column, row, cells.truth() ? 1 : 0);
      return;
    case 'time':
    case 'double':
    case 'whole':
      put(column, row, cells.number());
  }
}

function put(column: Column, row: number, value: number): void {
  if (row >= column.doubles.length) {
    const grown = new Float64Array(column.doubles.length * 2);
    grown.set(column.doubles);
    column.doubles = grown;
  }
  column.doubles[row] = value;
}

/** The list, and one over each of its values where it has infinities: they are zeros there. */
function listOf(cells: CellReader): Float64Array {
  const values = Float64Array.from(cells.list() ?? []);
  cells.nextCell();
  const reciprocals = cells.list();
  if (reciprocals === undefined) return values;
  for (const [at, value] of reciprocals.entries()) {
    if (values[at] === values[at] || value !== 0) continue;
    values[at] = Object.is(value, -0) ? -Infinity : Infinity;
  }
  return values;
}

function spread<Value>(values: Value[], from: number, places: readonly number[]): void {
  const ordered = places.map((place) => {
    const value = values[place];
    assert(value !== undefined, 'a row has a value');
    return value;
  });
  for (const [at, value] of ordered.entries()) values[from + at] = value;
}

function isTextual(kind: ColumnKind): boolean {
  return kind === 'symbol' || kind === 'text';
}
