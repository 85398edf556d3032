import { EventBatch } from '../../domain/market/event-batch.ts';
import type { Timer, Timers } from '../../ports/clock.ts';
import type { Input } from '../../ports/input.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import { MarketOverrides } from './market-overrides.ts';

/** A part of the venue that lives by the market: matching, the archive, the streams. */
export interface FrameTaker {
  /** Events `begin` to `end` of the batch arrived together at `nowUs`; gone after the call. */
  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void;
  /** Market time has come to `nowUs`; after every frame, and where none came. Optional. */
  advance?(nowUs: number): void;
  /** A session's edge or a story. Optional. */
  input?(input: Input, atUs: number): void;
}

export interface MarketFeedOptions {
  readonly source: MarketSource;
  readonly clock: VenueClock;
  readonly timers: Timers;
  /** Called in this order with every frame. */
  readonly takers: readonly FrameTaker[];
  /** Sends what waits for the sockets; true where more is left for the next turn of the loop. */
  readonly flush: () => boolean;
  /** Whether so much waits for the sockets that the market has to wait too. */
  readonly isBehind: () => boolean;
}

/** A turn of the event loop gets this much wall time of market at most. */
const SLICE_MS = 4;
/** Between two looks at the clock: what falls due in between leaves in one frame. */
const PACE_MS = 5;
const BATCH_EVENTS = 512;
const BATCH_FRAMES = 64;

/** Plays a market as its frames fall due on the venue's clock, never long in one go. */
export class MarketFeed {
  readonly overrides = new MarketOverrides();
  frames = 0;
  events = 0;
  isOver = false;
  sliceMsWorst = 0;
  /** How far the market is behind the venue's clock. */
  lagUs = 0;
  /** Market time up to which everything has been told. */
  reachedUs = 0;
  readonly #options: MarketFeedOptions;
  readonly #batch = new EventBatch(BATCH_EVENTS, BATCH_FRAMES);
  readonly #injected = new EventBatch(BATCH_EVENTS, 1);
  #frame = 0;
  #inputAt = 0;
  #pacer: Timer | undefined;
  #isClosed = false;

  constructor(options: MarketFeedOptions) {
    this.#options = options;
  }

  /** Tells everything up to `us` as fast as it goes: a venue that is started at eleven. */
  async fastForward(us: number): Promise<void> {
    while (!this.#isClosed && !this.#runUntil(us, FORWARD_MS)) await nextTurn();
    this.#options.flush();
  }

  start(): void {
    this.#options.clock.onChange(() => {
      this.#schedule(0);
    });
    this.#schedule(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#pacer?.cancel();
    this.#options.source.close();
  }

  /** Plays what is due at this moment; answers the time that has been reached by it. */
  catchUp(): number {
    const { clock, isBehind } = this.#options;
    if (!isBehind()) this.#runUntil(clock.nowUs(), SLICE_MS);
    return this.reachedUs;
  }

  /** Adds events of our own, as a frame that arrives now. */
  inject(write: (batch: EventBatch, nowUs: number) => void): void {
    const nowUs = Math.max(this.reachedUs, this.#nowBeforeNext());
    this.#injected.clear();
    write(this.#injected, nowUs);
    this.#injected.endFrame(nowUs);
    this.#tell(this.#injected, 0, this.#injected.count, nowUs);
    this.#options.flush();
  }

  #turn(): void {
    const { clock, flush, isBehind } = this.#options;
    const startMs = clock.wallMs();
    const nowUs = clock.nowUs();
    const isDone = !isBehind() && this.#runUntil(nowUs, SLICE_MS);
    this.lagUs = isDone ? 0 : nowUs - this.reachedUs;
    const isMore = flush();
    this.sliceMsWorst = Math.max(this.sliceMsWorst, clock.wallMs() - startMs);
    if (this.#isClosed) return;
    if (!isDone || isMore) {
      setImmediate(() => {
        if (!this.#isClosed) this.#turn();
      });
    } else this.#schedule(PACE_MS);
  }

  #schedule(afterMs: number): void {
    this.#pacer?.cancel();
    if (this.#isClosed) return;
    this.#pacer = this.#options.timers.after(afterMs, () => {
      this.#turn();
    });
  }

  /** True where everything due was told, false where the slice of wall time was used up. */
  #runUntil(us: number, sliceMs: number): boolean {
    const { clock } = this.#options;
    const endMs = clock.wallMs() + sliceMs;
    for (let count = 1; ; count += 1) {
      const frameUs = this.#nextFrameUs();
      if (frameUs > us) break;
      this.#tellInputs(frameUs);
      const { frameEnd } = this.#batch;
      const begin = this.#batch.frameBegin(this.#frame);
      this.#tell(this.#batch, begin, frameEnd[this.#frame] ?? 0, frameUs);
      this.#frame += 1;
      // Looking at the clock costs as much as a small frame.
      if (count % FRAMES_A_LOOK === 0 && clock.wallMs() >= endMs) return false;
    }
    this.#tellInputs(us);
    this.#advance(us);
    return true;
  }

  /** Infinity at the market's end. */
  #nextFrameUs(): number {
    if (this.#frame >= this.#batch.frames && !this.isOver) {
      this.isOver = !this.#options.source.next(this.#batch);
      this.#frame = 0;
    }
    if (this.isOver) return Number.POSITIVE_INFINITY;
    return this.#batch.frameUs[this.#frame] ?? Number.POSITIVE_INFINITY;
  }

  #nowBeforeNext(): number {
    return Math.min(this.#options.clock.nowUs(), this.#nextFrameUs());
  }

  #tellInputs(us: number): void {
    const { calendar } = this.#options.source;
    for (let next = calendar[this.#inputAt]; next !== undefined; next = calendar[this.#inputAt]) {
      if (next.atUs > us) return;
      this.#inputAt += 1;
      this.#advance(next.atUs);
      for (const taker of this.#options.takers) taker.input?.(next.input, next.atUs);
    }
  }

  #tell(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    this.frames += 1;
    this.events += end - begin;
    // Time first, but not what this very moment ends: the frame belongs to it.
    this.#advance(nowUs - 1);
    const kept = this.overrides.isEmpty ? batch : this.overrides.apply(batch, begin, end, nowUs);
    const from = kept === batch ? begin : 0;
    const to = kept === batch ? end : kept.count;
    if (to > from) for (const taker of this.#options.takers) taker.frame(kept, from, to, nowUs);
    this.#advance(nowUs);
  }

  #advance(us: number): void {
    if (us <= this.reachedUs) return;
    this.reachedUs = us;
    for (const taker of this.#options.takers) taker.advance?.(us);
  }
}

const FRAMES_A_LOOK = 8;
/** Nobody is connected yet, so longer slices harm nobody. */
const FORWARD_MS = 25;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
