import { ByteReader, ByteWriter, DecodeError } from '../core/bytes.ts';
import { readPlace } from '../actors/runtime/snapshot.ts';
import type { Disk } from '../ports/disk.ts';
import type { JournalRecord } from '../ports/journal.ts';
import { RECORD_TURN, readTurn } from '../ports/turn-record.ts';
import { JournalDamage } from '../store/journal/journal-error.ts';
import type { JournalContents } from '../store/journal/journal-reader.ts';
import {
  isSegmentName,
  journalFolder,
  segmentName,
  snapshotFolder,
} from '../store/journal/segment-names.ts';
import {
  latestSnapshot,
  snapshotName,
  snapshotSequences,
  writeSnapshot,
} from '../store/journal/snapshots.ts';

export interface ChosenSnapshot {
  /** Of the kernel; undefined where recovery starts at the journal's beginning. */
  readonly bytes: Uint8Array | undefined;
  /** Names of those that were passed over, newest first. */
  readonly damaged: readonly string[];
}

/** How the session stood after a record. */
interface Mark {
  readonly nowUs: number;
  readonly isTurn: boolean;
  readonly hashHigh: number;
  readonly hashLow: number;
}

/**
 * A session's snapshots, held against its journal: a checksum says that a file is what was
 * written, not that it was written by this session. Fed with every record before `choose`.
 */
export class KeptSnapshots {
  readonly #disk: Disk;
  readonly #sessionId: string;
  readonly #folder: string;
  readonly #sequences: ReadonlySet<number>;
  readonly #marks = new Map<number, Mark>();
  /** Of the last segment that is known to be on the device whole. */
  #syncedUntil = '';

  constructor(disk: Disk, sessionId: string) {
    this.#disk = disk;
    this.#sessionId = sessionId;
    this.#folder = snapshotFolder(sessionId);
    this.#sequences = new Set(snapshotSequences(disk, this.#folder));
  }

  take({ kind, sequence, nowUs, hashHigh, hashLow, payload }: JournalRecord): void {
    if (!this.#sequences.has(sequence)) return;
    // Only a turn changes the hash; before any other record it is what it is after.
    const isTurn = kind === RECORD_TURN;
    const hash = isTurn ? readTurn(new ByteReader(payload)) : { hashHigh, hashLow };
    this.#marks.set(sequence, {
      nowUs,
      isTurn,
      hashHigh: hash.hashHigh | 0,
      hashLow: hash.hashLow | 0,
    });
  }

  /**
   * The newest snapshot that this journal explains. Throws `JournalDamage` where one follows a
   * record that the journal does not have: it was safe once, and is lost.
   */
  choose(contents: JournalContents): ChosenSnapshot {
    const found = latestSnapshot(this.#disk, this.#folder, undefined, (snapshot) => {
      const opened = this.#opened(snapshot.bytes);
      if (opened === undefined) return `to be of the session ${this.#sessionId}`;
      const { sequence } = snapshot;
      if (sequence > contents.lastSequence) throw this.#recordsLost(contents, sequence);
      return this.#objection(sequence, opened);
    });
    const { snapshot } = found;
    const bytes = snapshot === undefined ? undefined : this.#opened(snapshot.bytes);
    return { bytes, damaged: found.damaged.map(({ name }) => name) };
  }

  /**
   * Puts on the device what the journal has written. A snapshot is there at once, so without this
   * it would outlive its records where no sync was waited for and the power goes. Rejects with
   * `DiskError`.
   */
  async syncJournal(): Promise<void> {
    const folder = journalFolder(this.#sessionId);
    const names = this.#disk.list(folder).filter(isSegmentName);
    // By name, not by count: those that are compressed meanwhile are not among them any more.
    for (const name of names.filter((one) => one > this.#syncedUntil)) {
      // Compressed by now: then it is on the device.
      if (!this.#disk.exists(`${folder}/${name}`)) continue;
      const file = this.#disk.open(`${folder}/${name}`);
      try {
        await file.sync();
      } finally {
        file.close();
      }
    }
    this.#syncedUntil = names.at(-2) ?? this.#syncedUntil; // The last one is still written.
  }

  /** Throws `DiskError`. The records up to `sequence` are safe in the journal by now. */
  write(sequence: number, kernelBytes: Uint8Array): void {
    const writer = new ByteWriter(kernelBytes.length + 64);
    writer.text(this.#sessionId);
    writer.raw(kernelBytes);
    writeSnapshot(this.#disk, this.#folder, sequence, writer.view());
  }

  /** What the kernel wrote; undefined where another session's did, or an older format. */
  #opened(bytes: Uint8Array): Uint8Array | undefined {
    const reader = new ByteReader(bytes);
    const sessionId = decoded(() => reader.text());
    return sessionId === this.#sessionId ? bytes.subarray(reader.at) : undefined;
  }

  #objection(sequence: number, kernelBytes: Uint8Array): string | undefined {
    const place = decoded(() => readPlace(new ByteReader(kernelBytes)));
    if (place === undefined) return 'the version of this build';
    const mark = this.#marks.get(sequence);
    if (mark === undefined || place.sequence !== sequence) return `a record ${sequence}`;
    if (place.hashHigh !== mark.hashHigh || place.hashLow !== mark.hashLow) {
      return 'the decision hash of the journal';
    }
    const isThen = mark.isTurn ? place.nowUs === mark.nowUs : place.nowUs >= mark.nowUs;
    return isThen ? undefined : 'the time of the journal';
  }

  #recordsLost({ tail, lastSequence }: JournalContents, sequence: number): JournalDamage {
    const expected = `records up to ${sequence}, which ${snapshotName(sequence)} follows`;
    const text = `${expected}; the last one is ${lastSequence}`;
    if (tail !== 'clean') return new JournalDamage(tail.segment, tail.offset, text);
    const folder = journalFolder(this.#sessionId);
    const name = this.#disk.list(folder).toReversed().find(isSegmentName);
    if (name === undefined) return new JournalDamage(segmentName(1), 0, text);
    return new JournalDamage(name, this.#disk.read(`${folder}/${name}`).length, text);
  }
}

function decoded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
