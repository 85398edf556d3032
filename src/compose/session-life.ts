import { ByteReader } from '../core/bytes.ts';
import { Hash64 } from '../core/hash.ts';
import type { AccountId } from '../core/ids.ts';
import type { FaultPoint } from '../actors/runtime/fault-points.ts';
import type { Kernel } from '../actors/runtime/kernel.ts';
import { recover, type Recovered } from '../actors/runtime/recovery.ts';
import { type EffectRouter, Sequencer, type TurnObserver } from '../actors/runtime/sequencer.ts';
import { readPlace, writeSnapshot as snapshotOf } from '../actors/runtime/snapshot.ts';
import { startHash } from '../actors/runtime/verify.ts';
import { type Disk, DiskError } from '../ports/disk.ts';
import type { Requested } from '../ports/effect.ts';
import type { Input } from '../ports/input.ts';
import type { Journal, JournalRecord } from '../ports/journal.ts';
import type { TurnItem } from '../ports/turn-record.ts';
import type { Durability, SessionIdentity } from '../store/journal/segment-header.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { JournalError } from '../store/journal/journal-error.ts';
import { readJournal, repairTail } from '../store/journal/journal-reader.ts';
import { type JournalState, JournalWriter } from '../store/journal/journal-writer.ts';
import type { SegmentPacker } from '../store/journal/segment-packer.ts';
import { KeptSnapshots } from './kept-snapshots.ts';

export interface LifeOptions {
  readonly disk: Disk;
  readonly identity: SessionIdentity;
  readonly account: AccountId;
  /** Ten-thousandths. */
  readonly startingCash: number;
  readonly journal: JournalSettings;
  readonly framesMax: number;
  readonly makeKernel: () => Kernel;
  readonly router: EffectRouter;
  readonly observers: readonly TurnObserver[];
  /** Every record of earlier lives, in order, before anything else happens. */
  readonly visit: (record: JournalRecord) => void;
  /** Read models that live longer than a life: told of what is past before anything is new. */
  readonly retold?: Retold | undefined;
  /** The disk allows no new exposure. */
  readonly degraded: (reason: string) => void;
  readonly fault?: ((point: FaultPoint, nowUs: number) => void) | undefined;
  /** Compresses the journal's closed segments. Left out: they stay as they were written. */
  readonly packing?: Packing | undefined;
}

/** Begins a packer that tells of each segment how many bytes less it takes. */
export type Packing = (shrunk: (bytes: number) => void) => SegmentPacker;

/** Hears what earlier lives have recorded. */
export interface Retold {
  /** What rows learned by this record is known for good; left out: all of it. */
  readonly safe?: number | undefined;
  /** Every record, in order. */
  retell(record: JournalRecord): void;
  endRetelling(): void;
  /**
   * What rows learned again, from what is safe or the last snapshot on, whichever is earlier, with
   * the turn's recorded items.
   */
  learn(sequence: number, items: readonly TurnItem[], nowUs: number): void;
}

export interface JournalSettings {
  readonly durability: Durability;
  readonly bytesMax: number;
  readonly segmentBytesMax: number;
  readonly blockBytesMax: number;
  readonly snapshotEveryRecords: number;
}

export interface RecoveryNote {
  readonly life: number;
  readonly records: number;
  readonly droppedBytes: number;
  readonly damagedSnapshots: readonly string[];
  readonly enquiries: number;
  /** What became of the input in which the life before ended; `skipped` is for people to know. */
  readonly untaken: Recovered['untaken'];
}

/**
 * What every life of a session has, in virtual time and in the world's: the journal read and its
 * tail repaired, the state recovered, a writer, a sequencer, snapshots. There is no other start.
 */
export class SessionLife {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly writer: JournalWriter;
  /** Counted by what the journal tells: a life that left no record is none. */
  readonly life: number;
  readonly recovered: Recovered | undefined;
  readonly note: RecoveryNote;
  readonly #options: LifeOptions;
  readonly #snapshots: KeptSnapshots;
  readonly #packer: SegmentPacker | undefined;
  #snapshotAt: number;
  #journalState: JournalState = 'open';
  #isReduced = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    const { disk, identity, journal, makeKernel } = options;
    const folder = journalFolder(identity.sessionId);
    this.#snapshots = new KeptSnapshots(disk, identity.sessionId);
    const found = readJournal(disk, folder, (record) => {
      options.visit(record);
      options.retold?.retell(record);
      this.#snapshots.take(record);
    });
    options.retold?.endRetelling();
    // Before the repair: what proves that records are lost must not be met by cutting off more.
    const { bytes: snapshot, damaged } = this.#snapshots.choose(found);
    const contents = repairTail(disk, folder, found);
    if (snapshot !== undefined) this.#learnBefore(snapshot);
    this.kernel = makeKernel();
    this.recovered = contents.records > 0 ? this.#recover(snapshot) : undefined;
    this.life = (this.recovered?.life ?? 0) + 1;
    this.#packer = options.packing?.((bytes) => this.writer.shrink(bytes));
    this.writer = new JournalWriter({
      disk,
      folder,
      identity,
      contents,
      settings: journal,
      onState: (state, reason) => this.#journalChanged(state, reason),
      onClosed: (segment) => this.#packer?.closed(segment),
    });
    this.sequencer = this.#makeSequencer();
    this.#snapshotAt = this.sequencer.sequence + journal.snapshotEveryRecords;
    this.note = {
      life: this.life,
      records: contents.records,
      droppedBytes: found.tail === 'clean' ? 0 : found.tail.droppedBytes,
      damagedSnapshots: damaged,
      enquiries: this.recovered?.enquire.length ?? 0,
      untaken: this.recovered?.untaken ?? 'none',
    };
  }

  get hasFailed(): boolean {
    return this.#journalState === 'failed';
  }

  /** The life's first input. */
  open(startUs: number): void {
    const { identity, account, startingCash } = this.#options;
    this.sequencer.accept(
      {
        kind: 'opened',
        life: this.life,
        account,
        startingCash,
        buildId: identity.buildId,
        configHash: identity.configHash,
        actors: this.kernel.slots.map(({ definition }) => definition.name),
      },
      startUs,
    );
  }

  /** The kernel still knows what the life before said of its disk: nothing else corrects it. */
  tellRoom(nowUs: number): void {
    if (this.#journalState !== 'open' || this.#isReduced) return;
    const reason = 'room again';
    const input = { kind: 'serviceChanged', service: 'journal', state: 'up', reason } as const;
    this.sequencer.accept(input, nowUs);
  }

  /** Asked again where that is harmless; where it is not, nobody knows, and execution enquires. */
  settle(dispatch: (requested: Requested) => void, enter: (input: Input) => void): void {
    const { reissue = [], enquire = [] } = this.recovered ?? {};
    for (const requested of reissue) dispatch(requested);
    for (const { input, index } of enquire) {
      const id = { effectInput: input, effectIndex: index };
      const code = 'RECOVERED';
      enter({ kind: 'answered', ...id, outcome: 'unknown', code });
    }
  }

  /** Waits for the disk, and lets go what has become safe. */
  async untilDurable(): Promise<void> {
    await this.writer.syncIfNeeded();
    this.sequencer.releaseDurable();
    if (this.hasFailed) {
      this.sequencer.failDurable(new Error('the disk did not keep what was written'));
    }
  }

  /** Records may be added up to here before a snapshot is due. */
  get snapshotAt(): number {
    return this.#snapshotAt;
  }

  get isSnapshotDue(): boolean {
    const { sequencer } = this;
    return sequencer.sequence >= this.#snapshotAt && sequencer.failure === undefined;
  }

  /**
   * Takes the state as it is now, and keeps it once the journal holds safely all that it follows
   * from. The session may go on meanwhile.
   */
  async keepSnapshot(frames: number): Promise<void> {
    const { sequencer, writer } = this;
    sequencer.seal();
    if (sequencer.failure !== undefined) return;
    const { sequence } = sequencer;
    this.#snapshotAt = sequence + this.#options.journal.snapshotEveryRecords;
    try {
      writer.flush();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      return sequencer.failDurable(error);
    }
    const bytes = this.#stateBytes(frames);
    const mark = writer.mark();
    while (!writer.isDurable(mark)) {
      const syncing = writer.syncIfNeeded();
      if (syncing === undefined) return; // The journal has failed, and says so by itself.
      await syncing;
    }
    await this.#trySnapshot(sequence, bytes);
  }

  /** At once, whatever the disk has by then: for tests. */
  takeSnapshot(frames: number): void {
    this.#snapshots.write(this.sequencer.sequence, this.#stateBytes(frames));
  }

  /** Everything recorded so far outlives the process. False where the journal does not take it. */
  writeOut(): boolean {
    const { sequencer, writer } = this;
    if (sequencer.failure !== undefined || this.hasFailed) return false;
    try {
      writer.flush();
      return true;
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      sequencer.failDurable(error);
      return false;
    }
  }

  async close(): Promise<void> {
    this.sequencer.seal();
    try {
      await this.writer.close();
    } finally {
      await this.#packer?.stop(); // After the journal, which waits for nobody.
    }
  }

  /** A snapshot may be newer than what is safe: the rest is learned once more, from the start. */
  #learnBefore(snapshot: Uint8Array): void {
    const { disk, identity, makeKernel, retold } = this.#options;
    const { sequence } = readPlace(new ByteReader(snapshot));
    if (retold?.safe === undefined || retold.safe >= sequence) return;
    recover({
      kernel: makeKernel(),
      read: (visit) => readJournal(disk, journalFolder(identity.sessionId), visit),
      before: sequence + 1,
      heard: (of, items, nowUs) => retold.learn(of, items, nowUs),
    });
  }

  #recover(snapshot: Uint8Array | undefined): Recovered {
    const { disk, identity } = this.#options;
    return recover({
      kernel: this.kernel,
      snapshot,
      read: (visit) => readJournal(disk, journalFolder(identity.sessionId), visit),
      heard: (sequence, items, nowUs) => this.#options.retold?.learn(sequence, items, nowUs),
    });
  }

  #makeSequencer(): Sequencer {
    const { identity, router, observers, framesMax, fault } = this.#options;
    const { recovered } = this;
    const hash = new Hash64();
    const from = startHash(identity.configHash);
    hash.set(recovered?.hashHigh ?? from.high, recovered?.hashLow ?? from.low);
    return new Sequencer({
      kernel: this.kernel,
      journal: journalOf(this.writer),
      router,
      observers,
      framesMax,
      hash,
      sequence: recovered?.sequence ?? 0,
      fault,
    });
  }

  #journalChanged(state: JournalState, reason: string): void {
    this.#journalState = state;
    if (state !== 'reduceOnly') return;
    this.#isReduced = true;
    this.#options.degraded(reason);
  }

  /** Without it recovery is slower, no less right; but a disk that refuses it is nearly done. */
  async #trySnapshot(sequence: number, bytes: Uint8Array): Promise<void> {
    try {
      if (this.#options.journal.durability !== 'fsync') await this.#snapshots.syncJournal();
      this.#snapshots.write(sequence, bytes);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#options.degraded(`a snapshot could not be kept: ${error.message}`);
    }
  }

  #stateBytes(frames: number): Uint8Array {
    const { hash, sequence } = this.sequencer;
    return snapshotOf(this.kernel, {
      sequence,
      hashHigh: hash.high,
      hashLow: hash.low,
      life: this.life,
      frames,
    });
  }
}

function journalOf(writer: JournalWriter): Journal {
  return {
    append: (kind, sequence, nowUs, hash, payload) =>
      writer.append(kind, sequence, nowUs, hash, payload),
    flush: () => writer.flush(),
    mark: () => writer.mark(),
    isDurable: (mark) => writer.isDurable(mark),
    requestSync: () => void writer.syncIfNeeded(),
  };
}
