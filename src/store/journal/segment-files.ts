import { gunzipSync, gzipSync } from 'node:zlib';
import { type Disk, DiskError } from '../../ports/disk.ts';
import { isRecord } from '../../core/json.ts';
import { JournalDamage, JournalError } from './journal-error.ts';
import { movedName, packedName, segmentOfFile } from './segment-names.ts';

/** No segment is larger; a damaged file that claims to be is not unpacked to the end of memory. */
const maxOutputLength = 1 << 30;

/** Names of the segments that are there in any form, in order, each once. */
export function segmentNamesIn(disk: Disk, folder: string): readonly string[] {
  const names = disk.list(folder).flatMap((name) => segmentOfFile(name) ?? []);
  return [...new Set(names)].toSorted();
}

/** A segment's bytes as they were written, and how many its file has. */
export interface StoredSegment {
  readonly bytes: Uint8Array;
  readonly storedBytes: number;
}

/**
 * As it was written, whether it is compressed by now or not. Throws `JOURNAL_MOVED` for one that is
 * in the lake alone, and `JournalDamage` for one that does not unpack.
 */
export function readSegment(disk: Disk, folder: string, segment: string): Uint8Array {
  return readStored(disk, folder, segment).bytes;
}

export function readStored(disk: Disk, folder: string, segment: string): StoredSegment {
  const path = `${folder}/${segment}`;
  const whole = disk.exists(path) ? readIfThere(disk, path) : undefined;
  const packed = `${folder}/${packedName(segment)}`;
  // An empty one beside a compressed one was made by somebody who opened it too late to find it.
  const isNone = whole === undefined || (whole.length === 0 && disk.exists(packed));
  if (!isNone) return { bytes: whole, storedBytes: whole.length };
  if (disk.exists(packed)) {
    const stored = disk.read(packed);
    return { bytes: unpackSegment(segment, stored), storedBytes: stored.length };
  }
  if (!disk.exists(`${folder}/${movedName(segment)}`)) {
    const bytes = disk.read(path);
    return { bytes, storedBytes: bytes.length };
  }
  throw new JournalError('JOURNAL_MOVED', `${path} is in the lake: nothing of it is lost`);
}

/** A session that runs may have replaced it by its compressed form since it was looked for. */
function readIfThere(disk: Disk, path: string): Uint8Array | undefined {
  try {
    return disk.read(path);
  } catch (error) {
    if (error instanceof DiskError && error.code === 'DISK_MISSING') return undefined;
    throw error;
  }
}

export function packSegment(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 6 });
}

export function unpackSegment(segment: string, packed: Uint8Array): Uint8Array {
  const unpacked = unpack(packed);
  if (unpacked !== undefined) return unpacked;
  throw new JournalDamage(packedName(segment), 0, 'a compressed segment that is whole');
}

/** Undefined where it is not whole. */
function unpack(packed: Uint8Array): Uint8Array | undefined {
  try {
    const told: unknown = gunzipSync(packed, { maxOutputLength, info: true });
    // Zeros between its members would end it, and what comes after them would be left out.
    if (!isTold(told) || told.engine.bytesWritten !== packed.length) return undefined;
    const { buffer, byteOffset, length } = told.buffer;
    // No Buffer: whose `slice` is a view, where others expect a copy that stays.
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    return undefined;
  }
}

/** What it made, and how much it has read for it. */
interface Told {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function isTold(value: unknown): value is Told {
  if (!isRecord(value)) return false;
  const { buffer, engine } = value;
  return buffer instanceof Uint8Array && isRecord(engine);
}
