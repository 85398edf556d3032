import { assert, InvariantError } from '../../core/assert.ts';
import { ByteWriter } from '../../core/bytes.ts';
import { Hash64 } from '../../core/hash.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { writeEvents } from '../../domain/market/event-codec.ts';
import { type Effect, EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import type { Fact } from '../../ports/fact.ts';
import { type Input, inputCodec } from '../../ports/input.ts';
import type { Journal } from '../../ports/journal.ts';
import {
  type CrashPoint,
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  type TurnRecord,
  writeTurn,
} from '../../ports/turn-record.ts';
import type { FaultPoint } from './fault-points.ts';
import type { Kernel } from './kernel.ts';

/** Where effects go when they may leave. Must not call back into the sequencer. */
export interface EffectRouter {
  dispatch(requested: Requested): void;
  /** Taken back before it left, so it never will: its one answer is `refused`, `WITHDRAWN`. */
  withdraw?(requested: Requested): void;
}

/** Hears of every finished turn: read models, reports, the live view. Must not call back. */
export interface TurnObserver {
  /** An input that is no market batch, before the turn it causes. */
  input?(input: Input, nowUs: number): void;
  /** Frames `from .. to` of a batch, before the turn they cause. The batch is used again. */
  market?(sequence: number, batch: EventBatch, from: number, to: number): void;
  turn(sequence: number, nowUs: number, record: TurnRecord): void;
}

/** Asked before each market frame: may it be delivered now, or is something else due first? */
export interface FrameGate {
  admit(batch: EventBatch, frame: number, nowUs: number): boolean;
}

export interface SequencerOptions {
  readonly kernel: Kernel;
  readonly journal: Journal;
  readonly router: EffectRouter;
  readonly observers: readonly TurnObserver[];
  /** Frames that one turn may carry. */
  readonly framesMax: number;
  /** The hash to go on from: of the config for a new session. */
  readonly hash: Hash64;
  /** The last sequence number used; 0 for a new session. */
  readonly sequence: number;
  /** On `verify`: the crashes that the turn about to begin had when it was recorded. */
  readonly honoured?: () => readonly CrashPoint[];
  /** Called where the process could die; a test throws from it. */
  readonly fault?: ((point: FaultPoint, nowUs: number) => void) | undefined;
}

/** Turns of timers at one instant: past this they set themselves again and again. */
const INSTANT_TURNS_MAX = 10_000;

/**
 * Numbers inputs, journals them, delivers them, records what they caused, and lets the effects go
 * when their turn's record is safe. The number is the order.
 */
export class Sequencer {
  readonly hash: Hash64;
  #sequence: number;
  readonly #options: SequencerOptions;
  readonly #payload = new ByteWriter(1 << 16);
  readonly #before = new Hash64();
  /** Effects that make exposure, waiting for the disk. */
  #held: Held[] = [];
  #isInTurn = false;
  #isSealed = true;
  #refused: unknown;
  #failure: unknown;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.hash = options.hash;
    this.#sequence = options.sequence;
  }

  /** The number of the last record. */
  get sequence(): number {
    return this.#sequence;
  }

  get nowUs(): number {
    return this.#options.kernel.nowUs;
  }

  get nextTimerUs(): number {
    return this.#options.kernel.timers.nextDueUs;
  }

  /** Has this effect not had its answer yet? */
  isOutstanding(input: number, index: number): boolean {
    return this.#options.kernel.outstanding.has(input, index);
  }

  get heldEffects(): number {
    return this.#held.length;
  }

  /** Set once the journal could not be written: nothing is accepted any more. */
  get failure(): unknown {
    return this.#failure;
  }

  /** One input, one turn; timers that are due by then run first, as turns of their own. */
  accept(input: Input, atUs: number): void {
    const isOpening = input.kind === 'opened';
    if (!isOpening) this.#takeUntaken();
    const nowUs = Math.max(atUs, this.#options.kernel.nowUs);
    // Nothing is recorded of a life before it has opened, no timer and nothing taken again.
    if (!isOpening) this.runTimers(input.kind === 'timePassed' ? nowUs - 1 : nowUs);
    this.#take(input, nowUs);
    if (isOpening) this.#takeUntaken();
  }

  #takeUntaken(): void {
    const { kernel } = this.#options;
    const { untaken } = kernel;
    kernel.untaken = undefined;
    if (untaken !== undefined) this.accept(untaken.input, untaken.nowUs);
  }

  #take(input: Input, nowUs: number): void {
    this.#assertFree();
    // Before it has a number: what cannot be written must leave no gap in the journal.
    this.#payload.reset();
    inputCodec.write(this.#payload, input);
    this.#isInTurn = true;
    const sequence = this.#next();
    this.#options.fault?.('inputNumbered', nowUs);
    this.#append(RECORD_INPUT, sequence, nowUs, this.hash);
    this.#options.fault?.('inputAppended', nowUs);
    this.#options.kernel.beginTurn(this.#options.honoured?.());
    this.#options.kernel.deliverInput(input, nowUs);
    for (const observer of this.#options.observers) observer.input?.(input, nowUs);
    this.#finish(sequence, nowUs);
  }

  /** Runs the timers due by `nowUs`, each due time a turn of its own. */
  runTimers(nowUs: number): void {
    const { kernel } = this.#options;
    let turns = 0;
    for (;;) {
      // What was due while nobody lived is due now, in one turn, and so it is when fed again.
      const dueUs = Math.max(kernel.timers.nextDueUs, kernel.nowUs);
      if (dueUs > nowUs) return;
      turns = dueUs > kernel.nowUs ? 0 : turns + 1;
      if (turns > INSTANT_TURNS_MAX) throw new InvariantError('timers set themselves for ever');
      this.#take({ kind: 'timePassed' }, dueUs);
    }
  }

  /**
   * Frames `from ..` of a batch, as many as one turn may carry. Answers how many were taken: the
   * turn ends early where it produced something, or where the gate or a timer comes first. How
   * frames are grouped changes no decision.
   */
  acceptMarket(batch: EventBatch, from: number, gate?: FrameGate): number {
    assert(from < batch.frames, 'there is a frame to take');
    const { kernel, framesMax } = this.#options;
    this.#takeUntaken();
    const firstUs = Math.max(batch.frameUs[from] ?? 0, kernel.nowUs);
    this.runTimers(firstUs);
    if (gate !== undefined && !gate.admit(batch, from, firstUs)) return 0;
    this.#assertFree();
    this.#isInTurn = true;
    const sequence = this.#next();
    this.#options.fault?.('inputNumbered', firstUs);
    this.#before.set(this.hash.high, this.hash.low);
    kernel.beginTurn(this.#options.honoured?.());
    let frame = from;
    try {
      do {
        frame += 1; // Counted before it is delivered: the frame that breaks us is recorded too.
        kernel.deliverFrame(batch, frame - 1);
      } while (frame - from < framesMax && this.#mayTake(batch, frame, gate));
    } finally {
      this.#payload.reset();
      writeEvents(this.#payload, batch, from, frame);
      this.#append(RECORD_MARKET, sequence, firstUs, this.#before);
    }
    this.#options.fault?.('inputAppended', firstUs);
    for (const observer of this.#options.observers) observer.market?.(sequence, batch, from, frame);
    this.#finish(sequence, kernel.nowUs);
    return frame - from;
  }

  /**
   * Ends the last turn on the record if it left nothing there. Before a snapshot and at a session's
   * end: of an input without a turn a recovery cannot know whether it was taken. A turn that threw
   * stays without its record: it was not taken.
   */
  seal(): void {
    if (this.#isSealed || this.#isInTurn || this.#failure !== undefined) return;
    this.#writeTurn({ items: [], timers: [], crashes: [] }, this.nowUs);
    if (this.#refused !== undefined) this.#fail(this.#refused);
  }

  /** Lets go what has become safe since; called when a sync has settled. */
  releaseDurable(): void {
    const { journal, router } = this.#options;
    for (let next = this.#held[0]; next; next = this.#held[0]) {
      if (!journal.isDurable(next.mark)) return;
      this.#held.shift(); // Before it leaves: whatever happens then, it does not leave twice.
      router.dispatch(next.requested);
      this.#options.fault?.('effectDispatched', this.nowUs);
    }
  }

  /** A sync failed: what waited for it never leaves. Final, like a failed write. */
  failDurable(error: unknown): void {
    if (this.#failure === undefined) this.#fail(error);
  }

  #mayTake(batch: EventBatch, frame: number, gate: FrameGate | undefined): boolean {
    const { kernel } = this.#options;
    if (frame >= batch.frames || kernel.hasProduced) return false;
    const nowUs = Math.max(batch.frameUs[frame] ?? 0, kernel.nowUs);
    if (kernel.timers.nextDueUs <= nowUs) return false;
    return gate === undefined || gate.admit(batch, frame, nowUs);
  }

  #assertFree(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isInTurn) throw new InvariantError('an input was offered inside a turn');
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** A refused write is remembered; the turn that met it lets nothing go that makes exposure. */
  #append(kind: number, sequence: number, nowUs: number, hash: Hash64): void {
    try {
      this.#options.journal.append(kind, sequence, nowUs, hash, this.#payload);
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      this.#refused ??= error;
    }
  }

  #finish(sequence: number, nowUs: number): void {
    const { kernel, observers, fault } = this.#options;
    fault?.('turnDelivered', nowUs);
    const record = kernel.endTurn();
    this.#isSealed = false;
    if (record.items.length + record.timers.length + record.crashes.length > 0) {
      this.#writeTurn(record, nowUs);
      fault?.('turnAppended', nowUs);
    }
    this.#letGo(sequence, record);
    for (const observer of observers) observer.turn(sequence, nowUs, record);
    // Last, so that a router or an observer that calls back is found out.
    this.#isInTurn = false;
    fault?.('turnFinished', nowUs);
  }

  #writeTurn(record: TurnRecord, nowUs: number): void {
    this.#isSealed = true;
    this.#before.set(this.hash.high, this.hash.low);
    this.#payload.reset();
    writeTurn(this.#payload, record, this.hash);
    this.#append(RECORD_TURN, this.#next(), nowUs, this.#before);
  }

  /** Cancels, halts and enquiries never wait for the disk; what makes exposure does. */
  #letGo(input: number, record: TurnRecord): void {
    const { kernel, journal, router } = this.#options;
    let index = 0;
    let makesExposure = false;
    for (const item of record.items) {
      if (item.type !== 'effect') continue;
      const { effect, requestedUs, actor } = item;
      const requested = { input, index, requestedUs, effect };
      index += 1;
      kernel.outstanding.add({ input, index: requested.index, requestedUs, effect, actor });
      if (EFFECT_TRAITS[effect.kind].makesExposure) {
        this.#held.push({ mark: journal.mark(), requested, isEntry: isEntry(effect, record) });
        makesExposure = true;
      } else {
        router.dispatch(requested);
        this.#options.fault?.('effectDispatched', this.nowUs);
      }
    }
    if (this.#held.length > 0) this.#withdraw(record);
    if (this.#refused === undefined && makesExposure) this.#flush();
    if (this.#refused !== undefined) this.#fail(this.#refused);
  }

  /**
   * I6: while an order waits for the disk its account may be halted, or the order cancelled. What
   * has not left by then does not leave; nothing else could stop it.
   */
  #withdraw(record: TurnRecord): void {
    for (const item of record.items) {
      // Nearly every turn ends here: this is on the way of an order.
      if (item.type !== 'fact' || !mayTakeBack(item.fact)) continue;
      const { fact } = item;
      const back = this.#held.filter((held) => takesBack(fact, held));
      if (back.length === 0) continue;
      this.#held = this.#held.filter((held) => !back.includes(held));
      for (const { requested } of back) this.#options.router.withdraw?.(requested);
    }
  }

  #flush(): void {
    const { journal } = this.#options;
    try {
      journal.flush();
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      this.#refused = error;
      return;
    }
    this.#options.fault?.('blockFlushed', this.nowUs);
    this.releaseDurable();
    if (this.#held.length > 0) journal.requestSync();
  }

  /**
   * The journal refused a write. What was held never leaves. The kernel hears it once more, off
   * the record, so that its cancels go out; after that nothing is accepted.
   */
  #fail(error: unknown): void {
    const { kernel, router } = this.#options;
    this.#held = [];
    this.#failure = error;
    const reason = error instanceof Error ? error.message : String(error);
    kernel.beginTurn();
    const down = { kind: 'serviceChanged', service: 'journal', state: 'down', reason } as const;
    kernel.deliverInput(down, kernel.nowUs);
    for (const item of kernel.endTurn().items) {
      if (item.type !== 'effect' || EFFECT_TRAITS[item.effect.kind].makesExposure) continue;
      const { effect, requestedUs } = item;
      router.dispatch({ input: this.#next(), index: 0, requestedUs, effect });
    }
  }
}

/** An effect that makes exposure, until its record is safe. */
interface Held {
  readonly mark: number;
  readonly requested: Requested;
  readonly isEntry: boolean;
}

function isEntry(effect: Effect, { items }: TurnRecord): boolean {
  if (effect.kind !== 'submitOrder') return false;
  const { clientOrderId } = effect;
  return items.some(
    (item) =>
      item.type === 'fact' &&
      item.fact.kind === 'intended' &&
      item.fact.clientOrderId === clientOrderId &&
      item.fact.purpose === 'entry',
  );
}

function mayTakeBack({ kind }: Fact): boolean {
  return kind === 'cancelAsked' || kind === 'tradingHalted';
}

function takesBack(fact: Fact, { requested: { effect }, isEntry }: Held): boolean {
  if (effect.kind !== 'submitOrder') return false;
  if (fact.kind === 'cancelAsked') return fact.clientOrderId === effect.clientOrderId;
  return fact.kind === 'tradingHalted' && isEntry && fact.account === effect.account;
}
