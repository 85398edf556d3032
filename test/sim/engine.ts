import { ByteReader } from '../../src/core/bytes.ts';
import { symbolId } from '../../src/core/ids.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import { recover, type Recovered } from '../../src/actors/runtime/recovery.ts';
import { type EffectRouter, Sequencer } from '../../src/actors/runtime/sequencer.ts';
import { writeSnapshot as snapshotOf } from '../../src/actors/runtime/snapshot.ts';
import { startHash } from '../../src/actors/runtime/verify.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { DiskError } from '../../src/ports/disk.ts';
import type { Requested } from '../../src/ports/effect.ts';
import { type Input, inputCodec } from '../../src/ports/input.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { ListedSymbol } from '../../src/ports/market-source.ts';
import { RECORD_INPUT, type TurnRecord } from '../../src/ports/turn-record.ts';
import { JournalError } from '../../src/store/journal/journal-error.ts';
import {
  type JournalContents,
  readJournal,
  repairTail,
} from '../../src/store/journal/journal-reader.ts';
import { JournalWriter, type JournalSettings } from '../../src/store/journal/journal-writer.ts';
import type { SessionIdentity } from '../../src/store/journal/segment-header.ts';
import { journalFolder, snapshotFolder } from '../../src/store/journal/segment-names.ts';
import { latestSnapshot, writeSnapshot } from '../../src/store/journal/snapshots.ts';
import { ACCOUNT, CLOSE_US, OPEN_US, STARTING_CASH } from './kernel-settings.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { SimDisk } from './sim-disk.ts';

export const SESSION = 'sim';
export const JOURNAL = journalFolder(SESSION);
const SNAPSHOTS = snapshotFolder(SESSION);

/** What an engine asks of the world that runs it. */
export interface EngineHost {
  /** The process may die here. */
  mayDie(): void;
  readonly isDead: boolean;
  dispatch(requested: Requested): void;
  withdraw(requested: Requested): void;
  turn(sequence: number, nowUs: number, record: TurnRecord): void;
  /** The state is back; nothing of the new life has happened yet. */
  recovered(kernel: Kernel): void;
  /** A sync is wanted: `settleDisk` is to be called when the device has answered. */
  syncRequested(): void;
}

export interface EngineOptions {
  readonly seed: number;
  readonly disk: SimDisk;
  readonly kernel: Kernel;
  readonly journal: JournalSettings;
  readonly symbols: readonly ListedSymbol[];
  readonly bug: PlantedBug | undefined;
  /** The engine's clock at its start. */
  readonly nowUs: number;
  readonly framesMax: number;
}

/** What `repairTail` found and what `recover` made of it. */
export interface Started {
  readonly contents: JournalContents;
  readonly recovered: Recovered | undefined;
}

/**
 * One life of a process, from what its disk holds to its death: the start that
 * `compose/virtual-session.ts` makes, but with a world outside that has gone on meanwhile.
 */
export class Engine {
  readonly kernel: Kernel;
  readonly sequencer: Sequencer;
  readonly writer: JournalWriter;
  readonly started: Started;
  readonly #options: EngineOptions;
  readonly #host: EngineHost;
  #journalFailed = false;
  #degraded: string | undefined;

  constructor(options: EngineOptions, host: EngineHost) {
    this.#options = options;
    this.#host = host;
    this.kernel = options.kernel;
    const { disk, kernel, journal } = options;
    const past = new Past();
    const found = readJournal(disk, JOURNAL, (record) => past.take(record.kind, record.payload));
    const contents = repairTail(disk, JOURNAL, found);
    const recovered = contents.records > 0 ? recoverFrom(disk, kernel) : undefined;
    this.started = { contents, recovered };
    this.writer = new JournalWriter({
      disk,
      folder: JOURNAL,
      identity: identityOf(options.seed),
      contents,
      settings: journal,
      onState: (state, reason) => {
        if (state === 'failed') this.#journalFailed = true;
        if (state === 'reduceOnly') this.#degraded = reason;
      },
    });
    this.sequencer = this.#makeSequencer(recovered);
    if (recovered !== undefined) options.bug?.recovered?.(kernel);
    if (!host.isDead) host.recovered(kernel);
    this.#begin(recovered, past);
  }

  get hasFailed(): boolean {
    return this.sequencer.failure !== undefined;
  }

  accept(input: Input, nowUs: number): void {
    this.#live(() => this.sequencer.accept(input, nowUs));
    this.#tellDegraded(nowUs);
  }

  market(batch: EventBatch): void {
    let frame = 0;
    const take = () => {
      frame += this.sequencer.acceptMarket(batch, frame);
    };
    while (frame < batch.frames && this.#live(take));
    this.#tellDegraded(this.kernel.nowUs);
  }

  runTimers(nowUs: number): void {
    this.#live(() => this.sequencer.runTimers(nowUs));
  }

  /** The device has answered: what became safe may leave. */
  async settleDisk(): Promise<void> {
    if (this.#host.isDead) return;
    const { inner } = this.#options.disk;
    const syncing = this.writer.syncIfNeeded();
    inner.releaseSyncs();
    await syncing;
    inner.holdSyncs();
    if (this.#journalFailed) {
      this.sequencer.failDurable(new Error('the disk did not keep what was written'));
      return;
    }
    if (!this.hasFailed) this.sequencer.releaseDurable();
    if (this.sequencer.heldEffects > 0 && !this.#host.isDead) this.#host.syncRequested();
  }

  /** Only what the journal holds safely may outlive it. Time stands still meanwhile. */
  async snapshot(): Promise<boolean> {
    const { sequencer, writer } = this;
    if (this.#host.isDead || this.hasFailed) return false;
    sequencer.seal();
    if (!this.hasFailed) this.#flush();
    await this.settleDisk();
    if (this.#host.isDead || this.hasFailed || !writer.isDurable(writer.mark())) return false;
    const { hash, sequence } = sequencer;
    const place = {
      sequence,
      hashHigh: hash.high,
      hashLow: hash.low,
      life: writer.life,
      frames: 0,
    };
    try {
      writeSnapshot(this.#options.disk, SNAPSHOTS, sequence, snapshotOf(this.kernel, place));
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return false; // The journal is whole without it.
    }
  }

  /**
   * Does it as long as there is somebody to do it. Once the journal has failed the sequencer says
   * so to whoever asks for more; and what the dead still do means nothing.
   */
  #live(act: () => void): boolean {
    if (this.#host.isDead || this.hasFailed) return false;
    try {
      act();
    } catch (error) {
      if (!this.#host.isDead && !this.hasFailed) throw error;
    }
    return !this.#host.isDead && !this.hasFailed;
  }

  #flush(): void {
    try {
      this.writer.flush();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.sequencer.failDurable(error);
    }
  }

  #makeSequencer(recovered: Recovered | undefined): Sequencer {
    const { seed, bug, framesMax } = this.#options;
    const hash = startHash(identityOf(seed).configHash);
    if (recovered !== undefined) hash.set(recovered.hashHigh, recovered.hashLow);
    const journal = this.#journal();
    const router: EffectRouter = {
      dispatch: (requested) => this.#dispatch(requested),
      withdraw: (requested) => this.#host.withdraw(requested),
    };
    return new Sequencer({
      kernel: this.kernel,
      journal: bug?.journal?.(journal) ?? journal,
      router,
      observers: [{ turn: (sequence, nowUs, record) => this.#observe(sequence, nowUs, record) }],
      framesMax,
      hash,
      sequence: recovered?.sequence ?? 0,
    });
  }

  /** Between any two of these calls the process may die. */
  #journal(): Journal {
    const { writer } = this;
    const host = this.#host;
    return {
      append: (kind, sequence, nowUs, hash, payload) => {
        host.mayDie();
        if (!host.isDead) writer.append(kind, sequence, nowUs, hash, payload);
        host.mayDie();
      },
      flush: () => {
        if (!host.isDead) writer.flush();
      },
      mark: () => writer.mark(),
      isDurable: (mark) => host.isDead || writer.isDurable(mark),
      requestSync: () => {
        if (host.isDead) return;
        void writer.syncIfNeeded();
        host.syncRequested();
      },
    };
  }

  #dispatch(requested: Requested): void {
    this.#host.mayDie();
    if (!this.#host.isDead) this.#host.dispatch(requested);
    this.#host.mayDie();
  }

  #observe(sequence: number, nowUs: number, record: TurnRecord): void {
    this.#host.mayDie();
    if (!this.#host.isDead) this.#host.turn(sequence, nowUs, record);
  }

  #begin(recovered: Recovered | undefined, past: Past): void {
    const { nowUs, symbols, seed } = this.#options;
    const { buildId, configHash } = identityOf(seed);
    const life = (recovered?.life ?? 0) + 1;
    const actors = this.kernel.slots.map(({ definition }) => definition.name);
    const session = { account: ACCOUNT, startingCash: STARTING_CASH };
    this.accept({ kind: 'opened', life, ...session, buildId, configHash, actors }, nowUs);
    symbols.slice(past.symbolsNamed).forEach((listed, place) => {
      const symbol = symbolId(past.symbolsNamed + place);
      this.accept({ kind: 'symbolNamed', symbol, ...listed }, nowUs);
    });
    if (!past.isSessionTold) {
      const day = { date: 20_231_114, openUs: OPEN_US, closeUs: CLOSE_US };
      this.accept({ kind: 'sessionChanged', phase: 'core', ...day }, nowUs);
    }
    if (recovered !== undefined) this.#settle(recovered, nowUs);
  }

  /** Asked again where that is harmless; where it is not, nobody knows, and execution enquires. */
  #settle({ reissue, enquire }: Recovered, nowUs: number): void {
    for (const requested of reissue) this.#dispatch(requested);
    if (this.#options.bug?.isEnquiryForgotten === true) return;
    for (const { input, index } of enquire) {
      const id = { effectInput: input, effectIndex: index };
      this.accept({ kind: 'answered', ...id, outcome: 'unknown', code: 'RECOVERED' }, nowUs);
    }
  }

  #tellDegraded(nowUs: number): void {
    const reason = this.#degraded;
    if (reason === undefined) return;
    this.#degraded = undefined;
    this.accept({ kind: 'serviceChanged', service: 'journal', state: 'degraded', reason }, nowUs);
  }
}

/** How far the journal says that the start of the session had come. */
class Past {
  symbolsNamed = 0;
  isSessionTold = false;

  take(kind: number, payload: Uint8Array): void {
    if (kind !== RECORD_INPUT) return;
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind === 'symbolNamed') this.symbolsNamed += 1;
    if (input.kind === 'sessionChanged') this.isSessionTold = true;
  }
}

function recoverFrom(disk: SimDisk, kernel: Kernel): Recovered {
  return recover({
    kernel,
    snapshot: latestSnapshot(disk, SNAPSHOTS).snapshot?.bytes,
    read: (visit) => void readJournal(disk, JOURNAL, visit),
    batch: new EventBatch(1_024, 1_024),
  });
}

/** Nothing of the machine: the same seed is the same session everywhere. */
function identityOf(seed: number): SessionIdentity {
  return {
    sessionId: SESSION,
    buildId: 'sim',
    configHash: `sim-${seed}`,
    nodeMajor: 20,
    predecessorHash: '',
  };
}
