import { assert } from '../../core/assert.ts';
import { ByteReader, ByteWriter } from '../../core/bytes.ts';
import { DiskError, type Disk } from '../../ports/disk.ts';
import { checksum } from './checksum.ts';

/** State as it was after the record `sequence`; recovery applies the records after it. */
export interface Snapshot {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface SnapshotSearch {
  /** The newest undamaged one; without one, recovery starts at the journal's beginning. */
  readonly snapshot: Snapshot | undefined;
  /** Newer ones that were passed over, newest first. To be reported, never ignored. */
  readonly damaged: readonly { readonly name: string; readonly expected: string }[];
}

/** One spare, in case the newest is damaged. */
const SNAPSHOTS_KEPT = 2;
const VERSION = 1;
const MAGIC = 0x50_4e_53_53; // "SSNP"
/** Magic, version (u32), sequence (f64), payload bytes, CRC-32 of those and the payload (u32). */
const HEADER_BYTES = 24;
const CHECKED_BYTES = HEADER_BYTES - 4;

/**
 * Writes a snapshot so that a crash leaves it whole or absent, then removes all but the newest two.
 * Call it only for a sequence that is durable in the journal: state must not outlive its records.
 */
export function writeSnapshot(
  disk: Disk,
  folder: string,
  sequence: number,
  bytes: Uint8Array,
): void {
  assert(Number.isSafeInteger(sequence) && sequence >= 0, 'a snapshot follows a record');
  const writer = new ByteWriter(HEADER_BYTES + bytes.length);
  writer.u32(MAGIC);
  writer.u32(VERSION);
  writer.f64(sequence);
  writer.u32(bytes.length);
  writer.u32(checksum(bytes, 0, bytes.length, checksum(writer.bytes, 0, CHECKED_BYTES)));
  writer.raw(bytes);
  disk.replace(`${folder}/${snapshotName(sequence)}`, writer.view());
  const names = snapshotNames(disk, folder);
  for (const name of names.slice(SNAPSHOTS_KEPT)) disk.remove(`${folder}/${name}`);
}

/**
 * The newest readable snapshot at or before `sequenceMax`, and which ones were damaged. `objection`
 * says what it expected of one that is whole but cannot be used.
 */
export function latestSnapshot(
  disk: Disk,
  folder: string,
  sequenceMax = Number.MAX_SAFE_INTEGER,
  objection: (snapshot: Snapshot) => string | undefined = () => undefined,
): SnapshotSearch {
  const damaged: { name: string; expected: string }[] = [];
  for (const name of snapshotNames(disk, folder)) {
    const result = read(disk, folder, name);
    if ('expected' in result) {
      damaged.push({ name, expected: result.expected });
    } else if (result.sequence <= sequenceMax) {
      const expected = objection(result);
      if (expected === undefined) return { snapshot: result, damaged };
      damaged.push({ name, expected });
    }
  }
  return { snapshot: undefined, damaged };
}

/** The records that snapshots claim to follow, by their names, newest first. */
export function snapshotSequences(disk: Disk, folder: string): readonly number[] {
  return snapshotNames(disk, folder).map((name) => Number(name.slice(0, -'.snap'.length)));
}

/** A file that cannot be read is as good as a damaged one: an older one may do. */
function read(disk: Disk, folder: string, name: string): Snapshot | { readonly expected: string } {
  try {
    return decode(name, disk.read(`${folder}/${name}`));
  } catch (error) {
    if (error instanceof DiskError) return { expected: `to be readable (${error.message})` };
    throw error;
  }
}

function decode(name: string, bytes: Uint8Array): Snapshot | { readonly expected: string } {
  if (bytes.length < HEADER_BYTES) return { expected: 'a whole header' };
  const reader = new ByteReader(bytes);
  if (reader.u32() !== MAGIC) return { expected: 'the magic of a snapshot' };
  const version = reader.u32();
  const sequence = reader.f64();
  const length = reader.u32();
  if (length !== bytes.length - HEADER_BYTES) return { expected: 'the length of its header' };
  const sum = checksum(bytes, HEADER_BYTES, bytes.length, checksum(bytes, 0, CHECKED_BYTES));
  if (reader.u32() !== sum) return { expected: 'its checksum' };
  if (version !== VERSION) return { expected: `version ${VERSION}` };
  if (snapshotName(sequence) !== name) return { expected: 'the sequence of its name' };
  return { sequence, bytes: reader.raw(length) };
}

/** Newest first. */
function snapshotNames(disk: Disk, folder: string): readonly string[] {
  return disk
    .list(folder)
    .filter((name) => /^\d{16}\.snap$/.test(name))
    .toReversed();
}

export function snapshotName(sequence: number): string {
  return `${String(sequence).padStart(16, '0')}.snap`;
}
