import { LakeError } from '../lake/lake-error.ts';
import { isCount, isRecord, parseJson } from '../lake/manifest.ts';
import type { Place } from '../lake/place.ts';

export const BACKUP_MANIFEST = 'backup.json';
export const BACKUP_FORMAT = 1;

/** Written last: a backup without it was never finished. */
export interface BackupManifest {
  readonly format: typeof BACKUP_FORMAT;
  readonly atUs: number;
  /** Of the store, as Parquet in `store/`, with the sum of their rows. */
  readonly tables: readonly BackedUpTable[];
  /** Everything else: manifests of the lake in `lake/`, files of the data directory in `data/`. */
  readonly files: readonly BackedUpFile[];
}

export interface BackedUpTable {
  readonly table: string;
  readonly rows: number;
  readonly rowChecksum: string;
}

export interface BackedUpFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Undefined where there is none, and with it no whole backup. */
export async function readBackup(place: Place): Promise<BackupManifest | undefined> {
  if ((await place.size(BACKUP_MANIFEST)) === undefined) return undefined;
  const where = `${BACKUP_MANIFEST} in ${place.name}`;
  const content = parseJson(where, await place.get(BACKUP_MANIFEST));
  const { format, atUs, tables, files } = content;
  if (isCount(format) && format > BACKUP_FORMAT) {
    throw new LakeError('LAKE_NEWER', `${where} has format ${format}, this build ${BACKUP_FORMAT}`);
  }
  if (
    format !== BACKUP_FORMAT ||
    !isCount(atUs) ||
    !isAll(tables, isTable) ||
    !isAll(files, isFile)
  ) {
    throw new LakeError('LAKE_DAMAGED', `${where} is no manifest of a backup`);
  }
  return { format, atUs, tables, files };
}

function isAll<Value>(
  value: unknown,
  isOne: (value: unknown) => value is Value,
): value is readonly Value[] {
  return Array.isArray(value) && value.every(isOne);
}

function isTable(value: unknown): value is BackedUpTable {
  if (!isRecord(value)) return false;
  const { table, rows, rowChecksum } = value;
  return typeof table === 'string' && isCount(rows) && typeof rowChecksum === 'string';
}

function isFile(value: unknown): value is BackedUpFile {
  if (!isRecord(value)) return false;
  const { path, bytes, sha256 } = value;
  return isBelow(path) && isCount(bytes) && typeof sha256 === 'string';
}

/** It says where a file is put: nowhere but in the lake and in the data directory. */
function isBelow(path: unknown): path is string {
  if (typeof path !== 'string') return false;
  const parts = path.split('/');
  return /^(?:lake|data)$/.test(parts[0] ?? '') && parts.every((part) => !/^\.{0,2}$/.test(part));
}
