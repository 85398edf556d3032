import { assert } from '../core/assert.ts';
import { symbolId } from '../core/ids.ts';
import { MINUTE } from '../core/time.ts';
import type { Kernel } from '../actors/runtime/kernel.ts';
import type { Sequencer } from '../actors/runtime/sequencer.ts';
import { VirtualDriver, type VirtualDriverOptions } from '../actors/runtime/virtual-driver.ts';
import type { Input } from '../ports/input.ts';
import type { MarketSource } from '../ports/market-source.ts';
import type { SimulatedPart } from '../ports/simulated-world.ts';
import type { JournalWriter } from '../store/journal/journal-writer.ts';
import { PastSession } from './past-session.ts';
import { type LifeOptions, type RecoveryNote, SessionLife } from './session-life.ts';

export interface VirtualSessionOptions extends Omit<LifeOptions, 'router' | 'visit' | 'degraded'> {
  readonly eventsMax: number;
  readonly source: MarketSource;
  readonly services: readonly SimulatedPart[];
  readonly deadlineUs?: VirtualDriverOptions['deadlineUs'];
  /** What the repair of a torn tail dropped, and a recovery's figures: people want to know. */
  readonly told?: (what: RecoveryNote) => void;
}

/** How long after the last event answers and timers still count. */
const DRAIN_US = 2 * MINUTE;

/**
 * One life of a session in virtual time: journal, kernel, simulated world and driver. Opening it
 * over records of an earlier life recovers first: state from snapshot and facts, the world by
 * living again, then enquiries, then trading.
 */
export class VirtualSession {
  readonly driver: VirtualDriver;
  readonly #life: SessionLife;
  readonly #options: VirtualSessionOptions;
  #framesBefore = 0;
  #hasBegun = false;
  /** Why the disk allows no new exposure; it may be so from the first moment. */
  #degraded: string | undefined;

  constructor(options: VirtualSessionOptions) {
    this.#options = options;
    const { source, services, eventsMax, deadlineUs } = options;
    const past = new PastSession(source.calendar);
    this.driver = new VirtualDriver({ source, services, drainUs: DRAIN_US, eventsMax, deadlineUs });
    this.#life = new SessionLife({
      ...options,
      router: this.driver,
      visit: (record) => past.take(record),
      degraded: (reason) => this.#journalDegraded(reason),
    });
    this.driver.connect(this.sequencer);
    this.#begin(past);
    this.#hasBegun = true;
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

  /** Puts an input on the agenda now: an operator's command, a service's change. */
  enter(input: Input): true {
    this.driver.enter(Math.max(this.driver.nowUs, this.kernel.nowUs), input);
    return true;
  }

  /**
   * Everything up to a virtual time; false when the session is over. Waits for the disk and for
   * computations by itself.
   */
  async advance(untilUs: number): Promise<boolean> {
    for (;;) {
      this.#tellDegraded();
      const isMore = this.driver.advance(untilUs, this.#life.snapshotAt);
      if (this.sequencer.heldEffects > 0) await this.#life.untilDurable();
      else if (this.#life.isSnapshotDue) await this.#life.keepSnapshot(this.frames);
      else if (this.driver.isWaiting && isMore) await this.#untilComputed();
      else return isMore;
    }
  }

  /** What was recorded so far outlives the process; false where the journal does not take it. */
  writeOut(): boolean {
    return this.#life.writeOut();
  }

  /** Market frames of all lives. */
  get frames(): number {
    return this.#framesBefore + this.driver.frames;
  }

  takeSnapshot(): void {
    this.#life.takeSnapshot(this.frames);
  }

  async close(): Promise<void> {
    await this.#life.close();
    this.#options.source.close();
  }

  /** A life begins: the world is put where it was, the kernel is told, what is owed is asked. */
  #begin(past: PastSession): void {
    const { source } = this.#options;
    const { recovered } = this.#life;
    const beginUs = source.beganUs ?? (source.calendar[0]?.atUs ?? 0) - MINUTE;
    const startUs = Math.max(this.kernel.nowUs, beginUs);
    if (recovered !== undefined) {
      this.#framesBefore = recovered.frames;
      this.driver.relive(recovered.frames, past.brokerRequests, this.kernel.nowUs);
    }
    this.#life.open(startUs);
    if (past.journalState !== 'up') this.#life.tellRoom(startUs);
    for (let symbol = past.symbolsNamed; symbol < source.symbols.length; symbol += 1) {
      const listed = source.symbols[symbol];
      if (listed === undefined) continue;
      const named = { kind: 'symbolNamed', symbol: symbolId(symbol), ...listed } as const;
      this.sequencer.accept(named, startUs);
    }
    this.driver.scheduleCalendar(past.calendarTaken);
    this.#life.settle(
      (requested) => this.driver.dispatch(requested),
      (input) => this.enter(input),
    );
  }

  #journalDegraded(reason: string): void {
    this.#degraded ??= reason;
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

  async #untilComputed(): Promise<void> {
    const computing = this.#options.services.flatMap((service) => service.computed?.() ?? []);
    assert(computing.length > 0, 'somebody computes what time waits for');
    await Promise.race(computing);
  }
}
