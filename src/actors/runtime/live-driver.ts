import { assert } from '../../core/assert.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { Input } from '../../ports/input.ts';
import type { MarketSink } from '../../ports/live-market.ts';
import { InputQueue } from './input-queue.ts';
import { MarketQueue } from './market-queue.ts';
import type { Sequencer } from './sequencer.ts';

export interface LiveDriverOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs in the next turn of the event loop, after what is waiting there. */
  readonly soon: (run: () => void) => void;
  /** Market events that may wait. */
  readonly eventsMax: number;
  readonly inputsMax: number;
  /** Wall time after which sockets, screen and signals get a turn. */
  readonly sliceMsMax: number;
  /** A paused socket is read again after this long, full or not: the venue would cut it. */
  readonly pauseMsMax: number;
  /** Told of every turn, so that one that never ends is found. */
  readonly watchdog?: TurnWatch;
  /** After some turns: what waits for the disk, snapshots, the screen. */
  readonly afterTurns: () => void;
  /** The kernel or its journal is broken: nothing is accepted any more. */
  readonly failed: (error: unknown) => void;
}

export interface TurnWatch {
  turnBegan(): void;
  turnEnded(): void;
}

type MarketHealth = Extract<Input, { kind: 'serviceChanged' }>['state'];

/**
 * Drives the sequencer in the time of the world: inputs by class, then timers that are due, then
 * one market turn, again and again while anything waits. Sockets hand their frames over by direct
 * call; nothing is handled inside that call, so an order update waits for one turn at most.
 */
export class LiveDriver implements MarketSink {
  /** Market frames and events given to the kernel. */
  frames = 0;
  events = 0;
  readonly market: MarketQueue;
  readonly inputs: InputQueue;
  readonly #options: LiveDriverOptions;
  /** Made once: a function made in `#wake` would cost memory for every frame that wakes nobody. */
  readonly #run = (): void => this.#slice();
  #sequencer: Sequencer | undefined;
  #isRunning = false;
  #isScheduled = false;
  #alarm: Timer | undefined;
  /** Market time for which the alarm is set. */
  #alarmUs = Number.POSITIVE_INFINITY;
  #paused: (() => void)[] = [];
  #pauseEnds: Timer | undefined;
  #isOverloaded = false;
  /** What the kernel knows of the market service besides overload. */
  #marketHealth: MarketHealth = 'up';
  #shed = 0;

  constructor(options: LiveDriverOptions) {
    this.#options = options;
    this.market = new MarketQueue(options.eventsMax);
    this.inputs = new InputQueue(options.inputsMax);
  }

  /** The sequencer needs a router, which needs a place to answer to: composed in two steps. */
  connect(sequencer: Sequencer): void {
    assert(this.#sequencer === undefined, 'a driver drives one sequencer');
    this.#sequencer = sequencer;
  }

  /** From here on inputs are taken; what came before has waited. */
  start(): void {
    this.#isRunning = true;
    this.#wake();
  }

  /** What has been said is heard yet; market that waits is not. Then as `stop`. */
  finish(): void {
    try {
      for (let left = this.inputs.count; left > 0 && this.#isRunning; left -= 1) this.#step();
    } catch (error) {
      this.#options.failed(error);
    } finally {
      this.stop();
    }
  }

  stop(): void {
    this.#isRunning = false;
    this.#alarm?.cancel();
    this.#alarmUs = Number.POSITIVE_INFINITY;
    this.#pauseEnds?.cancel();
  }

  /** An input of the world. False where it was refused because too many wait. */
  enter(input: Input): boolean {
    if (input.kind === 'serviceChanged' && input.service === 'market') {
      this.#marketHealth = input.state;
    }
    const isTaken = this.inputs.add(input, this.#options.clock.nowUs());
    this.#wake();
    return isTaken;
  }

  take(batch: EventBatch): 'more' | 'pause' {
    this.market.add(batch);
    this.#noteShed();
    this.#wake();
    return this.market.isHigh ? 'pause' : 'more';
  }

  onRoom(resume: () => void): void {
    this.#paused.push(resume);
    this.#pauseEnds ??= this.#options.timers.after(this.#options.pauseMsMax, () => this.#resume());
  }

  #wake(): void {
    if (!this.#isRunning || this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.soon(this.#run);
  }

  #slice(): void {
    this.#isScheduled = false;
    if (!this.#isRunning) return;
    const { clock, sliceMsMax, afterTurns, failed } = this.#options;
    const endMs = clock.wallMs() + sliceMsMax;
    let isMore = true;
    try {
      while (isMore && this.#isRunning && clock.wallMs() < endMs) isMore = this.#step();
      afterTurns();
    } catch (error) {
      this.stop();
      failed(error);
      return;
    }
    if (!this.#isRunning) return; // Stopped by one of those turns.
    if (this.market.isLow) this.#afterFlood();
    if (isMore) this.#wake();
    else this.#waitForTimer();
  }

  /** The next thing that waits, as turns; false where nothing does. */
  #step(): boolean {
    const sequencer = this.#connected();
    const { clock, watchdog } = this.#options;
    const next = this.inputs.take();
    const { head } = this.market;
    // Frames bring their own time: no clock is read for them.
    const isIdle = next === undefined && head === undefined;
    const nowUs = isIdle ? clock.nowUs() : 0;
    if (isIdle && sequencer.nextTimerUs > nowUs) return false;
    watchdog?.turnBegan();
    try {
      if (next !== undefined) sequencer.accept(next.input, next.atUs);
      else if (head !== undefined) this.#takeFrames(sequencer, head);
      else sequencer.runTimers(nowUs);
    } finally {
      // A turn that threw is over, and an ordered end may take longer than any turn.
      watchdog?.turnEnded();
    }
    return true;
  }

  /** Timers that are due before a frame was received run first, by the sequencer's own rule. */
  #takeFrames(sequencer: Sequencer, head: EventBatch): void {
    const { frame } = this.market;
    const begin = head.frameBegin(frame);
    const taken = sequencer.acceptMarket(head, frame);
    this.frames += taken;
    this.events += head.frameBegin(frame + taken) - begin;
    this.market.take(taken);
  }

  #waitForTimer(): void {
    const { clock, timers } = this.#options;
    const dueUs = this.#connected().nextTimerUs;
    // One that is set and rings too early costs less than to set it anew after every slice.
    if (this.#alarmUs <= dueUs) return;
    this.#alarm?.cancel();
    this.#alarmUs = dueUs;
    const waitMs = (dueUs - clock.nowUs()) / 1_000 / clock.speed;
    // Longer waits than a timer can hold are looked at again on the way.
    this.#alarm = timers.after(Math.min(Math.max(0, waitMs), WAIT_MS_MAX), () => {
      this.#alarmUs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  #noteShed(): void {
    const shed = this.market.conflated + this.market.dropped;
    if (shed === this.#shed) return;
    this.#shed = shed;
    if (this.#isOverloaded) return;
    this.#isOverloaded = true;
    const { conflated, dropped } = this.market;
    const reason = `${conflated} quotes conflated, ${dropped} events dropped`;
    this.#tellMarket('overloaded', reason);
  }

  #afterFlood(): void {
    this.#resume();
    if (!this.#isOverloaded) return;
    this.#isOverloaded = false;
    this.#tellMarket(this.#marketHealth, 'caught up');
  }

  #tellMarket(state: MarketHealth, reason: string): void {
    const input = { kind: 'serviceChanged', service: 'market', state, reason } as const;
    this.inputs.add(input, this.#options.clock.nowUs());
    this.#wake();
  }

  #resume(): void {
    this.#pauseEnds?.cancel();
    this.#pauseEnds = undefined;
    const paused = this.#paused;
    this.#paused = [];
    for (const resume of paused) resume();
  }

  #connected(): Sequencer {
    assert(this.#sequencer !== undefined, 'the driver is connected');
    return this.#sequencer;
  }
}

const WAIT_MS_MAX = 60_000;
