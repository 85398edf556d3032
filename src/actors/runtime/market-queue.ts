import { assert } from '../../core/assert.ts';
import { SYMBOLS_MAX } from '../../core/ids.ts';
import { copyEvents } from '../../domain/market/copy-events.ts';
import {
  BAR,
  CHANNEL_BARS,
  CHANNEL_TRADES,
  CORRECTION,
  EventBatch,
  GAP,
  QUOTE,
  TRADE,
} from '../../domain/market/event-batch.ts';

/** Events of a turn at most: a turn takes its frames from one batch. */
const BATCH_EVENTS = 1_024;
/** Above this share of its room the queue asks its streams to stop reading, below it to go on. */
const HIGH = 0.5;
const LOW = 0.25;
/** What shedding leaves at most: it looks at all that waits, so it must not be done often. */
const SHED_TO = 0.5;
/** Symbols that a gap names one by one; more are one gap of the whole channel. */
const GAP_SYMBOLS_MAX = 64;

/**
 * Market frames between the sockets and the sequencer, in receive order, bounded. What it does when
 * it is full it does before anything has a number, so the journal shows what the kernel saw: of the
 * quotes of a symbol the last one stays; then trades go, marked as a gap; then bars, likewise.
 */
export class MarketQueue {
  readonly eventsMax: number;
  /** Events that wait. */
  count = 0;
  /** The most that ever waited; while a frame is added a little more than `eventsMax`. */
  countMost = 0;
  /** Quotes that a later one of the same symbol replaced. */
  conflated = 0;
  /** Trades and bars that were dropped; each has a gap in its place. */
  dropped = 0;
  #batches: EventBatch[] = [];
  /** As many as ever waited: a flood that sheds again and again must make none anew. */
  readonly #pool: EventBatch[] = [];
  /** While it sheds, by batch and event: 1 for what stays. */
  #marks = new Uint8Array(0);
  #seen = new Uint8Array(0);
  /** The next frame of the first batch. */
  #frame = 0;

  constructor(eventsMax: number) {
    assert(eventsMax >= 4 * BATCH_EVENTS, 'the queue holds some turns');
    this.eventsMax = eventsMax;
  }

  get isHigh(): boolean {
    return this.count > HIGH * this.eventsMax;
  }

  get isLow(): boolean {
    return this.count <= LOW * this.eventsMax;
  }

  /** Copies whole frames. A frame of more than a turn's events becomes several of one time. */
  add(batch: EventBatch): void {
    for (let frame = 0; frame < batch.frames; frame += 1) this.#addFrame(batch, frame);
    this.countMost = Math.max(this.countMost, this.count);
    if (this.count > this.eventsMax) this.#shed();
  }

  /** The batch to take frames from, and the first that is left in it. */
  get head(): EventBatch | undefined {
    return this.#batches[0];
  }

  get frame(): number {
    return this.#frame;
  }

  /** So many frames of the head were taken. */
  take(frames: number): void {
    const [head] = this.#batches;
    if (head === undefined || frames === 0) return;
    const begin = head.frameBegin(this.#frame);
    this.#frame += frames;
    this.count -= head.frameBegin(this.#frame) - begin;
    if (this.#frame < head.frames) return;
    this.#frame = 0;
    this.#batches.shift();
    this.#release(head);
  }

  #addFrame(from: EventBatch, frame: number): void {
    const end = from.frameEnd[frame] ?? 0;
    for (let at = from.frameBegin(frame); at < end;) {
      const room = this.#tail(end - at);
      const until = Math.min(end, at + room.eventsMax - room.count);
      copyEvents(from, at, until, room);
      room.endFrameAs(from, frame);
      this.count += until - at;
      at = until;
    }
  }

  /** A batch with room for so many events, or a fresh one. */
  #tail(events: number): EventBatch {
    const last = this.#batches.at(-1);
    const isRoom =
      last !== undefined &&
      last.frames < last.framesMax &&
      last.count + Math.min(events, BATCH_EVENTS) <= last.eventsMax;
    if (isRoom) return last;
    const fresh = this.#pool.pop() ?? new EventBatch(BATCH_EVENTS, BATCH_EVENTS);
    fresh.clear();
    this.#batches.push(fresh);
    return fresh;
  }

  #release(batch: EventBatch): void {
    if (this.#pool.length * BATCH_EVENTS < this.eventsMax) this.#pool.push(batch);
  }

  #shed(): void {
    if (this.#seen.length === 0) this.#seen = new Uint8Array(SYMBOLS_MAX);
    this.conflated += this.#rebuild(supersededQuotes(this.#seen.fill(0)));
    const limit = SHED_TO * this.eventsMax;
    if (this.count > limit) this.#drop(CHANNEL_TRADES, [TRADE, CORRECTION]);
    if (this.count > limit) this.#drop(CHANNEL_BARS, [BAR]);
  }

  #drop(channel: number, kinds: readonly number[]): void {
    const lost = new Map<number, number>();
    const us = this.#batches[0]?.frameUs[this.#frame] ?? 0;
    const gap = new EventBatch(GAP_SYMBOLS_MAX, 1);
    const dropped = this.#rebuild(
      (batch, at) => {
        if (!kinds.includes(batch.kind[at] ?? 0)) return false;
        const symbol = batch.symbol[at] ?? 0;
        lost.set(symbol, (lost.get(symbol) ?? 0) + 1);
        return true;
      },
      () => {
        const names = lost.size > GAP_SYMBOLS_MAX ? [[-1, sumOf(lost)] as const] : lost;
        for (const [symbol, events] of names) {
          gap.a[gap.add(GAP, symbol, us, channel, 0)] = events;
        }
        gap.endFrame(us);
        return gap;
      },
    );
    this.dropped += dropped;
  }

  /** Copies what is to stay to fresh batches, newest looked at first; answers how many went. */
  #rebuild(goes: (batch: EventBatch, at: number) => boolean, before?: () => EventBatch): number {
    const old = this.#batches;
    const firstFrame = this.#frame;
    const countBefore = this.count;
    const marks = this.#marksFor(old.length);
    for (let place = old.length - 1; place >= 0; place -= 1) {
      const batch = old[place];
      if (batch === undefined) continue;
      const from = place * BATCH_EVENTS;
      const begin = place === 0 ? batch.frameBegin(firstFrame) : 0;
      for (let at = batch.count - 1; at >= begin; at -= 1) {
        marks[from + at] = goes(batch, at) ? 0 : 1;
      }
    }
    this.#batches = [];
    this.#frame = 0;
    this.count = 0;
    const first = before?.();
    if (first !== undefined && first.frames > 0) this.#addFrame(first, 0);
    const gaps = this.count;
    for (const [place, batch] of old.entries()) {
      this.#copyKept(batch, place * BATCH_EVENTS, place === 0 ? firstFrame : 0);
      this.#release(batch);
    }
    return countBefore - (this.count - gaps);
  }

  #marksFor(batches: number): Uint8Array {
    const length = batches * BATCH_EVENTS;
    if (this.#marks.length < length) this.#marks = new Uint8Array(2 * length);
    return this.#marks;
  }

  /** What stays is in runs: nearly all of a frame of trades, nearly nothing of one of quotes. */
  #copyKept(batch: EventBatch, marked: number, fromFrame: number): void {
    const marks = this.#marks;
    for (let frame = fromFrame; frame < batch.frames; frame += 1) {
      const end = batch.frameEnd[frame] ?? 0;
      const to = this.#tail(end - batch.frameBegin(frame));
      const before = to.count;
      for (let at = batch.frameBegin(frame); at < end; at += 1) {
        const begin = at;
        while (at < end && marks[marked + at] === 1) at += 1;
        if (at > begin) copyEvents(batch, begin, at, to);
      }
      this.count += to.count - before;
      to.endFrameAs(batch, frame);
    }
    if (this.#batches.at(-1)?.frames === 0) this.#batches.pop();
  }
}

/** True for a quote after which another of the same symbol and exchange waits: newest first. */
function supersededQuotes(seen: Uint8Array): (batch: EventBatch, at: number) => boolean {
  return (batch, at) => {
    // One exchange's side does not replace another's: only whole quotes of the market do.
    if (batch.kind[at] !== QUOTE || batch.exchange[at] !== 0) return false;
    const symbol = batch.symbol[at] ?? 0;
    if (seen[symbol] === 1) return true;
    seen[symbol] = 1;
    return false;
  };
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const events of counts.values()) sum += events;
  return sum;
}
