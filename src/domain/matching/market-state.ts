import { assert } from '../../core/assert.ts';
import { type ByteReader, type ByteWriter, DecodeError } from '../../core/bytes.ts';
import { SYMBOLS_MAX } from '../../core/ids.ts';
import { PRICE_MAX } from '../../core/money.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_QUOTES,
  type EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  STATUS,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_SHORT_RESTRICTED,
  STATUS_TRADING,
  TRADE,
  TRADE_LAST,
  TRADE_SUSPICIOUS,
} from '../market/event-batch.ts';
import {
  applyQuote,
  BEST_ASK,
  BEST_ASK_SIZE,
  BEST_BID,
  BEST_BID_SIZE,
  NBBO_WIDTH,
  resetNbbo,
} from '../market/nbbo.ts';

const CAPACITY_AT_FIRST = 64;
const COLUMNS = [
  'bid',
  'bidSize',
  'ask',
  'askSize',
  'bidLeft',
  'askLeft',
  'last',
  'quotedUs',
] as const;

/**
 * What a venue knows of each symbol's market, as columns by symbol id. Prices are ten-thousandths
 * of a dollar, sizes are shares, 0 is absent. `quotedUs` is in the venue's own time: when the
 * quote came, not what it says; NaN once it is forgotten.
 */
export class MarketState {
  bid = new Float64Array(CAPACITY_AT_FIRST);
  bidSize = new Float64Array(CAPACITY_AT_FIRST);
  ask = new Float64Array(CAPACITY_AT_FIRST);
  askSize = new Float64Array(CAPACITY_AT_FIRST);
  /** What our own fills have left of the shown sizes. */
  bidLeft = new Float64Array(CAPACITY_AT_FIRST);
  askLeft = new Float64Array(CAPACITY_AT_FIRST);
  /** Last regular trade, or the close of the last bar. */
  last = new Float64Array(CAPACITY_AT_FIRST);
  quotedUs = new Float64Array(CAPACITY_AT_FIRST);
  flags = new Uint8Array(CAPACITY_AT_FIRST);
  /** Of the symbols that exchanges quote singly. A consolidated feed needs none of this. */
  readonly #exchanges = new Map<number, Float64Array>();

  isHalted(symbol: number): boolean {
    return ((this.flags[symbol] ?? 0) & HALTED) !== 0;
  }

  /** Short sales only above the bid (Rule 201). */
  isShortRestricted(symbol: number): boolean {
    return ((this.flags[symbol] ?? 0) & SHORT_RESTRICTED) !== 0;
  }

  /** Once quoted, a symbol's bars no longer fill orders: the quote is the better witness. */
  hasQuoted(symbol: number): boolean {
    return ((this.flags[symbol] ?? 0) & QUOTED) !== 0;
  }

  hasBars(symbol: number): boolean {
    return ((this.flags[symbol] ?? 0) & BARRED) !== 0;
  }

  /** False where nothing was quoted, or what was quoted has been forgotten since. */
  isQuotedSince(symbol: number, us: number): boolean {
    return (this.quotedUs[symbol] ?? Number.NaN) >= us;
  }

  /** A share's worth: the last trade, else the middle or one side of the quote. 0: not known. */
  mark(symbol: number): number {
    const last = this.last[symbol] ?? 0;
    if (last > 0) return last;
    const bid = this.bid[symbol] ?? 0;
    const ask = this.ask[symbol] ?? 0;
    return bid > 0 && ask > 0 ? (bid + ask) / 2 : Math.max(bid, ask);
  }

  apply(batch: EventBatch, at: number, venueUs: number): void {
    const symbol = batch.symbol[at] ?? -1;
    if (symbol >= this.bid.length) this.#grow(symbol);
    switch (batch.kind[at]) {
      case QUOTE:
        return this.#quote(batch, at, venueUs);
      case TRADE:
        if (isLastSale(batch, at)) this.last[symbol] = batch.a[at] ?? 0;
        return;
      case BAR:
        return this.#bar(batch, at);
      case STATUS:
        return this.#status(symbol, batch.flags[at] ?? 0);
      case GAP:
        if ((batch.flags[at] ?? 0) === CHANNEL_QUOTES) this.#forgetQuotes(symbol);
    }
  }

  write(writer: ByteWriter): void {
    const count = this.#used();
    writer.u32(count);
    for (const name of COLUMNS) {
      for (let at = 0; at < count; at += 1) writer.f64(this[name][at] ?? 0);
    }
    for (let at = 0; at < count; at += 1) writer.u8(this.flags[at] ?? 0);
    writer.u32(this.#exchanges.size);
    for (const [symbol, places] of this.#exchanges) {
      writer.u32(symbol);
      for (const value of places) writer.f64(value);
    }
  }

  read(reader: ByteReader): void {
    const begin = reader.at;
    const count = reader.u32();
    if (count > SYMBOLS_MAX) throw new DecodeError(`${count} symbols in a market`, begin);
    if (count > this.bid.length) this.#grow(count - 1);
    for (const name of COLUMNS) {
      for (let at = 0; at < count; at += 1) this[name][at] = reader.f64();
    }
    for (let at = 0; at < count; at += 1) this.flags[at] = reader.u8();
    for (let left = reader.u32(); left > 0; left -= 1) {
      const symbol = reader.u32();
      const places = new Float64Array(NBBO_WIDTH);
      for (let at = 0; at < NBBO_WIDTH; at += 1) places[at] = reader.f64();
      this.#exchanges.set(symbol, places);
    }
  }

  #quote(batch: EventBatch, at: number, venueUs: number): void {
    const symbol = batch.symbol[at] ?? 0;
    const place = batch.exchange[at] ?? 0;
    if (!this.isQuotedSince(symbol, 0)) {
      this.#setBid(symbol, 0, 0);
      this.#setAsk(symbol, 0, 0);
    }
    this.quotedUs[symbol] = venueUs;
    this.#raise(symbol, QUOTED);
    if (place !== 0 || this.#exchanges.has(symbol)) return this.#exchangeQuote(batch, at);
    const flags = batch.flags[at] ?? 0;
    const isFirm = (flags & QUOTE_INELIGIBLE) === 0;
    if ((flags & QUOTE_BID) !== 0) {
      this.#setBid(symbol, isFirm ? (batch.a[at] ?? 0) : 0, batch.b[at] ?? 0);
    }
    if ((flags & QUOTE_ASK) !== 0) {
      this.#setAsk(symbol, isFirm ? (batch.c[at] ?? 0) : 0, batch.d[at] ?? 0);
    }
  }

  #exchangeQuote(batch: EventBatch, at: number): void {
    const symbol = batch.symbol[at] ?? 0;
    const state = this.#exchangesOf(symbol);
    const [bid, bidSize] = [batch.a[at] ?? 0, batch.b[at] ?? 0];
    const [ask, askSize] = [batch.c[at] ?? 0, batch.d[at] ?? 0];
    const flags = batch.flags[at] ?? 0;
    applyQuote(state, 0, batch.exchange[at] ?? 0, flags, bid, bidSize, ask, askSize);
    // A quote elsewhere leaves the best as it was, and with it what our fills have left of it.
    const [bestBid, bestBidSize] = [state[BEST_BID] ?? 0, state[BEST_BID_SIZE] ?? 0];
    if (bestBid !== this.bid[symbol] || bestBidSize !== this.bidSize[symbol]) {
      this.#setBid(symbol, bestBid, bestBidSize);
    }
    const [bestAsk, bestAskSize] = [state[BEST_ASK] ?? 0, state[BEST_ASK_SIZE] ?? 0];
    if (bestAsk !== this.ask[symbol] || bestAskSize !== this.askSize[symbol]) {
      this.#setAsk(symbol, bestAsk, bestAskSize);
    }
  }

  #exchangesOf(symbol: number): Float64Array {
    const found = this.#exchanges.get(symbol);
    if (found !== undefined) return found;
    const fresh = new Float64Array(NBBO_WIDTH);
    resetNbbo(fresh, 0);
    this.#exchanges.set(symbol, fresh);
    return fresh;
  }

  #setBid(symbol: number, price: number, size: number): void {
    this.bid[symbol] = isPrice(price) ? price : 0;
    this.bidSize[symbol] = size;
    this.bidLeft[symbol] = size;
  }

  #setAsk(symbol: number, price: number, size: number): void {
    this.ask[symbol] = isPrice(price) ? price : 0;
    this.askSize[symbol] = size;
    this.askLeft[symbol] = size;
  }

  #bar(batch: EventBatch, at: number): void {
    if (!isFillableBar(batch, at)) return;
    const symbol = batch.symbol[at] ?? 0;
    this.last[symbol] = batch.d[at] ?? 0;
    this.#raise(symbol, BARRED);
  }

  #status(symbol: number, status: number): void {
    if (status === STATUS_HALTED) {
      this.#raise(symbol, HALTED);
      this.#forgetQuotes(symbol);
    } else if (status === STATUS_QUOTING) {
      this.#raise(symbol, HALTED); // venues.md 2.5: quotes flow, trading waits for the resume.
    } else if (status === STATUS_TRADING) {
      this.flags[symbol] = (this.flags[symbol] ?? 0) & ~HALTED;
    } else if (status === STATUS_SHORT_RESTRICTED) {
      this.#raise(symbol, SHORT_RESTRICTED);
    }
  }

  /**
   * Of one symbol, or of all where it is -1. What was quoted before a halt or a loss fills nothing
   * any more; until the next quote it still says roughly what a share is worth.
   */
  #forgetQuotes(symbol: number): void {
    if (symbol < 0) {
      this.quotedUs.fill(Number.NaN);
      this.#exchanges.clear();
    } else {
      this.quotedUs[symbol] = Number.NaN;
      this.#exchanges.delete(symbol);
    }
  }

  #raise(symbol: number, flag: number): void {
    this.flags[symbol] = (this.flags[symbol] ?? 0) | flag;
  }

  #used(): number {
    let count = this.bid.length;
    while (count > 0 && this.flags[count - 1] === 0 && this.last[count - 1] === 0) count -= 1;
    return count;
  }

  #grow(symbol: number): void {
    assert(symbol < SYMBOLS_MAX, 'a symbol id is below its limit');
    let capacity = this.bid.length;
    while (capacity <= symbol) capacity *= 2;
    for (const name of COLUMNS) this[name] = wider(this[name], capacity);
    const flags = new Uint8Array(capacity);
    flags.set(this.flags);
    this.flags = flags;
  }
}

/** A print that stands for the market: it may set the last price and may fill a resting order. */
export function isLastSale(batch: EventBatch, at: number): boolean {
  const flags = batch.flags[at] ?? 0;
  if ((flags & TRADE_SUSPICIOUS) !== 0 || (flags & TRADE_LAST) === 0) return false;
  return isPrice(batch.a[at] ?? 0);
}

/** Complete, said once, and in order: open and close lie within low .. high. */
export function isFillableBar(batch: EventBatch, at: number): boolean {
  const flags = batch.flags[at] ?? 0;
  if ((flags & BAR_FINAL) === 0 || (flags & BAR_UPDATED) !== 0) return false;
  const [open, high] = [batch.a[at] ?? 0, batch.b[at] ?? 0];
  const [low, close] = [batch.c[at] ?? 0, batch.d[at] ?? 0];
  if (!isPrice(low) || !isPrice(high)) return false;
  return low <= open && open <= high && low <= close && close <= high;
}

const HALTED = 1;
const SHORT_RESTRICTED = 2;
const QUOTED = 4;
const BARRED = 8;

function isPrice(value: number): boolean {
  return value >= 1 && value <= PRICE_MAX;
}

function wider(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(capacity);
  next.set(column);
  return next;
}
