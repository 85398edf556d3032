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
  #isReleasing = false;
  #isPaused = false;
  readonly #rest = new EventBatch(BATCH_EVENTS, BATCH_FRAMES);
  readonly #piece = new EventBatch(BATCH_EVENTS, BATCH_FRAMES);

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isFull(): boolean {
    return this.#held?.isFull === true;
  }

  /** Live trades and bars wait from now on, also those that were about to go out. */
  hold(): void {
    this.#held ??= new HeldEvents(this.#options.heldEventsMax);
    this.#isReleasing = false;
  }

  /** What was fetched goes out, with what waits and is older than some of it. */
  deliver(fetched: FetchedEvents): void {
    fetched.sort(this.#held);
    this.#fetched.push(fetched);
    this.#drain();
  }

  /** Nothing older will come: what waits goes out. */
  release(): void {
    this.#isReleasing = true;
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
    while (!this.#isPaused) {
      const nowUs = this.#options.clock.nowUs();
      const [fetched] = this.#fetched;
      if (fetched !== undefined) {
        this.#piece.clear();
        if (!fetched.next(this.#piece, nowUs)) this.#fetched.shift();
        if (this.#piece.count > 0) this.#take(this.#piece, nowUs);
        continue;
      }
      if (!this.#isReleasing) return;
      const held = this.#held?.shift();
      if (held === undefined) {
        this.#held = undefined;
        this.#isReleasing = false;
        return;
      }
      this.#take(held, nowUs);
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
