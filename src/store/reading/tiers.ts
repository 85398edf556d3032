import { assert } from '../../core/assert.ts';
import type {
  ColumnValues,
  RowBatch,
  SeriesQuery,
  TableDeclaration,
} from '../../ports/time-series.ts';
import type { Source } from './known-actions.ts';

/** Rows of a batch where nobody said how many. */
const BATCH_ROWS = 16_384;

/**
 * Several places of the same tables as one, such as the lake and the store: rows by time, then the
 * keys, each once. A row that is in two, as while it moves, is that of the later place.
 */
export function fromTiers(...places: readonly Source[]): Source {
  return { read: (query) => merge(places, query) };
}

async function* merge(places: readonly Source[], query: SeriesQuery): AsyncIterable<RowBatch> {
  const { table, batchRows = BATCH_ROWS } = query;
  const heads = places.map((place) => new Head(table, place.read(query)));
  const taking = new Taking(table);
  try {
    await Promise.all(heads.map((head) => head.fill()));
    for (;;) {
      const least = leastOf(heads);
      if (least === undefined) break;
      // Those alike in an earlier place are replaced by it.
      for (const head of heads) {
        if (head === least || head.isOver || head.compare(least) !== 0) continue;
        if (head.skip()) await head.fill();
      }
      taking.add(least);
      if (least.skip()) await least.fill();
      if (taking.rows >= batchRows) yield taking.finish();
    }
    if (taking.rows > 0) yield taking.finish();
  } finally {
    await Promise.all(heads.map((head) => head.close()));
  }
}

/** The first row of all; of those alike, the last place's. */
function leastOf(heads: readonly Head[]): Head | undefined {
  let least: Head | undefined;
  for (const head of heads) {
    if (head.isOver) continue;
    if (least === undefined || head.compare(least) <= 0) least = head;
  }
  return least;
}

/** Where the reading of one place is. */
class Head {
  readonly #rows: AsyncIterator<RowBatch>;
  readonly #order: readonly number[];
  #batch: RowBatch | undefined;
  row = 0;

  constructor(table: TableDeclaration, rows: AsyncIterable<RowBatch>) {
    this.#rows = rows[Symbol.asyncIterator]();
    this.#order = [table.time, ...table.keys].map((name) =>
      table.columns.findIndex((column) => column.name === name),
    );
  }

  get isOver(): boolean {
    return this.#batch === undefined;
  }

  get batch(): RowBatch {
    assert(this.#batch !== undefined, 'what is over has no row');
    return this.#batch;
  }

  async fill(): Promise<void> {
    do {
      const next = await this.#rows.next();
      this.#batch = next.done === true ? undefined : next.value;
    } while (this.#batch?.rows === 0);
    this.row = 0;
  }

  /** Answers whether it has to be filled again. */
  skip(): boolean {
    this.row += 1;
    return this.row === this.batch.rows;
  }

  /** Below, at or above 0, as its row comes before, is, or comes after that of another. */
  compare(other: Head): number {
    const [mine, theirs] = [this.batch.columns, other.batch.columns];
    for (const place of this.#order) {
      const [left, right] = [mine[place]?.[this.row], theirs[place]?.[other.row]];
      assert(left !== undefined && right !== undefined, 'a row has its time and keys');
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  }

  async close(): Promise<void> {
    if (!this.isOver) await this.#rows.return?.();
  }
}

/** A run of rows that follow one another in a batch of some place. */
interface Run {
  readonly batch: RowBatch;
  readonly from: number;
  until: number;
}

/** Rows that were taken, as runs until they are put together. */
class Taking {
  readonly #table: TableDeclaration;
  #runs: Run[] = [];
  rows = 0;

  constructor(table: TableDeclaration) {
    this.#table = table;
  }

  add({ batch, row }: Head): void {
    this.rows += 1;
    const last = this.#runs.at(-1);
    if (last?.batch === batch && last.until === row) last.until += 1;
    else this.#runs.push({ batch, from: row, until: row + 1 });
  }

  finish(): RowBatch {
    const { rows } = this;
    const runs = this.#runs;
    this.rows = 0;
    this.#runs = [];
    const columns = this.#table.columns.map((_, place) => columnOf(runs, place, rows));
    return { table: this.#table, rows, columns };
  }
}

function columnOf(runs: readonly Run[], place: number, rows: number): ColumnValues {
  const parts = runs.map(({ batch, from, until }) => {
    const values = batch.columns[place];
    assert(values !== undefined, 'a batch has the columns of its table');
    return values.slice(from, until);
  });
  const [first] = parts;
  if (first instanceof Float64Array || first instanceof Uint8Array) {
    const all = first instanceof Float64Array ? new Float64Array(rows) : new Uint8Array(rows);
    let at = 0;
    for (const part of parts) {
      assert(part instanceof Float64Array || part instanceof Uint8Array, 'a column is of one kind');
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
  const values = parts.flatMap((part) => [...part]);
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length > 0) return texts;
  return values.filter((value) => value instanceof Float64Array);
}
