import type { ColumnDeclaration, ColumnKind, TableDeclaration } from '../../ports/time-series.ts';
import { LakeError } from './lake-error.ts';

/** Raised when a reader of before could misunderstand it. */
export const MANIFEST_FORMAT = 1;

/** One table, one day of UTC, one bucket of symbols. */
export interface PartitionKey {
  readonly table: string;
  /** `2025-01-02`. */
  readonly date: string;
  readonly bucket: number;
  readonly buckets: number;
}

/** What a partition holds. Written last: a file that no manifest names is not there. */
export interface Manifest extends PartitionKey {
  readonly format: typeof MANIFEST_FORMAT;
  /** As the table declares them: with the columns of its files, a partition explains itself. */
  readonly time: string;
  readonly partition: TableDeclaration['partition'];
  readonly keys: readonly string[];
  /** In the order they came: a row of a later one replaces that of the same keys of an earlier. */
  readonly files: readonly LakeFile[];
}

export interface LakeFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
  readonly rows: number;
  /** `RowChecksum` of its rows. */
  readonly rowChecksum: string;
  readonly minUs: number;
  readonly maxUs: number;
  /** Of the table's declaration, and its columns, when it was written. */
  readonly version: number;
  readonly columns: readonly FileColumn[];
}

export interface FileColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export const MANIFEST_NAME = 'manifest.json';

export function partitionFolder({ table, date, bucket, buckets }: PartitionKey): string {
  return `${table}/date=${date}/bucket=${two(bucket)}-of-${two(buckets)}/`;
}

export function manifestPath(key: PartitionKey): string {
  return `${partitionFolder(key)}${MANIFEST_NAME}`;
}

/** Undefined for a file that is none of a partition's. */
export function parsePartitionPath(path: string): (PartitionKey & { name: string }) | undefined {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const [, table = '', date = '', bucket, buckets, name = ''] = match;
  return { table, date, bucket: Number(bucket), buckets: Number(buckets), name };
}

const PATH = /^([a-z_0-9]+)\/date=(\d{4}-\d\d-\d\d)\/bucket=(\d+)-of-(\d+)\/([^/]+)$/;

export function encodeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 1)}\n`);
}

/** Throws `LAKE_DAMAGED`, or `LAKE_NEWER` for a format that this build does not know. */
export function decodeManifest(where: string, bytes: Uint8Array): Manifest {
  const content = parseJson(where, bytes);
  const { format, table, date, bucket, buckets, files, time, partition, keys } = content;
  if (typeof format === 'number' && format > MANIFEST_FORMAT) {
    const versions = `format ${format}, this build reads ${MANIFEST_FORMAT}`;
    throw new LakeError('LAKE_NEWER', `${where} has ${versions}`);
  }
  if (
    format !== MANIFEST_FORMAT ||
    typeof table !== 'string' ||
    typeof date !== 'string' ||
    !isCount(bucket) ||
    !isCount(buckets) ||
    typeof time !== 'string' ||
    !isPartition(partition) ||
    !isTexts(keys) ||
    !Array.isArray(files)
  ) {
    throw new LakeError('LAKE_DAMAGED', `${where} is no manifest of a partition`);
  }
  return {
    format,
    table,
    date,
    bucket,
    buckets,
    time,
    partition,
    keys,
    files: files.map((file: unknown) => {
      if (isLakeFile(file)) return file;
      throw new LakeError('LAKE_DAMAGED', `${where} names a file that it does not describe`);
    }),
  };
}

/** One without files, which is not in the lake yet. */
export function emptyManifest(key: PartitionKey, declared: TableDeclaration): Manifest {
  const { table, date, bucket, buckets } = key;
  const { time, partition, keys } = declared;
  const shape = { time, partition, keys };
  return { format: MANIFEST_FORMAT, table, date, bucket, buckets, ...shape, files: [] };
}

/** The table as the files of partitions know it, with every column that any of them has. */
export function declarationOf(manifests: readonly Manifest[]): TableDeclaration | undefined {
  const [first] = manifests;
  if (first === undefined) return undefined;
  const { table, time, partition, keys } = first;
  const files = manifests.flatMap((manifest) => manifest.files);
  const bare: TableDeclaration = {
    name: table,
    tells: 'A table of the lake.',
    version: Math.max(1, ...files.map(({ version }) => version)),
    columns: [],
    time,
    partition,
    keys,
  };
  return withColumnsOf(bare, files);
}

/** With the columns that only the files have: what to read so that nothing of them is lost. */
export function withColumnsOf(
  table: TableDeclaration,
  files: readonly LakeFile[],
): TableDeclaration {
  const columns = new Map<string, ColumnDeclaration>(table.columns.map((one) => [one.name, one]));
  for (const file of files) {
    for (const { name, kind } of file.columns) {
      if (!columns.has(name)) columns.set(name, { name, kind, tells: 'of a later build' });
    }
  }
  if (columns.size === table.columns.length) return table;
  return { ...table, columns: [...columns.values()] };
}

export function parseJson(where: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new LakeError('LAKE_DAMAGED', `${where} is cut short or no JSON`, { cause: error });
  }
  if (isRecord(content)) return content;
  throw new LakeError('LAKE_DAMAGED', `${where} is no object`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isPartition(value: unknown): value is TableDeclaration['partition'] {
  return PARTITIONS.some((one) => one === value);
}

const PARTITIONS = ['hour', 'day', 'month', 'year'] as const;

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isLakeFile(value: unknown): value is LakeFile {
  if (!isRecord(value)) return false;
  const { name, bytes, sha256, rows, rowChecksum, minUs, maxUs, version, columns } = value;
  return (
    typeof name === 'string' &&
    /^[\w.-]+$/.test(name) &&
    [bytes, rows, minUs, maxUs, version].every(isCount) &&
    isHex(sha256, 64) &&
    isHex(rowChecksum, 16) &&
    Array.isArray(columns) &&
    columns.every(isFileColumn)
  );
}

function isFileColumn(value: unknown): value is FileColumn {
  if (!isRecord(value)) return false;
  return typeof value['name'] === 'string' && KINDS.some((kind) => kind === value['kind']);
}

const KINDS = ['symbol', 'text', 'time', 'double', 'whole', 'truth', 'doubles'] as const;

function isHex(value: unknown, digits: number): boolean {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
