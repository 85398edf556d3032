import { ByteReader } from '../../core/bytes.ts';
import type { Disk } from '../../ports/disk.ts';
import { readBlock, RECORD_HEADER_BYTES, type Block } from './block-format.ts';
import { JournalDamage, JournalError } from './journal-error.ts';
import {
  decodeSegmentHeader,
  FORMAT_VERSION,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import { readSegment, readStored, segmentNamesIn } from './segment-files.ts';
import { segmentName } from './segment-names.ts';

export interface JournalRecord {
  readonly kind: number;
  readonly sequence: number;
  readonly nowUs: number;
  /** The two lanes of the decision hash before this record, as `Hash64` holds them. */
  readonly hashHigh: number;
  readonly hashLow: number;
  /** A view into the segment: copy what must outlive the visit. */
  readonly payload: Uint8Array;
}

/** What a crash left at the end. Nothing after `offset` was ever acknowledged as durable. */
export interface TornTail {
  readonly segment: string;
  readonly offset: number;
  readonly droppedBytes: number;
  readonly reason: string;
  /** Segments begun after the torn one; they go as a whole, and are counted in `droppedBytes`. */
  readonly laterSegments: readonly string[];
}

export interface JournalContents {
  readonly records: number;
  /** 0 where there is no record. */
  readonly lastSequence: number;
  readonly tail: 'clean' | TornTail;
  /** The last sequence that a block claims was on the device when it was written; 0 for none. */
  readonly durableSequence: number;
  /** Headers of the whole segments, in order: which life, build and config wrote what. */
  readonly segments: readonly SegmentHeader[];
  /** Of the last segment; 0 where there is none. */
  readonly life: number;
  /** Chain value after the last whole block. */
  readonly chain: number;
  /** Of the journal without its torn tail, as its files have them: some are compressed. */
  readonly bytes: number;
}

export type VisitRecord = (record: JournalRecord, segment: SegmentHeader) => void;

export interface ReadOptions {
  /** Records before it are checked but not visited: a snapshot covers them. */
  readonly fromSequence?: number;
}

/**
 * Visits every record in order, one segment in memory at a time, checking headers, chain,
 * checksums and sequences. Only records of whole blocks are visited.
 *
 * An unfinished end, as a crash leaves it, is answered as `tail`, and `repairTail` cuts it off. A
 * block that has all its bytes but not the right ones is not the work of a crash, even if it is the
 * last: its effects may have left. It throws `JournalDamage`, as does anything wrong before the
 * end. Another version of the format throws `JournalError`.
 */
export function readJournal(
  disk: Disk,
  folder: string,
  visit: VisitRecord,
  options: ReadOptions = {},
): JournalContents {
  const walk = new Walk(visit, options.fromSequence ?? 0);
  const blocks = walkBlocks(disk, folder, walk);
  let step = blocks.next();
  while (step.done !== true) step = blocks.next();
  return step.value;
}

/**
 * The same records for one who asks for the next when it wants it, with the same checks. Holds one
 * segment in memory, and of its records those of one block. A payload stays what it is for as long
 * as it is kept, but keeps its segment with it.
 */
export function* journalRecords(disk: Disk, folder: string): Generator<JournalRecord, void> {
  const held: JournalRecord[] = [];
  const walk = new Walk((record) => held.push(record), 0);
  for (const _ of walkBlocks(disk, folder, walk)) {
    yield* held;
    held.length = 0;
  }
}

/** Pauses after every whole block. Answers at the end what was there. */
function* walkBlocks(disk: Disk, folder: string, walk: Walk): Generator<void, JournalContents> {
  const names = segmentNames(disk, folder);
  for (const [index, name] of names.entries()) {
    const { bytes, storedBytes } = readStored(disk, folder, name);
    const torn = yield* walk.segment(name, bytes);
    walk.packed(bytes.length - storedBytes);
    if (torn === undefined) continue;
    // The tear may be before this segment: then the one before ends too early.
    const isBefore = torn.segment !== name;
    const later = readLater(disk, folder, names.slice(isBefore ? index : index + 1), torn);
    const droppedBytes = later.bytes + (isBefore ? 0 : bytes.length - torn.offset);
    return walk.contents({
      segment: torn.segment,
      offset: torn.offset,
      droppedBytes,
      reason: torn.reason,
      laterSegments: later.names,
    });
  }
  return walk.contents('clean');
}

/**
 * Cuts the torn tail off, last things first, so that a crash in between leaves a torn tail again.
 * Answers the contents as they are now, which is what a `JournalWriter` continues.
 */
export function repairTail(disk: Disk, folder: string, contents: JournalContents): JournalContents {
  const { tail } = contents;
  if (tail === 'clean') return contents;
  for (const later of tail.laterSegments.toReversed()) disk.remove(`${folder}/${later}`);
  const path = `${folder}/${tail.segment}`;
  if (tail.offset === 0) disk.remove(path);
  else disk.truncate(path, tail.offset);
  return { ...contents, tail: 'clean' };
}

interface TornAt {
  readonly segment: string;
  readonly offset: number;
  readonly reason: string;
  /** Of the last whole block before the tear. */
  readonly lastSequence: number;
}

/** The state of one pass over the journal. */
class Walk {
  readonly #visit: VisitRecord;
  readonly #fromSequence: number;
  readonly #segments: SegmentHeader[] = [];
  #records = 0;
  #bytes = 0;
  #chain = 0;
  #lastSequence = 0;
  #durableSequence = 0;
  #previousName = '';
  #previousBytes = 0;

  constructor(visit: VisitRecord, fromSequence: number) {
    this.#visit = visit;
    this.#fromSequence = fromSequence;
  }

  contents(tail: JournalContents['tail']): JournalContents {
    return {
      records: this.#records,
      lastSequence: this.#lastSequence,
      durableSequence: this.#durableSequence,
      tail,
      segments: this.#segments,
      life: this.#segments.at(-1)?.life ?? 0,
      chain: this.#chain,
      bytes: this.#bytes,
    };
  }

  /** So many bytes fewer are on the disk than were read. */
  packed(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Answers where the journal is torn; undefined where it is whole up to this segment's end. */
  *segment(name: string, bytes: Uint8Array): Generator<void, TornAt | undefined> {
    const reading = readHeader(name, bytes);
    if (reading.kind === 'incomplete') return this.#torn(name, 0, reading.reason);
    const { header } = reading;
    if (this.#segments.length > 0 && header.firstSequence > this.#lastSequence + 1) {
      const reason = 'the segment ends before the next one begins';
      return this.#torn(this.#previousName, this.#previousBytes, reason);
    }
    this.#checkContinues(name, header);
    this.#segments.push(header);
    this.#chain = reading.chain;
    this.#bytes += SEGMENT_HEADER_BYTES;
    this.#previousName = name;
    this.#previousBytes = bytes.length;
    let at = SEGMENT_HEADER_BYTES;
    for (let number = 0; at < bytes.length; number += 1) {
      const block = readBlock(bytes, at, this.#chain);
      if (block.kind === 'incomplete') return this.#torn(name, at, block.reason);
      if (block.kind === 'damaged') throw new JournalDamage(name, at, block.expected);
      if (block.number !== number) throw new JournalDamage(name, at, `block ${number}`);
      this.#block(name, bytes, block, header);
      this.#chain = block.chain;
      this.#bytes += block.end - at;
      at = block.end;
      yield;
    }
    return undefined;
  }

  #torn(segment: string, offset: number, reason: string): TornAt {
    return { segment, offset, reason, lastSequence: this.#lastSequence };
  }

  #checkContinues(name: string, header: SegmentHeader): void {
    const demand = (isTrue: boolean, expected: string): void => {
      if (!isTrue) throw new JournalDamage(name, 0, expected);
    };
    const previous = this.#segments.at(-1);
    demand(segmentName(header.number) === name, `the segment that is named ${name}`);
    demand(header.previousChain === this.#chain, 'a segment that continues the chain');
    const next = this.#lastSequence + 1;
    demand(header.firstSequence === next, `a segment that begins with sequence ${next}`);
    if (previous === undefined) return;
    demand(header.sessionId === previous.sessionId, `the session ${previous.sessionId}`);
    demand(header.life >= previous.life, `life ${previous.life} or a later one`);
  }

  #block(name: string, bytes: Uint8Array, block: Block, header: SegmentHeader): void {
    if (block.firstSequence !== this.#lastSequence + 1) {
      const at = block.bodyAt;
      throw new JournalDamage(name, at, `a block that begins with ${this.#lastSequence + 1}`);
    }
    const last = this.#lastSequence + block.recordCount;
    if (last >= this.#fromSequence) this.#visitBlock(name, bytes, block, header);
    this.#lastSequence = last;
    this.#records += block.recordCount;
    this.#durableSequence = Math.max(this.#durableSequence, block.durableSequence);
  }

  #visitBlock(name: string, bytes: Uint8Array, block: Block, header: SegmentHeader): void {
    const reader = new ByteReader(bytes, block.bodyAt, block.bodyEnd);
    for (let index = 0; index < block.recordCount; index += 1) {
      const at = reader.at;
      if (block.bodyEnd - at < RECORD_HEADER_BYTES) {
        throw new JournalDamage(name, at, `${block.recordCount} records in the block`);
      }
      const length = reader.u32();
      const kind = reader.u8();
      const sequence = reader.f64();
      const nowUs = reader.f64();
      const hashHigh = reader.i32();
      const hashLow = reader.i32();
      if (sequence !== block.firstSequence + index || reader.at + length > block.bodyEnd) {
        throw new JournalDamage(name, at, `the record ${block.firstSequence + index}`);
      }
      const payload = reader.raw(length);
      if (sequence < this.#fromSequence) continue;
      this.#visit({ kind, sequence, nowUs, hashHigh, hashLow, payload }, header);
    }
    if (!reader.isDone) throw new JournalDamage(name, reader.at, 'the end of the block');
  }
}

/** The names in order; a missing number is damage. */
function segmentNames(disk: Disk, folder: string): readonly string[] {
  const names = segmentNamesIn(disk, folder);
  for (const [index, name] of names.entries()) {
    const wanted = segmentName(index + 1);
    if (name !== wanted) throw new JournalDamage(wanted, 0, 'the segment to be there');
  }
  return names;
}

function readHeader(name: string, bytes: Uint8Array) {
  const reading = decodeSegmentHeader(bytes);
  switch (reading.kind) {
    case 'header':
    case 'incomplete':
      return reading;
    case 'damaged':
      throw new JournalDamage(name, 0, reading.expected);
    case 'otherVersion': {
      const versions = `version ${reading.version}, this build reads ${FORMAT_VERSION}`;
      throw new JournalError('JOURNAL_VERSION', `${name} has format ${versions}`);
    }
  }
}

/**
 * Segments after a tear. Where syncs are awaited, a loss of power between starting a segment and
 * syncing the one before leaves exactly this, and then no block of the later segment claims that
 * anything past the tear was safe. Everything else is damage.
 */
function readLater(disk: Disk, folder: string, names: readonly string[], torn: TornAt) {
  let bytes = 0;
  for (const name of names) {
    const content = readSegment(disk, folder, name);
    demandUnacknowledged(name, content, torn);
    bytes += content.length;
  }
  return { names, bytes };
}

function demandUnacknowledged(name: string, bytes: Uint8Array, torn: TornAt): void {
  const reading = readHeader(name, bytes);
  if (reading.kind === 'incomplete') return;
  const wanted = `what ${name} continues`;
  if (reading.header.durability !== 'fsync') {
    throw new JournalDamage(torn.segment, torn.offset, wanted);
  }
  let chain = reading.chain;
  for (let at = SEGMENT_HEADER_BYTES; at < bytes.length;) {
    const block = readBlock(bytes, at, chain);
    if (block.kind === 'incomplete') return;
    if (block.kind === 'damaged') throw new JournalDamage(name, at, block.expected);
    if (block.durableSequence > torn.lastSequence) {
      throw new JournalDamage(torn.segment, torn.offset, wanted);
    }
    chain = block.chain;
    at = block.end;
  }
}
