import { assert } from '../core/assert.ts';
import { Hash64 } from '../core/hash.ts';
import type { AccountId } from '../core/ids.ts';
import { symbolId } from '../core/ids.ts';
import { MINUTE } from '../core/time.ts';
import type { FaultPoint } from '../actors/runtime/fault-points.ts';
import { recover, type Recovered } from '../actors/runtime/recovery.ts';
import type { Kernel } from '../actors/runtime/kernel.ts';
import { Sequencer, type TurnObserver } from '../actors/runtime/sequencer.ts';
import { writeSnapshot as snapshotOf } from '../actors/runtime/snapshot.ts';
import { startHash } from '../actors/runtime/verify.ts';
import { VirtualDriver } from '../actors/runtime/virtual-driver.ts';
import { type Disk, DiskError } from '../ports/disk.ts';
import type { Input } from '../ports/input.ts';
import type { Journal } from '../ports/journal.ts';
import type { MarketSource } from '../ports/market-source.ts';
import type { SimulatedPart } from '../ports/simulated-world.ts';
import type { Durability, SessionIdentity } from '../store/journal/segment-header.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { JournalError } from '../store/journal/journal-error.ts';
import { readJournal, repairTail } from '../store/journal/journal-reader.ts';
import { type JournalState, JournalWriter } from '../store/journal/journal-writer.ts';
import { KeptSnapshots } from './kept-snapshots.ts';
import { PastSession } from './past-session.ts';

export interface VirtualSessionOptions {
  readonly disk: Disk;
  readonly identity: SessionIdentity;
  readonly account: AccountId;
  /** Ten-thousandths. */
  readonly startingCash: number;
  readonly journal: {
    readonly durability: Durability;
    readonly bytesMax: number;
    readonly segmentBytesMax: number;
    readonly blockBytesMax: number;
    readonly snapshotEveryRecords: number;
  };
  readonly framesMax: number;
  readonly eventsMax: number;
  readonly makeKernel: () => Kernel;
  readonly source: MarketSource;
  readonly services: readonly SimulatedPart[];
  readonly observers: readonly TurnObserver[];
  readonly fault?: ((point: FaultPoint, nowUs: number) => void) | undefined;
  /** What the repair of a torn tail dropped, and a recovery's figures: people want to know. */
  readonly told?: (what: RecoveryNote) => void;
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

/** How long after the last event answers and timers still count. */
const DRAIN_US = 2 * MINUTE;

/**
 * One life of a session in virtual time: journal, kernel, simulated world and driver. Opening it
 * over records of an earlier life recovers first: state from snapshot and facts, the world by
 * living again, then enquiries, then trading.
 */
export class VirtualSession {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly driver: VirtualDriver;
  readonly writer: JournalWriter;
  readonly #options: VirtualSessionOptions;
  readonly #snapshots: KeptSnapshots;
  #snapshotAt: number;
  #journalState: JournalState = 'open';
  #framesBefore = 0;
  #hasBegun = false;
  /** Counted by what the journal tells: a life that left no record is none. */
  readonly #life: number;
  /** Why the disk allows no new exposure; it may be so from the first moment. */
  #degraded: string | undefined;

  constructor(options: VirtualSessionOptions) {
    this.#options = options;
    const { disk, identity, journal, makeKernel, source, services } = options;
    const folder = journalFolder(identity.sessionId);
    const past = new PastSession(source.calendar);
    this.#snapshots = new KeptSnapshots(disk, identity.sessionId);
    const found = readJournal(disk, folder, (record) => {
      past.take(record);
      this.#snapshots.take(record);
    });
    // Before the repair: what proves that records are lost must not be met by cutting off more.
    const { bytes: snapshot, damaged } = this.#snapshots.choose(found);
    const droppedBytes = found.tail === 'clean' ? 0 : found.tail.droppedBytes;
    const contents = repairTail(disk, folder, found);
    this.kernel = makeKernel();
    const recovered = contents.records > 0 ? this.#recover(snapshot) : undefined;
    this.writer = new JournalWriter({
      disk,
      folder,
      identity,
      contents,
      settings: journal,
      onState: (state, reason) => this.#journalChanged(state, reason),
    });
    this.#life = (recovered?.life ?? 0) + 1;
    const { eventsMax } = options;
    this.driver = new VirtualDriver({ source, services, drainUs: DRAIN_US, eventsMax });
    this.sequencer = this.#makeSequencer(recovered);
    this.driver.connect(this.sequencer);
    this.#snapshotAt = this.sequencer.sequence + journal.snapshotEveryRecords;
    this.#begin(recovered, past);
    this.#hasBegun = true;
    options.told?.({
      life: this.#life,
      records: contents.records,
      droppedBytes,
      damagedSnapshots: damaged,
      enquiries: recovered?.enquire.length ?? 0,
      untaken: recovered?.untaken ?? 'none',
    });
  }

  /** Puts an input on the agenda now: an operator's command, a service's change. */
  enter(input: Input): void {
    this.driver.enter(Math.max(this.driver.nowUs, this.kernel.nowUs), input);
  }

  /**
   * Everything up to a virtual time; false when the session is over. Waits for the disk and for
   * computations by itself.
   */
  async advance(untilUs: number): Promise<boolean> {
    for (;;) {
      this.#tellDegraded();
      const isMore = this.driver.advance(untilUs, this.#snapshotAt);
      if (this.sequencer.heldEffects > 0) await this.#untilDurable();
      else if (this.#isSnapshotDue) await this.#keepSnapshot();
      else if (this.driver.isWaiting && isMore) await this.#untilComputed();
      else return isMore;
    }
  }

  /** Market frames of all lives. */
  get frames(): number {
    return this.#framesBefore + this.driver.frames;
  }

  async close(): Promise<void> {
    this.sequencer.seal();
    await this.writer.close();
    this.#options.source.close();
  }

  #recover(snapshot: Uint8Array | undefined): Recovered {
    const { disk, identity } = this.#options;
    return recover({
      kernel: this.kernel,
      snapshot,
      read: (visit) => readJournal(disk, journalFolder(identity.sessionId), visit),
    });
  }

  #makeSequencer(recovered: Recovered | undefined): Sequencer {
    const { identity, observers, framesMax, fault } = this.#options;
    const hash = startHash(identity.configHash);
    if (recovered !== undefined) hash.set(recovered.hashHigh, recovered.hashLow);
    return new Sequencer({
      kernel: this.kernel,
      journal: journalOf(this.writer),
      router: this.driver,
      observers,
      framesMax,
      hash: copyOf(hash),
      sequence: recovered?.sequence ?? 0,
      fault,
    });
  }

  /** A life begins: the world is put where it was, the kernel is told, what is owed is asked. */
  #begin(recovered: Recovered | undefined, past: PastSession): void {
    const { source, identity, account, startingCash } = this.#options;
    const startUs = Math.max(this.kernel.nowUs, (source.calendar[0]?.atUs ?? 0) - MINUTE);
    if (recovered !== undefined) {
      this.#framesBefore = recovered.frames;
      this.driver.relive(recovered.frames, past.brokerRequests, this.kernel.nowUs);
    }
    this.sequencer.accept(
      {
        kind: 'opened',
        life: this.#life,
        account,
        startingCash,
        buildId: identity.buildId,
        configHash: identity.configHash,
        actors: this.kernel.slots.map(({ definition }) => definition.name),
      },
      startUs,
    );
    if (past.journalState !== 'up') this.#tellRoom(startUs);
    for (let symbol = past.symbolsNamed; symbol < source.symbols.length; symbol += 1) {
      const listed = source.symbols[symbol];
      if (listed === undefined) continue;
      const named = { kind: 'symbolNamed', symbol: symbolId(symbol), ...listed } as const;
      this.sequencer.accept(named, startUs);
    }
    this.driver.scheduleCalendar(past.calendarTaken);
    if (recovered !== undefined) this.#settle(recovered);
  }

  /** Asked again where that is harmless; where it is not, nobody knows, and execution enquires. */
  #settle({ reissue, enquire }: Recovered): void {
    for (const requested of reissue) this.driver.dispatch(requested);
    for (const { input, index } of enquire) {
      const id = { effectInput: input, effectIndex: index };
      const code = 'RECOVERED';
      this.enter({ kind: 'answered', ...id, outcome: 'unknown', code });
    }
  }

  #journalChanged(state: JournalState, reason: string): void {
    this.#journalState = state;
    if (state !== 'reduceOnly') return;
    this.#degraded = reason;
    // On the agenda at once: the driver may go a long way before `advance` looks again.
    if (this.#hasBegun) this.#tellDegraded();
  }

  /** An input of its own, between turns, never inside the one that filled the disk. */
  #tellDegraded(): void {
    const reason = this.#degraded;
    if (reason === undefined) return;
    this.#degraded = undefined;
    this.enter({ kind: 'serviceChanged', service: 'journal', state: 'degraded', reason });
  }

  /** The kernel still knows what the life before said of its disk: nothing else corrects it. */
  #tellRoom(nowUs: number): void {
    if (this.#journalState !== 'open' || this.#degraded !== undefined) return;
    const reason = 'room again';
    const input = { kind: 'serviceChanged', service: 'journal', state: 'up', reason } as const;
    this.sequencer.accept(input, nowUs);
  }

  async #untilDurable(): Promise<void> {
    await this.writer.syncIfNeeded();
    this.sequencer.releaseDurable();
    if (this.#journalState === 'failed') {
      this.sequencer.failDurable(new Error('the disk did not keep what was written'));
    }
  }

  async #untilComputed(): Promise<void> {
    const computing = this.#options.services.flatMap((service) => service.computed?.() ?? []);
    assert(computing.length > 0, 'somebody computes what time waits for');
    await Promise.race(computing);
  }

  get #isSnapshotDue(): boolean {
    const { sequencer } = this;
    return sequencer.sequence >= this.#snapshotAt && sequencer.failure === undefined;
  }

  /** Only what the journal holds safely may outlive it. */
  async #keepSnapshot(): Promise<void> {
    const { sequencer, writer } = this;
    sequencer.seal();
    if (sequencer.failure !== undefined) return;
    this.#snapshotAt = sequencer.sequence + this.#options.journal.snapshotEveryRecords;
    try {
      writer.flush();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      return sequencer.failDurable(error);
    }
    while (!writer.isDurable(writer.mark())) {
      const syncing = writer.syncIfNeeded();
      if (syncing === undefined) return; // The journal has failed, and says so by itself.
      await syncing;
    }
    await this.#trySnapshot();
  }

  /** Without it recovery is slower, no less right; but a disk that refuses it is nearly done. */
  async #trySnapshot(): Promise<void> {
    try {
      if (this.#options.journal.durability !== 'fsync') await this.#snapshots.syncJournal();
      this.takeSnapshot();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#degraded ??= `a snapshot could not be kept: ${error.message}`;
    }
  }

  takeSnapshot(): void {
    const { hash, sequence } = this.sequencer;
    const bytes = snapshotOf(this.kernel, {
      sequence,
      hashHigh: hash.high,
      hashLow: hash.low,
      life: this.#life,
      frames: this.frames,
    });
    this.#snapshots.write(sequence, bytes);
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

function copyOf(hash: Hash64): Hash64 {
  const copy = new Hash64();
  copy.set(hash.high, hash.low);
  return copy;
}
