import { EventBatch } from '../../domain/market/event-batch.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MarketSink } from '../../ports/live-market.ts';
import type { FetchedEvents } from './fetched-events.ts';
import { HeldEvents } from './held-events.ts';

const BATCH_EVENTS = 1_024;
const BATCH_FRAMES = 64;

export interface OutletOptions {
  readonly sink: MarketSink;
  readonly clock: Clock;
  readonly heldEventsMax: number;
  /** The sink has no room, or has room again. */
  readonly onPause: () => void;
  readonly onResume: () => void;
}

/**
 * The way of events to the sink. While older ones are fetched, live trades and bars wait here; then
 * what was fetched goes first. All of it stops where the sink asks for a pause: nothing is dropped.
 */
export class MarketOutlet {
  /** Frames that were delivered. */
  frames = 0;
  events = 0;
  readonly #options: OutletOptions;
  #held: HeldEvents | undefined;
  readonly #fetched: FetchedEvents[] = [];
  #isDraining = false;
  #isPaused = false;
  readonly #rest = new EventBatch(BATCH_EVENTS, BATCH_FRAMES);
  readonly #piece = new EventBatch(BATCH_EVENTS, BATCH_FRAMES);

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  get isFull(): boolean {
    return this.#held?.isFull === true;
  }

  /** Live trades and bars wait from now on. */
  hold(): void {
    this.#held ??= new HeldEvents(this.#options.heldEventsMax);
  }

  /** What was fetched goes out, if anything was, and then what waits. */
  release(fetched: FetchedEvents | undefined): void {
    if (fetched !== undefined) {
      fetched.sort(this.#held);
      this.#fetched.push(fetched);
    }
    this.#isDraining = true;
    this.#drain();
  }

  /** Events of one frame of the venue; the batch may be used again afterwards. */
  put(batch: EventBatch, receivedUs: number): void {
    if (batch.count === 0) return;
    if (this.#held === undefined) return this.#take(batch, receivedUs);
    this.#held.keep(batch, this.#rest);
    if (this.#rest.count > 0) this.#take(this.#rest, receivedUs);
  }

  #drain(): void {
    while (this.#isDraining && !this.#isPaused) {
      const nowUs = this.#options.clock.nowUs();
      const [fetched] = this.#fetched;
      if (fetched !== undefined) {
        this.#piece.clear();
        if (!fetched.next(this.#piece, nowUs)) this.#fetched.shift();
        if (this.#piece.count > 0) this.#take(this.#piece, nowUs);
        continue;
      }
      const held = this.#held?.shift();
      if (held === undefined) {
        this.#held = undefined;
        this.#isDraining = false;
      } else this.#take(held, nowUs);
    }
  }

  #take(batch: EventBatch, receivedUs: number): void {
    batch.endFrame(receivedUs);
    this.frames += batch.frames;
    this.events += batch.count;
    if (this.#options.sink.take(batch) === 'more') return;
    this.#options.onPause();
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#options.sink.onRoom(() => {
      this.#isPaused = false;
      this.#drain();
      if (!this.#isPaused) this.#options.onResume();
    });
  }
}
