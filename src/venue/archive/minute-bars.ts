import { assert } from '../../core/assert.ts';

/**
 * The minute bars of one day for every symbol, as columns. Room is given out in blocks of thirty
 * bars, so that quiet symbols take little and 10,000 symbols fit whole sessions: 34 bytes a bar.
 *
 * Prices are ten-thousandths of a dollar, minutes count from New York's midnight. The columns are
 * public: a slot answered here is a place in all of them, good until the next change.
 */
export class MinuteBars {
  readonly barsMax: number;
  /** Bars for which there was no room. */
  lost = 0;
  readonly minute: Uint16Array;
  readonly open: Uint32Array;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly close: Uint32Array;
  readonly volume: Uint32Array;
  readonly trades: Uint32Array;
  /** Sum of price times size. */
  readonly turnover: Float64Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #count: Uint16Array;
  readonly #next: Int32Array;
  readonly #blocksMax: number;
  #blocks = 0;

  constructor(symbols: number, blocksMax = defaultBlocks(symbols)) {
    assert(symbols > 0 && blocksMax > 0, 'there is room for bars');
    const bars = blocksMax * BLOCK;
    this.barsMax = bars;
    this.minute = new Uint16Array(bars);
    this.open = new Uint32Array(bars);
    this.high = new Uint32Array(bars);
    this.low = new Uint32Array(bars);
    this.close = new Uint32Array(bars);
    this.volume = new Uint32Array(bars);
    this.trades = new Uint32Array(bars);
    this.turnover = new Float64Array(bars);
    this.#first = new Int32Array(symbols).fill(-1);
    this.#last = new Int32Array(symbols).fill(-1);
    this.#count = new Uint16Array(symbols);
    this.#next = new Int32Array(blocksMax).fill(-1);
    this.#blocksMax = blocksMax;
  }

  get bytes(): number {
    const columns = this.barsMax * (2 + 6 * 4 + 8);
    return columns + this.#next.byteLength + this.#first.byteLength * 2 + this.#count.byteLength;
  }

  clear(): void {
    this.#first.fill(-1);
    this.#last.fill(-1);
    this.#count.fill(0);
    this.#next.fill(-1);
    this.#blocks = 0;
  }

  /** Bars of the symbol so far. */
  count(symbol: number): number {
    return this.#count[symbol] ?? 0;
  }

  /** The slot of a symbol's bar by its place among them, in time order; -1 where there is none. */
  slotAt(symbol: number, place: number): number {
    if (place < 0 || place >= this.count(symbol)) return -1;
    let block = this.#first[symbol] ?? -1;
    for (let steps = Math.floor(place / BLOCK); steps > 0; steps -= 1) {
      block = this.#next[block] ?? -1;
    }
    return block * BLOCK + (place % BLOCK);
  }

  lastSlot(symbol: number): number {
    const count = this.count(symbol);
    return count === 0 ? -1 : (this.#last[symbol] ?? 0) * BLOCK + ((count - 1) % BLOCK);
  }

  /** The slot of the bar that begins at a minute, or -1. Late ones are looked for from the end. */
  find(symbol: number, minute: number): number {
    const last = this.lastSlot(symbol);
    if (last < 0 || (this.minute[last] ?? 0) < minute) return -1;
    if (this.minute[last] === minute) return last;
    const place = this.placeFrom(symbol, minute);
    const slot = this.slotAt(symbol, place);
    return this.minute[slot] === minute ? slot : -1;
  }

  /** The place of the first bar at or after a minute; the count where there is none. */
  placeFrom(symbol: number, minute: number): number {
    let from = 0;
    let to = this.count(symbol);
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.minute[this.slotAt(symbol, middle)] ?? 0) < minute) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** A slot for a minute that has no bar yet, its values undefined; -1 where there is no room. */
  add(symbol: number, minute: number): number {
    const slot = this.#append(symbol);
    if (slot < 0) return -1;
    let at = slot;
    for (let place = this.count(symbol) - 2; place >= 0; place -= 1) {
      const before = this.slotAt(symbol, place);
      if ((this.minute[before] ?? 0) < minute) break;
      this.#copy(before, at);
      at = before;
    }
    this.minute[at] = minute;
    return at;
  }

  #append(symbol: number): number {
    const count = this.count(symbol);
    if (count % BLOCK === 0) {
      if (this.#blocks === this.#blocksMax) {
        this.lost += 1;
        return -1;
      }
      const block = this.#blocks;
      this.#blocks += 1;
      if (count === 0) this.#first[symbol] = block;
      else this.#next[this.#last[symbol] ?? 0] = block;
      this.#last[symbol] = block;
    }
    this.#count[symbol] = count + 1;
    return (this.#last[symbol] ?? 0) * BLOCK + (count % BLOCK);
  }

  #copy(from: number, to: number): void {
    this.minute[to] = this.minute[from] ?? 0;
    this.open[to] = this.open[from] ?? 0;
    this.high[to] = this.high[from] ?? 0;
    this.low[to] = this.low[from] ?? 0;
    this.close[to] = this.close[from] ?? 0;
    this.volume[to] = this.volume[from] ?? 0;
    this.trades[to] = this.trades[from] ?? 0;
    this.turnover[to] = this.turnover[from] ?? 0;
  }
}

const BLOCK = 30;
/** From 04:00 to 20:00. */
const BLOCKS_OF_A_DAY = 960 / BLOCK;
/** 10,003 symbols: thirteen blocks for the session and one more, 143 MB of it. */
const BLOCKS_MAX = 140_042;

function defaultBlocks(symbols: number): number {
  return Math.min(symbols * BLOCKS_OF_A_DAY, BLOCKS_MAX);
}
