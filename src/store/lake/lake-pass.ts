import { assert } from '../../core/assert.ts';
import { DAY } from '../../core/time.ts';
import type { ColumnValues, RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { dateOf, type Lake, meets } from './lake.ts';
import { emptyManifest, type LakeFile, type Manifest, type PartitionKey } from './manifest.ts';
import { RowChecksum } from './row-checksum.ts';
import { symbolBucket } from './symbol-bucket.ts';

export interface PassOptions {
  /** Buckets of symbols in a day that has none yet. */
  readonly buckets: number;
  readonly rowsPerFileMax: number;
  /** Of values as they are in memory. */
  readonly bytesPerFileMax: number;
  /** Before a file is written: may reject, so that a disk does not fill. */
  readonly beforeFile: (bytesExpected: number) => Promise<void>;
  readonly at: (point: 'fileWritten' | 'manifestWritten') => void | Promise<void>;
}

export interface PassFile {
  readonly key: PartitionKey;
  readonly file: LakeFile;
}

/**
 * One reading of a table on its way into the lake, rows in order of time. Cut into files by what
 * the rows are and by nothing else, so that a second pass over the same rows finds what a first,
 * that died, has written, and goes on after it.
 */
export class LakePass {
  readonly #lake: Lake;
  readonly #table: TableDeclaration;
  readonly #options: PassOptions;
  readonly #timeIndex: number;
  readonly #symbolIndex: number;
  /** Whose values may be of any length. */
  readonly #longColumns: readonly number[];
  readonly #buckets = new Map<string, number>();
  readonly #held = new Map<number, HeldRows>();
  /** What is in the lake with the rows so far, in the order it was found or written. */
  readonly files: PassFile[] = [];
  readonly sum = new RowChecksum();
  bytesWritten = 0;
  #day = Number.NaN;
  #bucketsOfDay = 1;

  constructor(lake: Lake, table: TableDeclaration, options: PassOptions) {
    this.#lake = lake;
    this.#table = table;
    this.#options = options;
    this.#timeIndex = table.columns.findIndex(({ name }) => name === table.time);
    this.#symbolIndex = table.columns.findIndex(({ name }) => name === 'symbol');
    this.#longColumns = table.columns.flatMap(({ kind }, index) =>
      kind === 'text' || kind === 'doubles' ? [index] : [],
    );
  }

  async add(batch: RowBatch): Promise<void> {
    this.sum.add(batch);
    const times = batch.columns[this.#timeIndex];
    assert(times instanceof Float64Array, 'times are doubles');
    for (let from = 0; from < batch.rows;) {
      const day = Math.floor((times[from] ?? 0) / DAY);
      if (day !== this.#day) await this.#beginDay(day);
      let to = from + 1;
      while (to < batch.rows && Math.floor((times[to] ?? 0) / DAY) === day) to += 1;
      await this.#addOfDay(batch, from, to);
      from = to;
    }
  }

  /** Every row is in a file that a manifest names. */
  async finish(): Promise<void> {
    for (const [bucket, held] of this.#held) await this.#write(bucket, held);
    this.#held.clear();
  }

  async #beginDay(day: number): Promise<void> {
    assert(!(day < this.#day), 'rows come in order of time');
    await this.finish();
    this.#day = day;
    this.#buckets.clear();
    this.#bucketsOfDay = await this.#countBuckets(day * DAY);
  }

  /** A day keeps the number that it began with: two would tear a symbol's rows apart. */
  async #countBuckets(fromUs: number): Promise<number> {
    if (this.#symbolIndex === -1) return 1;
    const there = await this.#lake.keys(this.#table.name, { fromUs, untilUs: fromUs + DAY });
    return there[0]?.buckets ?? this.#options.buckets;
  }

  async #addOfDay(batch: RowBatch, from: number, to: number): Promise<void> {
    const rowsOf = new Map<number, number[]>();
    for (let row = from; row < to; row += 1) {
      const bucket = this.#bucketOf(batch, row);
      const rows = rowsOf.get(bucket);
      if (rows === undefined) rowsOf.set(bucket, [row]);
      else rows.push(row);
    }
    for (const [bucket, rows] of rowsOf) await this.#hold(bucket, batch, rows);
  }

  #bucketOf({ columns }: RowBatch, row: number): number {
    const symbol = columns[this.#symbolIndex]?.[row];
    if (typeof symbol !== 'string') return 0;
    let bucket = this.#buckets.get(symbol);
    if (bucket === undefined) {
      bucket = symbolBucket(symbol, this.#bucketsOfDay);
      this.#buckets.set(symbol, bucket);
    }
    return bucket;
  }

  /** A file ends by what its rows are, wherever the store's batches end. */
  async #hold(bucket: number, batch: RowBatch, rows: readonly number[]): Promise<void> {
    for (let at = 0; at < rows.length;) {
      const held = this.#held.get(bucket) ?? { rows: 0, bytes: 0, lastUs: 0, batches: [] };
      this.#held.set(bucket, held);
      const to = this.#take(held, batch, rows, at);
      if (to > at) held.batches.push(pick(batch, rows.slice(at, to)));
      at = to;
      if (at === rows.length) return;
      this.#held.delete(bucket);
      await this.#write(bucket, held);
    }
  }

  /** Counts rows in until the file ends; answers before which one. */
  #take(held: HeldRows, batch: RowBatch, rows: readonly number[], from: number): number {
    const times = batch.columns[this.#timeIndex];
    let at = from;
    for (; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const us = Number(times?.[row]);
      if (this.#isFull(held, 1) && us !== held.lastUs) break;
      if (this.#isFull(held, OVER)) break;
      held.rows += 1;
      held.bytes += this.#bytesOf(batch, row);
      held.lastUs = us;
    }
    return at;
  }

  /** Full it ends with its moment, so that no two files share one; twice as full it ends anyway. */
  #isFull({ rows, bytes }: HeldRows, times: number): boolean {
    const { rowsPerFileMax, bytesPerFileMax } = this.#options;
    return rows >= rowsPerFileMax * times || bytes >= bytesPerFileMax * times;
  }

  #bytesOf({ columns }: RowBatch, row: number): number {
    let bytes = BYTES_PER_VALUE * columns.length;
    for (const index of this.#longColumns) {
      const value = columns[index]?.[row];
      if (typeof value === 'string') bytes += value.length;
      else if (typeof value === 'object') bytes += value.byteLength;
    }
    return bytes;
  }

  async #write(bucket: number, { batches, bytes }: HeldRows): Promise<void> {
    const sum = new RowChecksum();
    for (const batch of batches) sum.add(batch);
    const key: PartitionKey = {
      table: this.#table.name,
      date: dateOf(this.#day * DAY),
      bucket,
      buckets: this.#bucketsOfDay,
    };
    const known = (await this.#lake.manifest(key)) ?? emptyManifest(key, this.#table);
    const found = currentFile(known, sum);
    if (found !== undefined) {
      this.files.push({ key, file: found });
      return;
    }
    await this.#options.beforeFile(bytes);
    const file = await this.#lake.putFile(this.#table, known, batches, sum);
    await this.#options.at('fileWritten');
    await this.#lake.putManifest({ ...known, files: [...known.files, file] });
    await this.#options.at('manifestWritten');
    this.bytesWritten += file.bytes;
    this.files.push({ key, file });
  }
}

/** So many rows of one moment are torn apart; what is read from both is still each row once. */
const OVER = 2;

/** As doubles take. */
const BYTES_PER_VALUE = 8;

interface HeldRows {
  rows: number;
  bytes: number;
  lastUs: number;
  readonly batches: RowBatch[];
}

/** With just these rows, and no later file that could have replaced one of them. */
function currentFile({ files }: Manifest, sum: RowChecksum): LakeFile | undefined {
  return files.find(
    (file, index) =>
      file.rows === sum.rows &&
      file.rowChecksum === sum.hex &&
      !files.slice(index + 1).some((later) => meets(file, later)),
  );
}

/** These rows of a batch, in a batch of their own. */
export function pick(batch: RowBatch, rows: readonly number[]): RowBatch {
  const columns = batch.columns.map((values) => pickValues(values, rows));
  return { table: batch.table, rows: rows.length, columns };
}

/** Loops: the `from` of typed arrays takes five times as long. */
function pickValues(values: ColumnValues, rows: readonly number[]): ColumnValues {
  if (values instanceof Float64Array) return fill(new Float64Array(rows.length), values, rows);
  if (values instanceof Uint8Array) return fill(new Uint8Array(rows.length), values, rows);
  return isTexts(values) ? rows.map((row) => at(values, row)) : rows.map((row) => at(values, row));
}

function fill<Values extends Float64Array | Uint8Array>(
  into: Values,
  values: Values,
  rows: readonly number[],
): Values {
  for (let place = 0; place < rows.length; place += 1) {
    into[place] = values[rows[place] ?? 0] ?? Number.NaN;
  }
  return into;
}

function at<Value>(values: ArrayLike<Value>, row: number): Value {
  const value = values[row];
  assert(value !== undefined, 'a column has a value for each row');
  return value;
}

/** An empty list is one of either kind. */
function isTexts(values: readonly string[] | readonly Float64Array[]): values is readonly string[] {
  return values.length === 0 || typeof values[0] === 'string';
}
