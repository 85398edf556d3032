import { symbolId } from '../../core/ids.ts';
import type { Kernel } from '../../actors/runtime/kernel.ts';
import { LiveDriver, type TurnWatch } from '../../actors/runtime/live-driver.ts';
import type { EffectRouter, Sequencer } from '../../actors/runtime/sequencer.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import {
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  EventBatch,
  GAP,
} from '../../domain/market/event-batch.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { Requested } from '../../ports/effect.ts';
import type { Input } from '../../ports/input.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { JournalWriter } from '../../store/journal/journal-writer.ts';
import { addDay } from '../history-source.ts';
import { PastSession } from '../past-session.ts';
import { RestrictionKeeper } from '../restriction-keeper.ts';
import { type LifeOptions, type RecoveryNote, SessionLife } from '../session-life.ts';
import type { RowWarmed } from '../store-feed/warm-rows.ts';
import { SessionEdges } from './session-edges.ts';

export interface LiveSessionOptions extends Omit<LifeOptions, 'visit' | 'degraded'> {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly soon: (run: () => void) => void;
  readonly watchdog?: TurnWatch;
  /** Market events that may wait before the sequencer. */
  readonly eventsMax: number;
  /** In the order of their ids: what earlier lives named stands first. */
  readonly symbols: readonly ListedSymbol[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  /** What rows had learned in an earlier session; taken by a session's first life. */
  readonly warmed?: readonly RowWarmed[] | undefined;
  /** What people have set; a version that is known says nothing, so every life hears them. */
  readonly policies?: readonly Input[] | undefined;
  /** The kernel or its journal is broken; the session must be closed. */
  readonly failed: (error: unknown) => void;
  readonly told?: (note: RecoveryNote) => void;
  /** After some turns: the screen, and whatever looks at the state from outside. */
  readonly turned?: () => void;
}

const INPUTS_MAX = 16_384;
const SLICE_MS_MAX = 8;
const PAUSE_MS_MAX = 1_000;
/** A quiet session's records wait in an open block no longer than this. */
const FLUSH_MS = 200;

/**
 * One life of a session in the time of the world. As in virtual time, opening it over records of an
 * earlier life recovers first; what was outstanding then is asked about once services run.
 */
export class LiveSession {
  readonly driver: LiveDriver;
  /** Market time at which the life before ended; 0 for a session's first. */
  readonly heardUntilUs: number;
  readonly #life: SessionLife;
  readonly #past = new PastSession([]);
  readonly #options: LiveSessionOptions;
  readonly #edges: SessionEdges;
  readonly #restrictions = new RestrictionKeeper();
  #framesBefore = 0;
  #isSyncing = false;
  #isKeeping = false;
  #flush: Timer | undefined;
  #flushedAt = 0;
  #hasBegun = false;
  #isClosed = false;
  #closed: Promise<void> | undefined;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    const { clock, timers, soon, watchdog, eventsMax } = options;
    this.driver = new LiveDriver({
      clock,
      timers,
      soon,
      eventsMax,
      inputsMax: INPUTS_MAX,
      sliceMsMax: SLICE_MS_MAX,
      pauseMsMax: PAUSE_MS_MAX,
      ...(watchdog === undefined ? {} : { watchdog }),
      afterTurns: () => this.#afterTurns(),
      failed: options.failed,
    });
    this.#life = new SessionLife({
      ...options,
      observers: [...options.observers, this.#restrictions],
      visit: (record) => this.#past.take(record),
      degraded: (reason) =>
        this.enter({ kind: 'serviceChanged', service: 'journal', state: 'degraded', reason }),
    });
    this.driver.connect(this.sequencer);
    this.#edges = new SessionEdges(clock, timers, (input) => this.enter(input));
    this.#framesBefore = this.#life.recovered?.frames ?? 0;
    this.heardUntilUs = this.kernel.nowUs;
    options.told?.(this.#life.note);
  }

  get kernel(): Kernel {
    return this.#life.kernel;
  }

  get sequencer(): Sequencer {
    return this.#life.sequencer;
  }

  get writer(): JournalWriter {
    return this.#life.writer;
  }

  get life(): number {
    return this.#life.life;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** What was recorded so far outlives the process; false where the journal does not take it. */
  writeOut(): boolean {
    return this.#life.writeOut();
  }

  /** Market frames of all lives. */
  get frames(): number {
    return this.#framesBefore + this.driver.frames;
  }

  /** False where too many inputs wait. */
  enter(input: Input): boolean {
    return this.driver.enter(input);
  }

  /**
   * The life begins: the kernel is told who it is, what is listed and what was; then time runs.
   * Services are started after this, and what is owed is asked by `settle`.
   */
  begin(): void {
    this.#hasBegun = true;
    const { clock, symbols } = this.#options;
    const startUs = clock.nowUs();
    this.#life.open(startUs);
    if (this.#past.journalState !== 'up') this.#life.tellRoom(startUs);
    for (let symbol = this.#past.symbolsNamed; symbol < symbols.length; symbol += 1) {
      const listed = symbols[symbol];
      if (listed === undefined) continue;
      const { name, assetClass, sector, isTradable } = listed;
      const input = { kind: 'symbolNamed', symbol: symbolId(symbol) } as const;
      this.sequencer.accept({ ...input, name, assetClass, sector, isTradable }, startUs);
    }
    for (const input of this.#options.policies ?? []) this.sequencer.accept(input, startUs);
    // A life that ended before the calendar spoke may have ended before the history was whole.
    if (this.#past.calendarTaken === 0) this.#giveHistory(startUs);
    // After the history, whose last close is older. Whoever goes on with a session has what its
    // first life took.
    for (const input of this.life === 1 ? (this.#options.warmed ?? []) : []) {
      this.sequencer.accept(input, startUs);
    }
    if (this.life > 1) this.#markGap(startUs);
    this.#edges.start();
    this.driver.start();
  }

  /** What earlier lives asked and never heard of. Call once there is somebody to ask. */
  settle(router: EffectRouter): void {
    this.#life.settle(
      (requested: Requested) => router.dispatch(requested),
      (input) => this.enter(input),
    );
  }

  /**
   * Takes what was said until now, a last fill it may be; ends taking inputs, and closes the
   * journal with all that was taken. Any number of times.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#edges.stop();
    this.driver.finish();
    const { failure } = this.sequencer;
    if (failure !== undefined) this.#fail(failure);
    this.#isClosed = true;
    this.#flush?.cancel();
    await this.#life.close();
  }

  #afterTurns(): void {
    const { sequencer } = this;
    if (sequencer.failure !== undefined) throw sequencer.failure;
    this.#keepRestrictions();
    if (sequencer.heldEffects > 0) this.#syncSoon();
    if (this.#life.isSnapshotDue && !this.#isKeeping) this.#keepSnapshot();
    this.#flushSoon();
    this.#options.turned?.();
  }

  /** Before `status` or anybody else is answered again: they rely on what it shows. */
  #keepRestrictions(): void {
    if (!this.#restrictions.isDue) return;
    this.#restrictions.secure(this).then(
      () => {
        const { failure } = this.sequencer;
        if (failure !== undefined) this.#fail(failure);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** One sync at a time: what comes meanwhile is in the next one. */
  #syncSoon(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    const settled = (): void => {
      this.#isSyncing = false;
      if (this.#isClosed) return;
      if (this.sequencer.failure !== undefined) this.#fail(this.sequencer.failure);
      else if (this.sequencer.heldEffects > 0) this.#syncSoon();
    };
    this.#life.untilDurable().then(settled, (error: unknown) => this.#fail(error));
  }

  #keepSnapshot(): void {
    this.#isKeeping = true;
    this.#life.keepSnapshot(this.frames).then(
      () => {
        this.#isKeeping = false;
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.driver.stop();
    this.#options.failed(error);
  }

  /** Nothing forces the open block out while nobody orders: a crash must not lose minutes. */
  #flushSoon(): void {
    if (this.#flush !== undefined || this.sequencer.sequence === this.#flushedAt) return;
    this.#flush = this.#options.timers.after(FLUSH_MS, () => {
      this.#flush = undefined;
      const { sequencer, writer } = this;
      if (this.#isClosed || sequencer.failure !== undefined) return;
      sequencer.seal();
      this.#flushedAt = sequencer.sequence;
      try {
        writer.flush();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #giveHistory(startUs: number): void {
    const { symbols, history } = this.#options;
    const batch = new EventBatch();
    const give = (): void => {
      batch.endFrame(startUs);
      for (let frame = 0; frame < batch.frames;) {
        frame += this.sequencer.acceptMarket(batch, frame);
      }
      batch.clear();
    };
    for (const [symbol, { name }] of symbols.entries()) {
      for (const bar of history.get(name) ?? []) {
        if (batch.isFull) give();
        addDay(batch, symbol, bar);
      }
    }
    if (batch.count > 0) give();
  }

  /** Nobody listened while the process was gone. */
  #markGap(startUs: number): void {
    const batch = new EventBatch(4, 1);
    for (const channel of [CHANNEL_TRADES, CHANNEL_QUOTES, CHANNEL_BARS]) {
      batch.add(GAP, -1, startUs, channel, 0);
    }
    batch.endFrame(startUs);
    this.driver.take(batch);
  }
}
