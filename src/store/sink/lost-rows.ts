import type { RowBatch } from '../../ports/time-series.ts';
import type { Notes } from './notes.ts';
import type { LostRange, SinkOptions } from './sink-types.ts';

/** One line in the log and one in the file for all that a table loses in so long. */
const TELL_MS = 10_000;

/** Rows for which there was no room, by table and time, so that they can be made again. */
export class LostRows {
  rows = 0;
  readonly #notes: Notes;
  readonly #log: SinkOptions['log'];
  readonly #ranges = new Map<string, LostRange>();
  readonly #untold = new Map<string, LostRange>();
  #toldMs = -Infinity;

  constructor(notes: Notes, log: SinkOptions['log']) {
    this.#notes = notes;
    this.#log = log;
  }

  get ranges(): readonly LostRange[] {
    return [...this.#ranges.values()];
  }

  add(batch: RowBatch, nowMs: number): void {
    const range = rangeOf(batch);
    this.rows += range.rows;
    const { table } = range;
    this.#ranges.set(table, union(this.#ranges.get(table), range));
    this.#untold.set(table, union(this.#untold.get(table), range));
    this.tell(nowMs);
  }

  tell(nowMs: number): void {
    if (this.#untold.size === 0 || nowMs - this.#toldMs < TELL_MS) return;
    this.#toldMs = nowMs;
    for (const range of this.#untold.values()) {
      this.#log('error', 'storeRowsLost', { ...range });
    }
    this.#notes.add([...this.#untold.values()]);
    this.#untold.clear();
  }

  async close(): Promise<void> {
    this.tell(Infinity);
    await this.#notes.close();
  }
}

function rangeOf({ table, columns, rows }: RowBatch): LostRange {
  let fromUs = Infinity;
  let lastUs = -Infinity;
  const times = columns[table.columns.findIndex(({ name }) => name === table.time)];
  if (times instanceof Float64Array) {
    for (const us of times.subarray(0, rows)) {
      if (us < fromUs) fromUs = us;
      if (us > lastUs) lastUs = us;
    }
  }
  return { table: table.name, rows, fromUs, lastUs };
}

function union(left: LostRange | undefined, right: LostRange): LostRange {
  if (left === undefined) return right;
  return {
    table: left.table,
    rows: left.rows + right.rows,
    fromUs: Math.min(left.fromUs, right.fromUs),
    lastUs: Math.max(left.lastUs, right.lastUs),
  };
}
