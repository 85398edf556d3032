import { assert, present } from '../../core/assert.ts';
import type {
  ColumnDeclaration,
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../ports/time-series.ts';

/** Where full batches go. Must not wait, and must not call back. */
export type RowsTaken = (batch: RowBatch) => void;

/**
 * Rows of one table on their way, in columns that are used again: a row costs a store into each of
 * them and no object. What is handed over is a copy, as long as the rows there are.
 */
export class TableRows {
  readonly table: TableDeclaration;
  /** By the place of the column; empty where it holds no numbers. */
  readonly numbers: readonly Float64Array[];
  readonly #texts: readonly string[][];
  readonly #lists: readonly Float64Array[][];
  readonly #rowsMax: number;
  readonly #taken: RowsTaken;
  #rows = 0;

  constructor(table: TableDeclaration, rowsMax: number, taken: RowsTaken) {
    assert(rowsMax > 0, 'a table has room for a row');
    this.table = table;
    this.#rowsMax = rowsMax;
    this.#taken = taken;
    const { columns } = table;
    assert(
      columns.every(({ kind }) => kind !== 'truth'),
      'no table that is fed holds truths',
    );
    this.numbers = columns.map((column) => new Float64Array(isNumber(column) ? rowsMax : 0));
    this.#texts = columns.map(() => []);
    this.#lists = columns.map(() => []);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Where a column stands, for who writes many rows. */
  place(name: string): number {
    const place = this.table.columns.findIndex((column) => column.name === name);
    assert(place >= 0, `${this.table.name} has the column ${name}`);
    return place;
  }

  /** Makes a row, handing over those before it where there is no more room. */
  begin(): number {
    if (this.#rows === this.#rowsMax) this.flush();
    this.#rows += 1;
    return this.#rows - 1;
  }

  setNumber(column: number, row: number, value: number): void {
    const values = this.numbers[column];
    if (values !== undefined) values[row] = value;
  }

  setText(column: number, row: number, value: string): void {
    const values = this.#texts[column];
    if (values !== undefined) values[row] = value;
  }

  setList(column: number, row: number, value: Float64Array): void {
    const values = this.#lists[column];
    if (values !== undefined) values[row] = value;
  }

  /** A row of few: a value for each column, in their order. */
  add(values: readonly (number | string | Float64Array)[]): void {
    assert(values.length === this.table.columns.length, 'a row has a value for each column');
    const row = this.begin();
    for (const [column, value] of values.entries()) {
      if (typeof value === 'number') this.setNumber(column, row, value);
      else if (typeof value === 'string') this.setText(column, row, value);
      else this.setList(column, row, value);
    }
  }

  /** Hands over what is there. */
  flush(): void {
    const rows = this.#rows;
    if (rows === 0) return;
    this.#rows = 0;
    const columns = this.table.columns.map((column, place) => this.#values(column, place, rows));
    this.#taken({ table: this.table, rows, columns });
  }

  #values({ kind }: ColumnDeclaration, place: number, rows: number): ColumnValues {
    if (kind === 'doubles') return present(this.#lists[place], 'a column').slice(0, rows);
    if (kind === 'symbol' || kind === 'text') {
      return present(this.#texts[place], 'a column').slice(0, rows);
    }
    return present(this.numbers[place], 'a column').slice(0, rows);
  }
}

function isNumber({ kind }: ColumnDeclaration): boolean {
  return kind === 'time' || kind === 'double' || kind === 'whole';
}
