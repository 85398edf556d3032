import { gunzipSync, gzipSync } from 'node:zlib';
import type { Disk } from '../../ports/disk.ts';
import { JournalDamage, JournalError } from './journal-error.ts';
import { movedName, packedName, segmentOfFile } from './segment-names.ts';

/** No segment is larger; a damaged file that claims to be is not unpacked to the end of memory. */
const maxOutputLength = 1 << 30;

/** Names of the segments that are there in any form, in order, each once. */
export function segmentNamesIn(disk: Disk, folder: string): readonly string[] {
  const names = disk.list(folder).flatMap((name) => segmentOfFile(name) ?? []);
  return [...new Set(names)].toSorted();
}

/**
 * As it was written, whether it is compressed by now or not. Throws `JOURNAL_MOVED` for one that is
 * in the lake alone, and `JournalDamage` for one that does not unpack.
 */
export function readSegment(disk: Disk, folder: string, segment: string): Uint8Array {
  const path = `${folder}/${segment}`;
  if (disk.exists(path)) return disk.read(path);
  const packed = `${folder}/${packedName(segment)}`;
  if (disk.exists(packed)) return unpackSegment(segment, disk.read(packed));
  if (!disk.exists(`${folder}/${movedName(segment)}`)) return disk.read(path);
  throw new JournalError('JOURNAL_MOVED', `${path} is in the lake: nothing of it is lost`);
}

export function packSegment(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 6 });
}

export function unpackSegment(segment: string, packed: Uint8Array): Uint8Array {
  try {
    const { buffer, byteOffset, length } = gunzipSync(packed, { maxOutputLength });
    // No Buffer: whose `slice` is a view, where others expect a copy that stays.
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    throw new JournalDamage(packedName(segment), 0, 'a compressed segment that is whole');
  }
}
