import { assert } from '../../core/assert.ts';

/** What makes a trade one trade: ids are unique per symbol, exchange, tape and day (venues.md). */
export interface TradeKey {
  symbol: number;
  /** 0 a trade, 1 a correction, 2 a cancel: each has ids of its own here. */
  kind: number;
  /** Character codes. */
  exchange: number;
  tape: number;
  /** The id's billions and the rest: exact for 64 bits. */
  billions: number;
  rest: number;
  /** Days since 1970 in New York. */
  day: number;
}

/**
 * The last trades that were taken, so that what is told again counts once (RELIABILITY D7). The
 * newest pushes the oldest out: memory is bounded by `tradesMax`.
 */
export class TradeWindow {
  readonly tradesMax: number;
  readonly #mask: number;
  /** By hash: the newest trade of a chain and 1, 0 for none. */
  readonly #heads: Int32Array;
  /** The next older trade of the same chain and 1. */
  readonly #next: Int32Array;
  readonly #hash: Int32Array;
  readonly #symbol: Int32Array;
  /** Exchange, tape and kind. */
  readonly #place: Float64Array;
  readonly #billions: Float64Array;
  readonly #rest: Float64Array;
  readonly #day: Int32Array;
  readonly #us: Float64Array;
  #count = 0;
  #oldest = 0;

  constructor(tradesMax: number) {
    assert(tradesMax >= 1 && tradesMax <= 1 << 24, 'a window holds some trades');
    this.tradesMax = tradesMax;
    let buckets = 64;
    while (buckets < tradesMax * 2) buckets *= 2;
    this.#mask = buckets - 1;
    this.#heads = new Int32Array(buckets);
    this.#next = new Int32Array(tradesMax);
    this.#hash = new Int32Array(tradesMax);
    this.#symbol = new Int32Array(tradesMax);
    this.#place = new Float64Array(tradesMax);
    this.#billions = new Float64Array(tradesMax);
    this.#rest = new Float64Array(tradesMax);
    this.#day = new Int32Array(tradesMax);
    this.#us = new Float64Array(tradesMax);
  }

  get count(): number {
    return this.#count;
  }

  /** The moment of a trade that was taken; NaN for one that is not in the window. */
  usOf(key: TradeKey): number {
    const at = this.#find(key, hashOf(key));
    return at < 0 ? Number.NaN : (this.#us[at] ?? Number.NaN);
  }

  /** Takes a trade; answers false where it was taken before. */
  add(key: TradeKey, us: number): boolean {
    const hash = hashOf(key);
    if (this.#find(key, hash) >= 0) return false;
    const at = this.#free();
    const bucket = hash & this.#mask;
    this.#hash[at] = hash;
    this.#symbol[at] = key.symbol;
    this.#place[at] = placeOf(key);
    this.#billions[at] = key.billions;
    this.#rest[at] = key.rest;
    this.#day[at] = key.day;
    this.#us[at] = us;
    this.#next[at] = this.#heads[bucket] ?? 0;
    this.#heads[bucket] = at + 1;
    return true;
  }

  #find(key: TradeKey, hash: number): number {
    const place = placeOf(key);
    for (let entry = this.#heads[hash & this.#mask] ?? 0; entry !== 0;) {
      const at = entry - 1;
      if (
        this.#rest[at] === key.rest &&
        this.#symbol[at] === key.symbol &&
        this.#place[at] === place &&
        this.#billions[at] === key.billions &&
        this.#day[at] === key.day
      )
        return at;
      entry = this.#next[at] ?? 0;
    }
    return -1;
  }

  /** A slot to write to: the oldest trade's once the window is full. */
  #free(): number {
    if (this.#count < this.tradesMax) {
      this.#count += 1;
      return this.#count - 1;
    }
    const at = this.#oldest;
    this.#oldest = at + 1 === this.tradesMax ? 0 : at + 1;
    this.#unlink(at);
    return at;
  }

  /** Takes the oldest trade out of its chain, of which it is the last. */
  #unlink(at: number): void {
    const bucket = (this.#hash[at] ?? 0) & this.#mask;
    let entry = this.#heads[bucket] ?? 0;
    if (entry === at + 1) {
      this.#heads[bucket] = this.#next[at] ?? 0;
      return;
    }
    while (entry !== 0) {
      const next = this.#next[entry - 1] ?? 0;
      if (next === at + 1) {
        this.#next[entry - 1] = this.#next[at] ?? 0;
        return;
      }
      entry = next;
    }
  }
}

function placeOf(key: TradeKey): number {
  return key.exchange * 262_144 + key.tape * 4 + key.kind;
}

function hashOf(key: TradeKey): number {
  let value = Math.imul(key.rest | 0, 0x9e3779b1) ^ Math.imul(key.symbol, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35) ^ key.exchange;
  return (value ^ (value >>> 13)) + key.kind * 7;
}
