import { assert } from '../../core/assert.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { EFFECT_TRAITS, type EffectKind, type Requested } from '../../ports/effect.ts';
import { type Answer, type Input, INPUT_CLASS } from '../../ports/input.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import type { Agenda, Reservation, SimulatedPart } from '../../ports/simulated-world.ts';
import type { EffectRouter, FrameGate, Sequencer } from './sequencer.ts';

export interface VirtualDriverOptions {
  readonly source: MarketSource;
  readonly services: readonly SimulatedPart[];
  /** Events a batch may hold. */
  readonly eventsMax?: number;
  /** After the last event, how long answers and timers are still waited for. */
  readonly drainUs: number;
  /** How long an answer is waited for, where that is not the effect's own deadline. */
  readonly deadlineUs?: ((kind: EffectKind) => number) | undefined;
}

/**
 * Happenings inside the world come last at their instant: after the inputs and after the market
 * frame, so that an order reaching the venue meets the book that this frame has made.
 */
const WORLD_CLASS = 99;

interface Entry {
  readonly dueUs: number;
  readonly rank: number;
  readonly number: number;
  /** Still being computed by its service. */
  isReserved?: boolean;
  input?: Input;
  readonly run?: (nowUs: number) => void;
}

/**
 * Virtual time: owns what will happen, in (due, class, number) order, and drives the sequencer
 * through it as fast as it is asked to. Simulated services answer at `requested + modelled delay`,
 * so wall-clock speed never changes a result.
 */
export class VirtualDriver implements Agenda, EffectRouter, FrameGate {
  nowUs = 0;
  /** Market frames and events delivered. */
  frames = 0;
  events = 0;
  readonly #options: VirtualDriverOptions;
  readonly #batch: EventBatch;
  readonly #entries: Entry[] = [];
  #sequencer: Sequencer | undefined;
  #number = 0;
  #frame = 0;
  /** The frame the world has seen; the kernel may see it later if something came between. */
  #shown = -1;
  #hasEnded = false;
  #lastFrameUs = 0;

  constructor(options: VirtualDriverOptions) {
    this.#options = options;
    this.#batch = new EventBatch(options.eventsMax ?? 1_024, options.eventsMax ?? 1_024);
  }

  /** The sequencer needs a router and the driver a sequencer: composed in two steps. */
  connect(sequencer: Sequencer): void {
    assert(this.#sequencer === undefined, 'a driver drives one sequencer');
    this.#sequencer = sequencer;
    this.#lastFrameUs = sequencer.nowUs; // A session recovered after its last frame drains too.
  }

  /** Puts the calendar's inputs on the agenda, but for the first `taken` of a recovered session. */
  scheduleCalendar(taken = 0): void {
    for (const { atUs, input } of this.#options.source.calendar.slice(taken)) {
      this.enter(atUs, input);
    }
  }

  /**
   * For a recovered session whose world died with it: the world lives again through the frames
   * that were taken and the requests that were recorded. What it said before `nowUs` was heard;
   * what it says at `nowUs` may be said twice, which every receiver has to bear anyway.
   */
  relive(framesTaken: number, requests: readonly Requested[], nowUs: number): void {
    for (const requested of requests) {
      if (requested.requestedUs >= nowUs) continue;
      this.happen(requested.requestedUs, () => this.#requestAgain(requested));
    }
    for (let left = framesTaken; left > 0; left -= 1) {
      const frameUs = this.#peekFrame();
      if (frameUs === Number.POSITIVE_INFINITY) break;
      this.#reliveEntries((entry) => isBeforeFrame(entry, frameUs));
      this.#show(this.#batch, this.#frame, frameUs);
      this.#frame += 1;
      this.#lastFrameUs = frameUs;
    }
    this.#reliveEntries(({ dueUs }) => dueUs < nowUs);
    this.nowUs = nowUs;
    // Sent before whatever is asked now: a question must not overtake the order it is about.
    for (const requested of requests) {
      if (requested.requestedUs >= nowUs) this.#requestAgain(requested);
    }
  }

  enter(dueUs: number, input: Input): void {
    this.#add({ dueUs, rank: INPUT_CLASS[input.kind], number: this.#nextNumber(), input });
  }

  reserve(dueUs: number): Reservation {
    const rank = INPUT_CLASS.answered;
    const entry: Entry = { dueUs, rank, number: this.#nextNumber(), isReserved: true };
    this.#add(entry);
    return {
      fill(answer) {
        assert(entry.isReserved === true, 'a reservation is filled once');
        entry.isReserved = false;
        entry.input = answer;
      },
    };
  }

  /** Does nothing more happen before a service has computed what it owes? */
  get isWaiting(): boolean {
    return this.#entries[0]?.isReserved === true;
  }

  happen(dueUs: number, run: (nowUs: number) => void): void {
    this.#add({ dueUs, rank: WORLD_CLASS, number: this.#nextNumber(), run });
  }

  dispatch(requested: Requested): void {
    const { kind } = requested.effect;
    const service = this.#options.services.find((candidate) => candidate.handles(kind));
    if (service === undefined) {
      // Nobody provides it here: said at once, so that every effect has its one answer.
      this.#answer(requested, 'failed', 'NO_SERVICE');
      return;
    }
    const waitUs = this.#options.deadlineUs?.(kind) ?? EFFECT_TRAITS[kind].deadlineUs;
    const deadlineUs = requested.requestedUs + waitUs;
    this.happen(deadlineUs, () => this.#expire(requested, deadlineUs));
    service.request(requested, this);
  }

  withdraw(requested: Requested): void {
    this.#answer(requested, 'refused', 'WITHDRAWN', this.nowUs);
  }

  /** The deadline passed. Of an order nobody knows what became of it: that is not a refusal. */
  #expire(requested: Requested, deadlineUs: number): void {
    if (!this.sequencer.isOutstanding(requested.input, requested.index)) return;
    const outcome = touchesOrder(requested.effect.kind) ? 'unknown' : 'expired';
    this.#answer(requested, outcome, 'DEADLINE', deadlineUs);
  }

  #answer(
    { input, index, requestedUs }: Requested,
    outcome: Answer['outcome'],
    code: string,
    atUs = requestedUs,
  ): void {
    const id = { effectInput: input, effectIndex: index };
    this.enter(atUs, { kind: 'answered', ...id, outcome, code });
  }

  /** May the kernel take this frame now? If so the world sees it first. */
  admit(batch: EventBatch, frame: number, nowUs: number): boolean {
    if (isBeforeFrame(this.#entries[0], nowUs)) return false;
    this.#show(batch, frame, nowUs);
    return true;
  }

  #show(batch: EventBatch, frame: number, nowUs: number): void {
    if (frame <= this.#shown) return;
    this.#shown = frame;
    const begin = batch.frameBegin(frame);
    const end = batch.frameEnd[frame] ?? begin;
    for (const service of this.#options.services) {
      service.frame?.(batch, begin, end, nowUs, this);
    }
  }

  #requestAgain(requested: Requested): void {
    const { kind } = requested.effect;
    const part = this.#options.services.find((candidate) => candidate.handles(kind));
    if (part?.isLasting !== true) part?.request(requested, this);
  }

  #reliveEntries(isPast: (entry: Entry) => boolean): void {
    for (let entry = this.#entries[0]; entry && isPast(entry); entry = this.#entries[0]) {
      this.#entries.shift();
      entry.run?.(entry.dueUs);
    }
  }

  /**
   * Everything up to `untilUs`, in order. Answers false when nothing is left at all. Stops early
   * while effects wait for the disk or the next thing is still being computed: whoever runs the
   * session waits for it and calls again. Stops early too once the journal has `sequenceMax`.
   */
  advance(untilUs: number, sequenceMax = Number.MAX_SAFE_INTEGER): boolean {
    const { sequencer } = this;
    for (;;) {
      if (sequencer.heldEffects > 0 || sequencer.sequence >= sequenceMax) return true;
      const frameUs = this.#peekFrame();
      const entryUs = this.#entries[0]?.dueUs ?? Number.POSITIVE_INFINITY;
      const timerUs = sequencer.nextTimerUs;
      const nextUs = Math.min(frameUs, entryUs, timerUs);
      if (this.#isOver(nextUs)) return false;
      if (nextUs > untilUs) return true;
      this.nowUs = Math.max(this.nowUs, nextUs);
      if (timerUs <= entryUs && timerUs <= frameUs) sequencer.runTimers(timerUs);
      else if (isBeforeFrame(this.#entries[0], frameUs)) {
        if (this.isWaiting) return true;
        this.#takeEntry();
      } else this.#takeFrames();
    }
  }

  /** Everything there is, where nothing has to wait for a disk. */
  run(): void {
    while (this.advance(Number.MAX_SAFE_INTEGER)) {
      assert(this.sequencer.heldEffects === 0, 'nobody here waits for the disk');
      assert(!this.isWaiting, 'nobody here waits for a computation');
    }
  }

  get sequencer(): Sequencer {
    assert(this.#sequencer !== undefined, 'the driver is connected');
    return this.#sequencer;
  }

  #isOver(nextUs: number): boolean {
    return this.#hasEnded && nextUs > this.#lastFrameUs + this.#options.drainUs;
  }

  #takeEntry(): void {
    const entry = this.#entries.shift();
    if (entry === undefined) return;
    entry.run?.(this.nowUs);
    if (entry.input !== undefined) this.sequencer.accept(entry.input, entry.dueUs);
  }

  #takeFrames(): void {
    const batch = this.#batch;
    const taken = this.sequencer.acceptMarket(batch, this.#frame, this);
    const begin = batch.frameBegin(this.#frame);
    this.#frame += taken;
    this.frames += taken;
    this.events += batch.frameBegin(this.#frame) - begin;
    this.nowUs = Math.max(this.nowUs, this.sequencer.nowUs);
    this.#lastFrameUs = this.nowUs;
  }

  /** Receive time of the next frame; infinity at the end. */
  #peekFrame(): number {
    const batch = this.#batch;
    while (this.#frame >= batch.frames) {
      if (this.#hasEnded || !this.#options.source.next(batch)) {
        this.#hasEnded = true;
        return Number.POSITIVE_INFINITY;
      }
      this.#frame = 0;
      this.#shown = -1;
    }
    return batch.frameUs[this.#frame] ?? Number.POSITIVE_INFINITY;
  }

  #nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Few entries wait at a time, so a sorted array beats a heap: insertion is from the back. */
  #add(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0 && isAfter(entries[at - 1], entry)) at -= 1;
    entries.splice(at, 0, entry);
  }
}

function touchesOrder(kind: EffectKind): boolean {
  return kind === 'submitOrder' || kind === 'cancelOrder' || kind === 'replaceOrder';
}

function isBeforeFrame(entry: Entry | undefined, frameUs: number): boolean {
  if (entry === undefined) return false;
  return entry.rank === WORLD_CLASS ? entry.dueUs < frameUs : entry.dueUs <= frameUs;
}

function isAfter(left: Entry | undefined, right: Entry): boolean {
  if (left === undefined) return false;
  if (left.dueUs !== right.dueUs) return left.dueUs > right.dueUs;
  if (left.rank !== right.rank) return left.rank > right.rank;
  return left.number > right.number;
}
