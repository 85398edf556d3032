import { assert } from '../../core/assert.ts';
import { ByteWriter } from '../../core/bytes.ts';
import type { Hash64 } from '../../core/hash.ts';
import { DiskError, type Disk, type DiskFile } from '../../ports/disk.ts';
import {
  BLOCK_END_BYTES,
  BLOCK_HEADER_BYTES,
  RECORD_HEADER_BYTES,
  sealBlock,
} from './block-format.ts';
import { JournalError } from './journal-error.ts';
import type { JournalContents } from './journal-reader.ts';
import {
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type Durability,
  type SegmentHeader,
  type SessionIdentity,
} from './segment-header.ts';
import { checksum } from './checksum.ts';
import { segmentName } from './segment-names.ts';

/**
 * `reduceOnly`: space is running out, so no new exposure; everything is still recorded. It lasts
 * until the next start. `failed` is final: what was acknowledged stays so, nothing more ever is.
 */
export type JournalState = 'open' | 'reduceOnly' | 'failed' | 'closed';

export interface JournalSettings {
  readonly durability: Durability;
  /** Budget for all segments of the session. At 90 % of it the journal turns `reduceOnly`. */
  readonly bytesMax: number;
  readonly segmentBytesMax?: number;
  readonly blockBytesMax?: number;
}

export interface JournalOpening {
  readonly disk: Disk;
  /** See `journalFolder`. */
  readonly folder: string;
  readonly identity: SessionIdentity;
  /** What `readJournal` found there, repaired; the new life continues it. */
  readonly contents: JournalContents;
  readonly settings: JournalSettings;
  onState(state: JournalState, reason: string): void;
  /** A segment that is not written any more, and is as safe as the durability says. */
  onClosed?(segment: string): void;
}

/** One record may be this long; blocks are short of it by three orders of magnitude. */
export const PAYLOAD_BYTES_MAX = 64 << 20;

const SEGMENT_BYTES_MAX = 256 << 20;
const BLOCK_BYTES_MAX = 64 << 10;
const BUDGET_SHARE_MAX = 0.9;
const FREE_SHARE_MIN = 0.1;
/** Asking the file system costs microseconds, so it is asked once per this many bytes. */
const SPACE_CHECK_BYTES = 16 << 20;

/**
 * Appends records to the journal of one life of a session.
 *
 * `append` and `flush` run on the deciding thread and never wait for the device; a block is one
 * `write(2)`. Durability is a claim about marks: `isDurable(mark)` says whether the record with
 * that sequence, and every one before it, is as safe as the setting promises.
 */
export class JournalWriter {
  readonly life: number;
  readonly #opening: JournalOpening;
  readonly #segmentBytesMax: number;
  readonly #blockBytesMax: number;
  readonly #block: ByteWriter;
  #state: JournalState = 'open';
  #file: DiskFile;
  /** Written but not yet synced files of earlier segments, oldest first. */
  #retired: { readonly segment: string; readonly file: DiskFile }[] = [];
  #segmentNumber: number;
  #segmentBytes = 0;
  #totalBytes: number;
  #spaceCheckAtBytes = 0;
  #blockNumber = 0;
  #recordCount = 0;
  #chain: number;
  #lastSequence: number;
  #writtenMark: number;
  #durableMark: number;
  #syncing: Promise<void> | undefined;
  /** Whether the device has the name and some beginning of the current segment. */
  #isFileSynced = false;
  #isReleased = false;

  constructor(opening: JournalOpening) {
    const { contents, settings } = opening;
    assert(contents.tail === 'clean', 'a torn tail is repaired before writing goes on');
    this.#opening = opening;
    this.#segmentBytesMax = settings.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    this.#blockBytesMax = settings.blockBytesMax ?? BLOCK_BYTES_MAX;
    this.#block = new ByteWriter(this.#blockBytesMax + BLOCK_END_BYTES);
    this.#block.reserve(BLOCK_HEADER_BYTES);
    this.life = contents.life + 1;
    this.#segmentNumber = contents.segments.length;
    this.#totalBytes = contents.bytes;
    this.#chain = contents.chain;
    this.#lastSequence = contents.lastSequence;
    this.#writtenMark = contents.lastSequence;
    // The process before us may have died with its last blocks unsynced: until our first sync
    // covered its files too, nothing is claimed.
    this.#durableMark = contents.segments.length === 0 ? contents.lastSequence : 0;
    this.#file = this.#guarded('opening', () => this.#start());
    this.#checkSpace();
  }

  get state(): JournalState {
    return this.#state;
  }

  /** Sequence of the last appended record. Safe once `isDurable` says so of it. */
  mark(): number {
    return this.#lastSequence;
  }

  /** The operating system has everything up to here: it survives a crash of this process. */
  get writtenMark(): number {
    return this.#writtenMark;
  }

  /** The device has everything up to here. Moves only where the durability is `fsync`. */
  get durableMark(): number {
    return this.#durableMark;
  }

  get totalBytes(): number {
    return this.#totalBytes + this.#block.length - BLOCK_HEADER_BYTES;
  }

  /** A closed segment takes so many bytes less of the disk, and of the budget. */
  shrink(bytes: number): void {
    this.#totalBytes -= bytes;
    // What is written from now on is counted from here: space is asked for no later than before.
    this.#spaceCheckAtBytes -= bytes;
  }

  isDurable(mark: number): boolean {
    switch (this.#opening.settings.durability) {
      case 'fsync':
        return mark <= this.#durableMark;
      case 'os':
        return mark <= this.#writtenMark;
      case 'none':
        return true;
    }
  }

  /**
   * Puts one record into the open block. `sequence` is the last one plus 1, `hash` the decision
   * hash before this record. The payload is copied. Throws a `JournalError` where the journal
   * cannot take it.
   */
  append(
    kind: number,
    sequence: number,
    nowUs: number,
    hash: Hash64,
    payload: ByteWriter | Uint8Array,
  ): void {
    if (this.#state === 'failed' || this.#state === 'closed') throw this.#refusal();
    assert(sequence === this.#lastSequence + 1, 'records are numbered without a gap');
    const length = payload.length;
    assert(length <= PAYLOAD_BYTES_MAX, 'a record stays within its limit');
    const block = this.#block;
    const recordBytes = RECORD_HEADER_BYTES + length;
    if (this.#recordCount > 0 && block.length + recordBytes > this.#blockBytesMax) {
      this.#writeBlock();
    }
    const at = block.reserve(recordBytes);
    block.putU32(at, length);
    block.bytes[at + 4] = kind;
    block.putF64(at + 5, sequence);
    block.putF64(at + 13, nowUs);
    block.putU32(at + 21, hash.high >>> 0);
    block.putU32(at + 25, hash.low >>> 0);
    // The view is the one allocation of a record: a loop over bytes is slower from 100 bytes on.
    block.bytes.set(
      payload instanceof Uint8Array ? payload : payload.view(),
      at + RECORD_HEADER_BYTES,
    );
    this.#lastSequence = sequence;
    this.#recordCount += 1;
    if (block.length >= this.#blockBytesMax) this.#writeBlock();
  }

  /** Hands the open block to the operating system. Throws a `JournalError` where it cannot. */
  flush(): void {
    if (this.#state === 'failed' || this.#state === 'closed') throw this.#refusal();
    if (this.#recordCount > 0) this.#writeBlock();
  }

  /**
   * Starts a group commit of everything written so far, unless one is under way: that one is
   * answered, and who wants more asks again when it settles. Undefined where there is nothing to
   * wait for. A failed sync does not reject: the state turns `failed` and `durableMark` stays.
   */
  syncIfNeeded(): Promise<void> | undefined {
    if (this.#opening.settings.durability !== 'fsync') return undefined;
    if (this.#state === 'failed') return undefined;
    if (this.#syncing !== undefined) return this.#syncing;
    if (this.#durableMark >= this.#writtenMark && this.#retired.length === 0) return undefined;
    this.#syncing = this.#sync();
    return this.#syncing;
  }

  /** Writes and, by the setting, syncs what is open, then lets go of the files. */
  async close(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    try {
      if (this.#state !== 'failed') this.flush();
    } finally {
      if (this.#state !== 'failed') this.#state = 'closed';
      // A descriptor must not be closed under a sync that uses it.
      for (let wait = this.#wait(); wait !== undefined; wait = this.#wait()) await wait;
      for (const { file } of this.#retired) file.close();
      this.#retired = [];
      this.#file.close();
    }
    if (this.#state === 'closed') this.#enter('closed', 'closed on request');
  }

  #wait(): Promise<void> | undefined {
    return this.#syncing ?? this.syncIfNeeded();
  }

  async #sync(): Promise<void> {
    const mark = this.#writtenMark;
    const retired = this.#retired;
    const file = this.#file;
    this.#retired = [];
    let isSynced = false;
    try {
      for (const earlier of retired) await earlier.file.sync();
      await file.sync();
      if (file === this.#file) this.#isFileSynced = true;
      // After a failure of any kind the journal claims nothing more, not even what may be true.
      if (this.#state !== 'failed') this.#durableMark = mark;
      isSynced = this.#state !== 'failed';
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#fail('a sync failed', error);
    } finally {
      for (const { file: earlier } of retired) earlier.close();
      this.#syncing = undefined;
      if (isSynced) for (const { segment } of retired) this.#opening.onClosed?.(segment);
    }
  }

  /**
   * Opens the next segment. Lives before this one may have ended before any sync of theirs, so the
   * first sync covers every segment there is: a sync of a clean file costs next to nothing.
   */
  #start(): DiskFile {
    const { disk, folder, settings, contents, onClosed } = this.#opening;
    for (const header of contents.segments) {
      const segment = segmentName(header.number);
      const path = `${folder}/${segment}`;
      if (!disk.exists(path)) continue; // Compressed, and synced when it was.
      if (settings.durability !== 'fsync') onClosed?.(segment);
      else if (isUnproven(header, contents)) {
        disk.replace(path, disk.read(path));
        onClosed?.(segment);
      } else this.#retired.push({ segment, file: disk.open(path) });
    }
    return this.#openSegment(this.#lastSequence + 1);
  }

  #openSegment(firstSequence: number): DiskFile {
    const { disk, folder, identity, settings } = this.#opening;
    const number = this.#segmentNumber + 1;
    const header = encodeSegmentHeader({
      ...identity,
      number,
      life: this.life,
      durability: settings.durability,
      firstSequence,
      previousChain: this.#chain,
    });
    const file = disk.open(`${folder}/${segmentName(number)}`);
    assert(file.size === 0, 'a new segment is a new file');
    file.append(header);
    this.#chain = checksum(header, 0, SEGMENT_HEADER_BYTES - 8);
    this.#segmentNumber = number;
    this.#segmentBytes = header.length;
    this.#totalBytes += header.length;
    this.#blockNumber = 0;
    return file;
  }

  #writeBlock(): void {
    const block = this.#block;
    const firstSequence = this.#lastSequence - this.#recordCount + 1;
    this.#guarded('a write', () => {
      if (this.#isSegmentFull() && this.#mayRotate()) this.#rotate(firstSequence);
      const facts = {
        recordCount: this.#recordCount,
        number: this.#blockNumber,
        firstSequence,
        durableSequence: this.#durableMark,
      };
      const chain = sealBlock(block, facts, this.#chain);
      this.#file.append(block.view());
      this.#chain = chain;
    });
    this.#segmentBytes += block.length;
    this.#totalBytes += block.length;
    this.#blockNumber += 1;
    this.#writtenMark = this.#lastSequence;
    this.#recordCount = 0;
    block.truncate(BLOCK_HEADER_BYTES);
    this.#checkSpace();
  }

  #isSegmentFull(): boolean {
    const next = this.#segmentBytes + this.#block.length + BLOCK_END_BYTES;
    return this.#blockNumber > 0 && next > this.#segmentBytesMax;
  }

  /**
   * At most one segment before the current one may be unsynced: recovery from a loss of power
   * relies on it. Until a sync says so the segment grows past its limit.
   */
  #mayRotate(): boolean {
    if (this.#opening.settings.durability !== 'fsync' || this.#isFileSynced) return true;
    // It answers through the state and the marks, so nobody needs to wait for it here.
    void this.syncIfNeeded();
    return false;
  }

  #rotate(firstSequence: number): void {
    const full = { segment: segmentName(this.#segmentNumber), file: this.#file };
    this.#file = this.#openSegment(firstSequence);
    this.#isFileSynced = false;
    if (this.#opening.settings.durability === 'fsync') return void this.#retired.push(full);
    full.file.close();
    this.#opening.onClosed?.(full.segment);
  }

  #checkSpace(): void {
    if (this.#state !== 'open') return;
    const { disk, settings } = this.#opening;
    if (this.#totalBytes >= settings.bytesMax * BUDGET_SHARE_MAX) {
      const used = `${this.#totalBytes} of ${settings.bytesMax} bytes`;
      return this.#enter('reduceOnly', `the journal's budget is nearly used: ${used}`);
    }
    if (this.#totalBytes < this.#spaceCheckAtBytes) return;
    this.#spaceCheckAtBytes = this.#totalBytes + SPACE_CHECK_BYTES;
    const { freeBytes, totalBytes } = this.#guarded('asking for space', () => disk.space());
    if (freeBytes < totalBytes * FREE_SHARE_MIN) {
      this.#enter('reduceOnly', `the disk is nearly full: ${freeBytes} bytes are free`);
    }
  }

  /** Whatever the disk refuses ends this journal: a failed write is never tried again. */
  #guarded<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      throw this.#fail(`${what} failed`, error);
    }
  }

  #fail(reason: string, cause: DiskError): JournalError {
    const message = `${reason}: ${cause.message} (${cause.code})`;
    if (this.#state !== 'failed') this.#enter('failed', message);
    return new JournalError('JOURNAL_FAILED', message, { cause });
  }

  #refusal(): JournalError {
    return this.#state === 'closed'
      ? new JournalError('JOURNAL_CLOSED', 'the journal is closed')
      : new JournalError('JOURNAL_FAILED', 'the journal failed earlier and takes nothing more');
  }

  #enter(state: JournalState, reason: string): void {
    this.#state = state;
    this.#opening.onState(state, reason);
  }
}

/**
 * A sync that failed may be why the life before ended. The system then still shows the bytes but
 * will never write them, and the next sync of that file succeeds. So a segment whose end nobody
 * claimed is written anew; as claims follow the writing closely, that is the last one or two. One
 * without a record may have no name on the device yet, and the next segment would outlive it.
 */
function isUnproven(header: SegmentHeader, contents: JournalContents): boolean {
  const next = contents.segments[header.number];
  const last = next === undefined ? contents.lastSequence : next.firstSequence - 1;
  const claimed = Math.max(last, header.firstSequence);
  return header.durability === 'fsync' && claimed > contents.durableSequence;
}
