import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { formatTime } from '../../core/time.ts';
import type { RowBatch, SeriesQuery, TableDeclaration } from '../../ports/time-series.ts';
import { LakeError } from './lake-error.ts';
import {
  decodeManifest,
  encodeManifest,
  type LakeFile,
  type Manifest,
  manifestPath,
  emptyManifest,
  MANIFEST_NAME,
  parsePartitionPath,
  type PartitionKey,
  partitionFolder,
  withColumnsOf,
} from './manifest.ts';
import type { Parquet } from './parquet.ts';
import type { Place } from './place.ts';
import { RowChecksum } from './row-checksum.ts';
import { symbolBucket } from './symbol-bucket.ts';

/** A span of a table's time: from, inclusive, until, exclusive. */
export interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** All that there is. */
export const EVER: Span = {
  fromUs: Number.MIN_SAFE_INTEGER,
  untilUs: Number.MAX_SAFE_INTEGER,
};

const BATCH_ROWS = 65_536;

/**
 * Tables as Parquet files by day and bucket of symbols. A partition is what its manifest says, and
 * the manifest is written last: whoever dies in between leaves a file that nobody counts.
 *
 * One process writes at a time; any number read.
 */
export class Lake {
  readonly place: Place;
  readonly #parquet: Parquet;
  /** Files whose bytes were compared with their manifest by this process. */
  readonly #checked = new Set<string>();

  constructor(place: Place, parquet: Parquet) {
    this.place = place;
    this.#parquet = parquet;
  }

  /** Keys of partitions that have a manifest and may have rows of the span. */
  async keys(table: string, { fromUs, untilUs }: Span): Promise<readonly PartitionKey[]> {
    const [first, last] = [dateOf(fromUs), dateOf(untilUs - 1)];
    const isOneDay = first === last;
    const files = await this.place.list(isOneDay ? `${table}/date=${first}/` : `${table}/`);
    return files.flatMap(({ path }) => {
      const parsed = parsePartitionPath(path);
      if (parsed?.name !== MANIFEST_NAME || parsed.date < first || parsed.date > last) return [];
      const { date, bucket, buckets } = parsed;
      return [{ table, date, bucket, buckets }];
    });
  }

  /** What the manifests of a table name, by date, then bucket. */
  async partitions(table: string, span = EVER): Promise<readonly Manifest[]> {
    const keys = await this.keys(table, span);
    const found: Manifest[] = [];
    for (const key of keys) {
      const manifest = await this.manifest(key);
      if (manifest !== undefined) found.push(manifest);
    }
    return found;
  }

  /** Names of tables that have at least one partition. */
  async tables(): Promise<readonly string[]> {
    const files = await this.place.list('');
    const keys = files.flatMap(({ path }) => parsePartitionPath(path) ?? []);
    const whole = keys.filter(({ name }) => name === MANIFEST_NAME);
    return [...new Set(whole.map(({ table }) => table))];
  }

  /** Undefined where there is none: then the partition is not there, whatever files are. */
  async manifest(key: PartitionKey): Promise<Manifest | undefined> {
    const path = manifestPath(key);
    const bytes = await this.#get(path);
    return bytes === undefined ? undefined : decodeManifest(this.#where(path), bytes);
  }

  /** Rows in order of time, then of the keys; of the same keys the ones that came last. */
  async *read(query: SeriesQuery): AsyncIterable<RowBatch> {
    const { table, fromUs, untilUs, only } = query;
    const symbols = only?.['symbol'];
    const keys = await this.keys(table.name, { fromUs, untilUs });
    for (const day of byDate(keys.filter((key) => canHold(key, symbols)))) {
      yield* this.#readDay(query, day);
    }
  }

  /** Rows of one partition with every column that its files have, as `read` gives them. */
  async *readPartition(table: TableDeclaration, manifest: Manifest): AsyncIterable<RowBatch> {
    const query = { table: withColumnsOf(table, manifest.files), ...EVER };
    yield* this.#readFiles(query, [manifest]);
  }

  /** What a file really holds, from its bytes anew; rejects with `LAKE_DAMAGED`. */
  async checksumOf(table: TableDeclaration, key: PartitionKey, file: LakeFile) {
    this.#checked.delete(this.#pathOf(key, file));
    const sum = new RowChecksum();
    const manifest = { ...emptyManifest(key, table), files: [file] };
    for await (const batch of this.readPartition(table, manifest)) sum.add(batch);
    if (sum.rows === file.rows && sum.hex === file.rowChecksum) return sum;
    const said = `${file.rows} rows, checksum ${file.rowChecksum}`;
    const message = `holds ${sum.rows} rows, checksum ${sum.hex}; its manifest says ${said}`;
    throw new LakeError('LAKE_DAMAGED', `${this.#where(this.#pathOf(key, file))} ${message}`);
  }

  /** A file beside those that are there; it counts once `putManifest` names it. */
  async putFile(
    table: TableDeclaration,
    known: Manifest,
    batches: readonly RowBatch[],
    sum: RowChecksum,
  ): Promise<LakeFile> {
    const bytes = await this.#parquet.encode(table, batches);
    const sha256 = sha256Of(bytes);
    const file: LakeFile = {
      name: `${nextNumber(known)}-${sha256.slice(0, 8)}.parquet`,
      bytes: bytes.length,
      sha256,
      rows: sum.rows,
      rowChecksum: sum.hex,
      ...timesOf(table, batches),
      version: table.version,
      columns: table.columns.map(({ name, kind }) => ({ name, kind })),
    };
    await this.place.put(this.#pathOf(known, file), bytes);
    return file;
  }

  async putManifest(manifest: Manifest): Promise<void> {
    await this.place.put(manifestPath(manifest), encodeManifest(manifest));
  }

  /** Whether every file that this manifest names is there, with its length. */
  async hasFiles(path: string, bytes: Uint8Array): Promise<boolean> {
    const manifest = decodeManifest(this.#where(path), bytes);
    const folder = partitionFolder(manifest);
    const there = new Map((await this.place.list(folder)).map((one) => [one.path, one.bytes]));
    return manifest.files.every((file) => there.get(`${folder}${file.name}`) === file.bytes);
  }

  /** Files in a partition's folder that its manifest does not name: left by who died. */
  async strayFiles(key: PartitionKey): Promise<readonly string[]> {
    const named = new Set((await this.manifest(key))?.files.map(({ name }) => name));
    const folder = partitionFolder(key);
    const all = await this.place.list(folder);
    const names = all.map(({ path }) => path.slice(folder.length));
    return names
      .filter((name) => name !== MANIFEST_NAME && !named.has(name))
      .map((name) => `${folder}${name}`);
  }

  close(): Promise<void> {
    return this.#parquet.close();
  }

  async *#readDay(query: SeriesQuery, keys: readonly PartitionKey[]): AsyncIterable<RowBatch> {
    const manifests: Manifest[] = [];
    for (const key of keys) {
      const manifest = await this.manifest(key);
      if (manifest !== undefined) manifests.push(manifest);
    }
    yield* this.#readFiles(query, manifests);
  }

  async *#readFiles(query: SeriesQuery, manifests: readonly Manifest[]): AsyncIterable<RowBatch> {
    const { table, fromUs, untilUs, only, batchRows = BATCH_ROWS } = query;
    const wanted = manifests.map((manifest) => ({
      ...manifest,
      files: manifest.files.filter(({ minUs, maxUs }) => maxUs >= fromUs && minUs < untilUs),
    }));
    const all = wanted.flatMap(({ files }) => files);
    if (all.length === 0) return;
    const there = withColumnsOf({ ...table, columns: [] }, all).columns;
    const fetched: Fetched[] = [];
    try {
      for (const key of wanted) {
        for (const file of key.files) fetched.push(await this.#fetch(key, file));
      }
      const files = fetched.map(({ path }) => path);
      const isOverlapping = wanted.some((manifest) => hasOverlap(manifest.files));
      const asked = { table, files, there, isOverlapping, fromUs, untilUs, batchRows };
      yield* this.#parquet.read(only === undefined ? asked : { ...asked, only });
    } finally {
      for (const { release } of fetched) release();
    }
  }

  /** On this machine, and what its manifest says. */
  async #fetch(key: PartitionKey, file: LakeFile): Promise<Fetched> {
    const path = this.#pathOf(key, file);
    const local = this.place.localPath(path);
    if (local !== undefined && this.#checked.has(path)) return { path: local, release: () => {} };
    const bytes = await this.#get(path);
    if (bytes === undefined) throw this.#damage(path, 'its manifest names it, and it is not there');
    if (bytes.length !== file.bytes) {
      throw this.#damage(path, `it has ${bytes.length} bytes, its manifest says ${file.bytes}`);
    }
    if (sha256Of(bytes) !== file.sha256) {
      throw this.#damage(path, 'its bytes do not match the SHA-256 in its manifest');
    }
    this.#checked.add(path);
    if (local !== undefined) return { path: local, release: () => {} };
    // Its own name stays: by it, a later file's rows replace an earlier one's.
    const folder = await this.#parquet.scratchFolder();
    fs.writeFileSync(`${folder}/${file.name}`, bytes);
    const release = (): void => fs.rmSync(folder, { recursive: true, force: true });
    return { path: `${folder}/${file.name}`, release };
  }

  async #get(path: string): Promise<Uint8Array | undefined> {
    try {
      return await this.place.get(path);
    } catch (error) {
      if (error instanceof LakeError && error.code === 'LAKE_MISSING') return undefined;
      throw error;
    }
  }

  #pathOf(key: PartitionKey, file: LakeFile): string {
    return `${partitionFolder(key)}${file.name}`;
  }

  #damage(path: string, reason: string): LakeError {
    return new LakeError('LAKE_DAMAGED', `${this.#where(path)}: ${reason}`);
  }

  #where(path: string): string {
    return `${path} in ${this.place.name}`;
  }
}

interface Fetched {
  readonly path: string;
  release(): void;
}

/** `2025-01-02` of a moment. */
export function dateOf(us: number): string {
  return formatTime(Math.max(0, Math.min(us, LATEST_US))).slice(0, 10);
}

/** The year 9999, as far as dates of four digits go. */
const LATEST_US = 253_402_300_799_000_000;

/** Two files of a partition whose times meet may have a row of the same keys. */
export function hasOverlap(files: readonly LakeFile[]): boolean {
  return files.some((file, index) => files.slice(index + 1).some((later) => meets(file, later)));
}

export function meets(left: LakeFile, right: LakeFile): boolean {
  return left.minUs <= right.maxUs && right.minUs <= left.maxUs;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function nextNumber({ files }: Manifest): string {
  const numbers = files.map(({ name }) => Number.parseInt(name, 10));
  return String(Math.max(0, ...numbers) + 1).padStart(6, '0');
}

function timesOf(table: TableDeclaration, batches: readonly RowBatch[]) {
  const index = table.columns.findIndex(({ name }) => name === table.time);
  let [minUs, maxUs] = [Number.MAX_SAFE_INTEGER, 0];
  for (const { columns, rows } of batches) {
    const times = columns[index];
    if (!(times instanceof Float64Array)) continue;
    for (let row = 0; row < rows; row += 1) {
      minUs = Math.min(minUs, times[row] ?? minUs);
      maxUs = Math.max(maxUs, times[row] ?? maxUs);
    }
  }
  return { minUs, maxUs };
}

/** Whether rows of any of the symbols can lie in its bucket. */
function canHold({ bucket, buckets }: PartitionKey, symbols: readonly string[] | undefined) {
  return symbols?.some((symbol) => symbolBucket(symbol, buckets) === bucket) ?? true;
}

function byDate(keys: readonly PartitionKey[]): readonly (readonly PartitionKey[])[] {
  const days = new Map<string, PartitionKey[]>();
  for (const key of keys) {
    const day = days.get(key.date);
    if (day === undefined) days.set(key.date, [key]);
    else day.push(key);
  }
  return [...days.values()];
}
