import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { syncFolder } from '../durable-folder.ts';
import { JournalError } from './journal-error.ts';
import { packedName } from './segment-names.ts';

/** The moments between which packing can die. In the order in which it passes them. */
export const PACK_POINTS = [
  /** Some of the compressed form is in a draft that no reader looks at. */
  'partDrafted',
  /** All of it, on the device, read back and the same. */
  'draftVerified',
  /** The segment is there twice. */
  'draftNamed',
  /** Only compressed. */
  'segmentRemoved',
] as const;

export type PackPoint = (typeof PACK_POINTS)[number];

export interface PackedFile {
  /** As it was written, and as it is now. */
  readonly bytes: number;
  readonly packedBytes: number;
}

export interface PackSteps {
  /** Called after each of them; a test dies there. */
  at(point: PackPoint): void;
  /** Called after every part: where a thread lets others have the processor. */
  rest(): void;
}

/** So much is compressed at a time: a member of the file of its own, and all that is in memory. */
export const PART_BYTES = 4 << 20;
/** So many times a segment is free where it may be compressed. */
const ROOM_SEGMENTS = 2;
/** Of a seeded day level 4 made 0.31 in 9 ms a megabyte, level 1 0.33 in 6, level 6 0.30 in 25. */
const LEVEL = 4;

/**
 * Replaces a segment that nobody writes any more by its compressed form, a part at a time. Readers
 * take either: the segment goes only when the other was written, synced, read back from the disk
 * and found the same, and has its name. Whatever a run that died has left is found and done anew.
 */
export function packFile(place: string, { at, rest }: PackSteps): PackedFile {
  const [packed, draft] = [packedName(place), `${packedName(place)}.tmp`];
  const parts = writeDraft(place, draft, () => {
    at('partDrafted');
    rest();
  });
  demandSame(place, draft, parts, rest);
  at('draftVerified');
  renameSync(draft, packed);
  syncFolder(dirname(place));
  at('draftNamed');
  rmSync(place);
  syncFolder(dirname(place));
  at('segmentRemoved');
  return parts.reduce(
    (sum, { bytes, packedBytes }) => ({
      bytes: sum.bytes + bytes,
      packedBytes: sum.packedBytes + packedBytes,
    }),
    { bytes: 0, packedBytes: 0 },
  );
}

/** What a run that was ended has left of its draft. Where it stays, the next run writes over it. */
export function dropDraft(place: string): void {
  try {
    rmSync(`${packedName(place)}.tmp`, { force: true });
  } catch {
    // A disk that refuses this says so to whoever needs it: here nothing does.
  }
}

function writeDraft(place: string, draft: string, drafted: () => void): readonly PackedFile[] {
  const from = openSync(place, 'r');
  const to = openSync(draft, 'w');
  try {
    const { size } = fstatSync(from);
    // Whoever opened it too late to find it has made it anew.
    if (size === 0) throw unequal(`${place} holds nothing`);
    demandRoom(place, size);
    const parts: PackedFile[] = [];
    for (let at = 0; at < size; at += PART_BYTES) {
      const part = readPart(from, at, Math.min(PART_BYTES, size - at));
      const packed = gzipSync(part, { level: LEVEL });
      writeWhole(to, packed);
      parts.push({ bytes: part.length, packedBytes: packed.length });
      drafted();
    }
    fsyncSync(to);
    return parts;
  } finally {
    closeSync(to);
    closeSync(from);
  }
}

/** For a while the segment is there twice: the last of a disk is for what is recorded next. */
function demandRoom(place: string, size: number): void {
  const { bavail, bsize } = statfsSync(dirname(place));
  const freeBytes = bavail * bsize;
  if (freeBytes >= ROOM_SEGMENTS * size) return;
  throw unequal(`${freeBytes} bytes are free, too few to have ${size} of ${place} twice`);
}

/** From the disk, not from what was in memory. Throws where a byte is another. */
function demandSame(
  place: string,
  draft: string,
  parts: readonly PackedFile[],
  rest: () => void,
): void {
  const from = openSync(place, 'r');
  const to = openSync(draft, 'r');
  try {
    let [at, packedAt] = [0, 0];
    for (const { bytes, packedBytes } of parts) {
      const there = gunzipSync(readPart(to, packedAt, packedBytes), { maxOutputLength: bytes });
      if (Buffer.compare(there, readPart(from, at, bytes)) !== 0) {
        throw unequal(`${draft} does not unpack to what ${place} holds at ${at}`);
      }
      at += bytes;
      packedAt += packedBytes;
      rest();
    }
    const isWhole = fstatSync(from).size === at && fstatSync(to).size === packedAt;
    if (!isWhole) throw unequal(`${place} or its draft has changed meanwhile`);
  } finally {
    closeSync(to);
    closeSync(from);
  }
}

function readPart(file: number, at: number, bytes: number): Uint8Array {
  const part = new Uint8Array(bytes);
  for (let done = 0; done < bytes;) {
    const read = readSync(file, part, done, bytes - done, at + done);
    if (read === 0) throw unequal(`a file of the journal ends at byte ${at + done}`);
    done += read;
  }
  return part;
}

/** Nothing is lost: the segment is what it was. */
function unequal(message: string): JournalError {
  return new JournalError('JOURNAL_FAILED', message);
}

/** write(2) may take less than it was given. */
function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at);
}
