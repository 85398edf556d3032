import { assert } from '../../core/assert.ts';

/**
 * Market events in arrival order, as columns: one slot per event, no object per event.
 *
 * What the six value columns hold depends on the kind. Prices are doubles in ten-thousandths of a
 * dollar, sizes are shares, times are microseconds UTC:
 *
 * | kind       | a         | b        | c         | d        | e      | f          | flags       |
 * | TRADE      | price     | size     | trade id  |          |        |            | TRADE_*     |
 * | QUOTE      | bid       | bid size | ask       | ask size |        |            | QUOTE_*     |
 * | BAR        | open      | high     | low       | close    | volume | span in us | BAR_*       |
 * | STATUS     |           |          |           |          |        |            | STATUS_*    |
 * | BAND       | lower     | upper    |           |          |        |            |             |
 * | CORRECTION | old price | old size | new price | new size |        | trade time | TRADE_* new |
 * | GAP        | lost      |          |           |          |        |            | CHANNEL_*   |
 *
 * A side of a quote with price 0 is absent. A correction with new size 0 is a bust. A bar's
 * `venueUs` is its start. A gap's symbol is -1 where the whole channel lost data.
 *
 * Events come in frames: what arrived together, with one receive time. A frame is what the kernel
 * handles to quiescence before it looks at the next.
 */
export class EventBatch {
  readonly eventsMax: number;
  readonly framesMax: number;
  count = 0;
  readonly kind: Uint8Array;
  readonly exchange: Uint8Array;
  readonly flags: Uint16Array;
  readonly symbol: Int32Array;
  readonly venueUs: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly f: Float64Array;
  frames = 0;
  /** One past the last event of each frame. */
  readonly frameEnd: Int32Array;
  readonly frameUs: Float64Array;

  constructor(eventsMax = 1_024, framesMax = 1_024) {
    assert(eventsMax > 0 && framesMax > 0, 'a batch has room');
    this.eventsMax = eventsMax;
    this.framesMax = framesMax;
    this.kind = new Uint8Array(eventsMax);
    this.exchange = new Uint8Array(eventsMax);
    this.flags = new Uint16Array(eventsMax);
    this.symbol = new Int32Array(eventsMax);
    this.venueUs = new Float64Array(eventsMax);
    this.a = new Float64Array(eventsMax);
    this.b = new Float64Array(eventsMax);
    this.c = new Float64Array(eventsMax);
    this.d = new Float64Array(eventsMax);
    this.e = new Float64Array(eventsMax);
    this.f = new Float64Array(eventsMax);
    this.frameEnd = new Int32Array(framesMax);
    this.frameUs = new Float64Array(framesMax);
  }

  clear(): void {
    this.count = 0;
    this.frames = 0;
  }

  get isFull(): boolean {
    return this.count >= this.eventsMax || this.frames >= this.framesMax;
  }

  /** First event of a frame. */
  frameBegin(frame: number): number {
    return frame === 0 ? 0 : (this.frameEnd[frame - 1] ?? 0);
  }

  /**
   * Adds an event and returns its slot; the caller then writes `a` to `f`, which are zero. Unused
   * columns must stay zero, so that equal events are equal bytes.
   */
  add(kind: number, symbol: number, venueUs: number, flags: number, exchange: number): number {
    const at = this.count;
    assert(at < this.eventsMax, 'a batch has room for one more event');
    this.count = at + 1;
    this.kind[at] = kind;
    this.symbol[at] = symbol;
    this.venueUs[at] = venueUs;
    this.flags[at] = flags;
    this.exchange[at] = exchange;
    this.a[at] = 0;
    this.b[at] = 0;
    this.c[at] = 0;
    this.d[at] = 0;
    this.e[at] = 0;
    this.f[at] = 0;
    return at;
  }

  /** Closes the open frame; an empty frame is not kept. */
  endFrame(receivedUs: number): void {
    if (!this.#closeFrame()) return;
    this.frameUs[this.frames - 1] = receivedUs;
  }

  /** The same with the time of a frame of another batch, which so is no number on the heap. */
  endFrameAs(other: EventBatch, frame: number): void {
    if (!this.#closeFrame()) return;
    this.frameUs[this.frames - 1] = other.frameUs[frame] ?? 0;
  }

  #closeFrame(): boolean {
    const begin = this.frames === 0 ? 0 : (this.frameEnd[this.frames - 1] ?? 0);
    if (this.count === begin) return false;
    assert(this.frames < this.framesMax, 'a batch has room for one more frame');
    this.frameEnd[this.frames] = this.count;
    this.frames += 1;
    return true;
  }
}

export const TRADE = 1;
export const QUOTE = 2;
export const BAR = 3;
export const STATUS = 4;
export const BAND = 5;
export const CORRECTION = 6;
export const GAP = 7;

/** The four things a trade may do to a bar, decided from its sale conditions (conditions.ts). */
export const TRADE_HIGH_LOW = 1;
export const TRADE_LAST = 2;
export const TRADE_VOLUME = 4;
export const TRADE_OPEN_CLOSE = 8;
export const TRADE_REGULAR = TRADE_HIGH_LOW | TRADE_LAST | TRADE_VOLUME | TRADE_OPEN_CLOSE;
/** The feed itself doubts the print: counted, never used. */
export const TRADE_SUSPICIOUS = 16;

/** Which sides the event carries. Both with exchange 0: a consolidated quote (NBBO). */
export const QUOTE_BID = 1;
export const QUOTE_ASK = 2;
/** Not firm or doubted by the feed: takes the exchange's side away instead of setting it. */
export const QUOTE_INELIGIBLE = 4;

/** A bar made by the venue and complete. */
export const BAR_FINAL = 1;
/** A later version of a bar that was sent before. */
export const BAR_UPDATED = 2;

export const STATUS_HALTED = 1;
/** Quotes flow again; not tradable yet (venues.md 2.5: wait for resume). */
export const STATUS_QUOTING = 2;
export const STATUS_TRADING = 3;
export const STATUS_SHORT_RESTRICTED = 4;

export const CHANNEL_TRADES = 1;
export const CHANNEL_QUOTES = 2;
export const CHANNEL_BARS = 3;
