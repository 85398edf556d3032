import { LakeError } from '../lake/lake-error.ts';
import type { Lake } from '../lake/lake.ts';
import { declarationOf, type Manifest, partitionFolder } from '../lake/manifest.ts';
import { RowChecksum } from '../lake/row-checksum.ts';
import type { RowBatch } from '../../ports/time-series.ts';
import type { LakeTools } from './lifecycle-tools.ts';

/** A partition that lies in more files than it needs, or has files that nobody counts. */
export interface Fragmented {
  readonly manifest: Manifest;
  /** Files that would become one, or fewer; empty where only strays go. */
  readonly files: number;
  readonly bytes: number;
  /** Left by runs that died; no manifest names them. */
  readonly strays: readonly string[];
}

export interface Consolidated {
  readonly partition: string;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly rows: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly straysRemoved: number;
}

/** Partitions of a table that are worth consolidating: two files or more that fit into one. */
export async function fragmented(
  lake: Lake,
  table: string,
  { rowsPerFileMax, bytesPerFileMax }: LakeTools,
): Promise<readonly Fragmented[]> {
  const found: Fragmented[] = [];
  for (const manifest of await lake.partitions(table)) {
    const { files } = manifest;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const isSmall = rows <= rowsPerFileMax && bytes <= bytesPerFileMax;
    const isWorth = files.length > 1 && isSmall;
    const strays = await lake.strayFiles(manifest);
    if (isWorth || strays.length > 0) {
      found.push({ manifest, files: isWorth ? files.length : 0, bytes, strays });
    }
  }
  return found;
}

/**
 * Writes what a partition holds into one file, looks whether that is what it holds, lets the
 * manifest name it alone, and removes the others last. Readers see the old or the new, never both.
 */
export async function consolidate(
  tools: LakeTools,
  { manifest, files, bytes }: Fragmented,
): Promise<Consolidated> {
  const now = files > 1 ? await merge(tools, manifest) : manifest;
  // Asked anew: what a run that died has written may be just what this one named.
  const strays = await tools.lake.strayFiles(now);
  for (const path of strays) await tools.lake.place.remove(path);
  return {
    partition: partitionFolder(manifest),
    filesBefore: manifest.files.length,
    filesAfter: now.files.length,
    rows: now.files.reduce((sum, file) => sum + file.rows, 0),
    bytesBefore: bytes,
    bytesAfter: now.files.reduce((sum, file) => sum + file.bytes, 0),
    straysRemoved: strays.length,
  };
}

async function merge(tools: LakeTools, manifest: Manifest): Promise<Manifest> {
  const { lake, at, progress } = tools;
  const table = declarationOf([manifest]);
  if (table === undefined) return manifest;
  const sum = new RowChecksum();
  const batches: RowBatch[] = [];
  for await (const batch of lake.readPartition(table, manifest)) {
    sum.add(batch);
    batches.push(batch);
  }
  await tools.reserve(manifest.files.reduce((bytes, file) => bytes + file.bytes, 0));
  const file = await lake.putFile(table, manifest, batches, sum);
  await at('mergedWritten');
  const there = await lake.checksumOf(table, manifest, file);
  if (!there.equals(sum)) {
    throw new LakeError('LAKE_DIFFERS', `${partitionFolder(manifest)}${file.name} differs`);
  }
  const merged = { ...manifest, files: [file] };
  await lake.putManifest(merged);
  await at('mergedNamed');
  for (const { name } of manifest.files) {
    await lake.place.remove(`${partitionFolder(manifest)}${name}`);
    await at('fragmentRemoved');
  }
  progress(sum.rows);
  return merged;
}
