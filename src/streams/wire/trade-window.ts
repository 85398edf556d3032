import { assert } from '../../core/assert.ts';

/** What makes a trade one trade: ids are unique per symbol, exchange, tape and day (venues.md). */
export interface TradeKey {
  symbol: number;
  /** 0 a trade, 1 a correction, 2 a cancel: each has ids of its own here. */
  kind: number;
  /** 16 bits each: character codes, or a venue's numbers. */
  exchange: number;
  tape: number;
  /** The id's billions and the rest below 2^32: exact for 64 bits. */
  billions: number;
  rest: number;
  /** Days since 1970 in New York. */
  day: number;
  /** No part of the key: the moment that is remembered with it. */
  us: number;
}

/** A trade is eight words of 32 bits: half a cache line, of which one look tells all. */
const WORDS = 8;
const SYMBOL = 0;
const PLACE = 1;
const REST = 2;
const BILLIONS = 3;
/** Day, kind and what of the billions is above 32 bits. */
const DAY = 4;
/** The number of the next older trade with the same hash. */
const OLDER = 5;
/** Of doubles, four a trade. */
const US = 3;
const TWO_32 = 4_294_967_296;
/** Trades are numbered from here; once the numbers are used up they begin anew. */
const FIRST = 1;
const NUMBER_MAX = 1 << 30;

/**
 * The last trades that were taken, so that what is told again counts once (RELIABILITY D7). The
 * newest pushes the oldest out: memory is bounded by `tradesMax`.
 *
 * Trades are numbered, and a trade lies in the ring at its number. A chain of equal hashes goes
 * from new to old, so the first that is too old to be in the ring ends it: nothing is ever taken
 * out of a chain.
 */
export class TradeWindow {
  readonly tradesMax: number;
  readonly #numberMax: number;
  readonly #mask: number;
  /** By hash: the number of the newest trade of a chain, 0 for none. */
  readonly #newest: Int32Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  /** Of the next trade, and its place in the ring. */
  #number = FIRST;
  #at = 0;

  constructor(tradesMax: number, numberMax = NUMBER_MAX) {
    assert(tradesMax >= 1 && tradesMax <= 1 << 24, 'a window holds some trades');
    assert(numberMax > 2 * tradesMax + FIRST, 'numbers last for a while');
    this.tradesMax = tradesMax;
    this.#numberMax = numberMax;
    let buckets = 64;
    while (buckets < tradesMax * 2) buckets *= 2;
    this.#mask = buckets - 1;
    this.#newest = new Int32Array(buckets);
    this.#words = new Int32Array(tradesMax * WORDS);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  get count(): number {
    return Math.min(this.#number - FIRST, this.tradesMax);
  }

  /** The moment of a trade that was taken; NaN for one that is not in the window. */
  usOf(key: TradeKey): number {
    const at = this.#find(key, hashOf(key) & this.#mask);
    return at < 0 ? Number.NaN : (this.#doubles[at * (WORDS / 2) + US] ?? Number.NaN);
  }

  /** Takes a trade; answers false where it was taken before. */
  add(key: TradeKey): boolean {
    const bucket = hashOf(key) & this.#mask;
    if (this.#find(key, bucket) >= 0) return false;
    const at = this.#at;
    const base = at * WORDS;
    const words = this.#words;
    words[base + SYMBOL] = key.symbol;
    words[base + PLACE] = placeOf(key);
    words[base + REST] = key.rest;
    words[base + BILLIONS] = key.billions;
    words[base + DAY] = dayOf(key);
    words[base + OLDER] = this.#newest[bucket] ?? 0;
    this.#doubles[at * (WORDS / 2) + US] = key.us;
    this.#newest[bucket] = this.#number;
    this.#number += 1;
    this.#at = at + 1 === this.tradesMax ? 0 : at + 1;
    if (this.#number === this.#numberMax) this.#renumber();
    return true;
  }

  /** The place in the ring; -1 for a trade that is not there. */
  #find(key: TradeKey, bucket: number): number {
    const words = this.#words;
    const { tradesMax } = this;
    const next = this.#number;
    // The oldest that the ring holds, and none before the first.
    const oldest = Math.max(next - tradesMax, FIRST);
    for (let number = this.#newest[bucket] ?? 0; number >= oldest;) {
      let at = this.#at - (next - number);
      if (at < 0) at += tradesMax;
      const base = at * WORDS;
      if (
        words[base + REST] === (key.rest | 0) &&
        words[base + SYMBOL] === key.symbol &&
        words[base + PLACE] === placeOf(key) &&
        words[base + BILLIONS] === (key.billions | 0) &&
        words[base + DAY] === dayOf(key)
      ) {
        return at;
      }
      number = words[base + OLDER] ?? 0;
    }
    return -1;
  }

  /** Gives the trades of the ring the lowest numbers; whoever is older has none. */
  #renumber(): void {
    const less = this.#number - FIRST - this.tradesMax;
    lower(this.#newest, 0, 1, less);
    lower(this.#words, OLDER, WORDS, less);
    this.#number -= less;
  }
}

function lower(numbers: Int32Array, from: number, step: number, less: number): void {
  for (let at = from; at < numbers.length; at += step) {
    numbers[at] = Math.max(0, (numbers[at] ?? 0) - less);
  }
}

function placeOf(key: TradeKey): number {
  return (key.exchange << 16) | key.tape;
}

function dayOf(key: TradeKey): number {
  return (Math.floor(key.billions / TWO_32) << 24) | (key.kind << 22) | key.day;
}

function hashOf(key: TradeKey): number {
  let value = Math.imul(key.rest | 0, 0x9e3779b1) ^ Math.imul(key.symbol, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35) ^ key.exchange;
  return (value ^ (value >>> 13)) + key.kind * 7;
}
