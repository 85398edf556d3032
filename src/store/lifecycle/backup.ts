import type { TableDeclaration, TimeSeriesStore } from '../../ports/time-series.ts';
import { LakeError } from '../lake/lake-error.ts';
import { LakePass } from '../lake/lake-pass.ts';
import { EVER, Lake, sha256Of } from '../lake/lake.ts';
import { MANIFEST_NAME } from '../lake/manifest.ts';
import type { Parquet } from '../lake/parquet.ts';
import type { Place } from '../lake/place.ts';
import { RowChecksum } from '../lake/row-checksum.ts';
import { subPlace } from '../lake/sub-place.ts';
import {
  BACKUP_FORMAT,
  BACKUP_MANIFEST,
  type BackedUpFile,
  type BackedUpTable,
  type BackupManifest,
  readBackup,
} from './backup-manifest.ts';
import type { LakeTools } from './lifecycle-tools.ts';
import { restorableDays, restoreDay } from './restore.ts';

export interface BackupRequest {
  readonly tools: LakeTools;
  /** Undefined where there is none: then a backup has no rows. */
  readonly store: TimeSeriesStore | undefined;
  readonly parquet: Parquet;
  /** An empty place, or one in which an earlier run of the same backup died. */
  readonly to: Place;
  readonly tables: readonly TableDeclaration[];
  /** The lake's files are copied too: they lie on this machine, and may go with it. */
  readonly isLakeCopied: boolean;
  /** The data directory, and the folders of it that are copied as they are. */
  readonly data: Place;
  readonly folders: readonly string[];
  readonly nowUs: number;
}

/** What a backup would copy. */
export interface BackupPlan {
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

export async function planBackup(request: BackupRequest): Promise<BackupPlan> {
  const { store, tables } = request;
  const counted: { table: string; rows: number }[] = [];
  for (const table of tables) {
    const parts = (await store?.parts(table)) ?? [];
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    if (rows > 0) counted.push({ table: table.name, rows });
  }
  const files = await filesToCopy(request);
  return {
    tables: counted,
    rows: counted.reduce((sum, { rows }) => sum + rows, 0),
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * Copies the store's rows, the lake or at least its manifests, and the journals, compares each copy
 * with what it was made of, and writes the backup's manifest last. Nobody else may write meanwhile.
 */
export async function backUp(request: BackupRequest): Promise<BackupManifest> {
  const { tools, to, nowUs } = request;
  if ((await readBackup(to)) !== undefined) {
    throw new LakeError('LAKE_REFUSED', `${to.name} holds a whole backup: name an empty place`);
  }
  const tables: BackedUpTable[] = [];
  for (const table of request.tables) {
    const copied = await copyTable(request, table);
    if (copied.rows > 0) tables.push(copied);
  }
  const files: BackedUpFile[] = [];
  for (const file of await filesToCopy(request)) files.push(await copyFile(request, file));
  await tools.at('backupWhole');
  const manifest: BackupManifest = { format: BACKUP_FORMAT, atUs: nowUs, tables, files };
  await to.put(BACKUP_MANIFEST, new TextEncoder().encode(`${JSON.stringify(manifest)}\n`));
  return manifest;
}

export interface RestoredBackup {
  readonly rows: number;
  readonly rowsAlreadyThere: number;
  readonly files: number;
  /** Files that are there with other bytes: they are later, and stay. */
  readonly filesKept: readonly string[];
  /** Manifests of the lake whose files are gone. */
  readonly manifestsLost: readonly string[];
}

/** Puts back what is missing: rows by their keys, files by their paths. Nothing is overwritten. */
export async function restoreBackup(request: BackupRequest): Promise<RestoredBackup> {
  const { to, tools, tables, store } = request;
  const manifest = await readBackup(to);
  if (manifest === undefined) {
    throw new LakeError(
      'LAKE_MISSING',
      `${to.name} holds no whole backup: ${BACKUP_MANIFEST} is not there`,
    );
  }
  const lake = backupLake(request);
  let [rows, rowsAlreadyThere, files] = [0, 0, 0];
  for (const backed of manifest.tables) {
    if (store === undefined) {
      throw new LakeError('LAKE_REFUSED', `no store is configured for the rows of ${backed.table}`);
    }
    const table = tables.find(({ name }) => name === backed.table);
    if (table === undefined) {
      throw new LakeError('LAKE_NEWER', `the backup has a table ${backed.table} of another build`);
    }
    await demandTable(lake, table, backed);
    for (const day of await restorableDays(lake, table, EVER)) {
      const restored = await restoreDay({ ...tools, store, lake }, day);
      rows += restored.rows;
      rowsAlreadyThere += restored.rowsAlreadyThere;
    }
  }
  const filesKept: string[] = [];
  const manifestsLost: string[] = [];
  for (const file of manifest.files) {
    const outcome = await returnFile(request, file);
    if (outcome === 'returned') files += 1;
    if (outcome === 'other') filesKept.push(file.path);
    if (outcome === 'lost') manifestsLost.push(file.path);
  }
  return { rows, rowsAlreadyThere, files, filesKept, manifestsLost };
}

async function copyTable(request: BackupRequest, table: TableDeclaration): Promise<BackedUpTable> {
  const { tools } = request;
  const lake = backupLake(request);
  const { store } = request;
  if (store === undefined) return { table: table.name, rows: 0, rowChecksum: '' };
  const at = async (): Promise<void> => tools.at('backupCopied');
  const pass = new LakePass(lake, table, { ...tools, at, beforeFile: tools.reserve });
  for await (const batch of store.read({ table, ...EVER })) {
    await pass.add(batch);
    tools.progress(batch.rows);
  }
  await pass.finish();
  const { rows, hex } = pass.sum;
  const backed = { table: table.name, rows, rowChecksum: hex };
  if (rows > 0) await demandTable(lake, table, backed);
  return backed;
}

/** Read back whole: also what an earlier run left there that is no more in the store is found. */
async function demandTable(
  lake: Lake,
  table: TableDeclaration,
  { rows, rowChecksum }: BackedUpTable,
): Promise<void> {
  const sum = new RowChecksum();
  for await (const batch of lake.read({ table, ...EVER })) sum.add(batch);
  if (sum.rows === rows && sum.hex === rowChecksum) return;
  const message = `${table.name} in ${lake.place.name}: ${sum.rows} rows, checksum ${sum.hex}`;
  throw new LakeError('LAKE_DIFFERS', `${message}, and not ${rows}, ${rowChecksum}`);
}

interface FileToCopy {
  readonly from: Place;
  readonly path: string;
  readonly to: string;
  readonly bytes: number;
}

async function filesToCopy({
  tools,
  data,
  folders,
  isLakeCopied,
}: BackupRequest): Promise<readonly FileToCopy[]> {
  const { place } = tools.lake;
  const all = await place.list('');
  const manifests = all.filter(({ path }) => isManifest(path));
  // A manifest comes back after the files that it names.
  const others = isLakeCopied ? all.filter(({ path }) => !isManifest(path)) : [];
  const found = [...others, ...manifests].map(({ path, bytes }) => ({
    from: place,
    path,
    bytes,
    to: `lake/${path}`,
  }));
  for (const folder of folders) {
    const files = await data.list(`${folder}/`);
    found.push(
      ...files.map(({ path, bytes }) => ({ from: data, path, bytes, to: `data/${path}` })),
    );
  }
  return found;
}

async function copyFile({ tools, to }: BackupRequest, file: FileToCopy): Promise<BackedUpFile> {
  const bytes = await file.from.get(file.path);
  const copied = { path: file.to, bytes: bytes.length, sha256: sha256Of(bytes) };
  const size = await to.size(file.to);
  const isThere = size === bytes.length && sha256Of(await to.get(file.to)) === copied.sha256;
  if (isThere) return copied;
  await tools.reserve(bytes.length);
  await to.put(file.to, bytes);
  await demandFile(to, copied);
  await tools.at('backupCopied');
  return copied;
}

async function demandFile(
  place: Place,
  { path, bytes, sha256 }: BackedUpFile,
): Promise<Uint8Array> {
  const there = await place.get(path);
  if (there.length === bytes && sha256Of(there) === sha256) return there;
  const message = `${path} in ${place.name} has ${there.length} bytes`;
  throw new LakeError(
    'LAKE_DAMAGED',
    `${message}, and is not the file of ${bytes} that was copied`,
  );
}

/** A manifest of the lake only where its files still are: else it would promise what is gone. */
async function returnFile(
  { to, data, tools }: BackupRequest,
  file: BackedUpFile,
): Promise<'returned' | 'same' | 'other' | 'lost'> {
  const bytes = await demandFile(to, file);
  const isOfLake = file.path.startsWith('lake/');
  const place = isOfLake ? tools.lake.place : data;
  const path = file.path.slice(isOfLake ? 'lake/'.length : 'data/'.length);
  if ((await place.size(path)) !== undefined) {
    return sha256Of(await place.get(path)) === file.sha256 ? 'same' : 'other';
  }
  if (isOfLake && isManifest(path) && !(await tools.lake.hasFiles(path, bytes))) return 'lost';
  await place.put(path, bytes);
  return 'returned';
}

function isManifest(path: string): boolean {
  return path.endsWith(`/${MANIFEST_NAME}`);
}

function backupLake({ to, parquet }: BackupRequest): Lake {
  return new Lake(subPlace(to, 'store/'), parquet);
}
