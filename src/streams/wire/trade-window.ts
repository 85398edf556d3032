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

/**
 * A trade of a symbol that is later than all others by more than this was not told before: what is
 * told again has its own time, which one of the ways it comes may cut to milliseconds.
 */
export const RETOLD_US = 1_000;

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
/** Trades that may wait to be linked. */
const WAITING_MAX = 256;

/**
 * The last trades that were taken, so that what is told again counts once (RELIABILITY D7). The
 * newest pushes the oldest out: memory is bounded by `tradesMax`.
 *
 * Trades are numbered, and a trade lies in the ring at its number. A chain of equal hashes goes
 * from new to old, so the first that is too old to be in the ring ends it: nothing is ever taken
 * out of a chain. A look at a chain is a miss of the cache, so a trade that is known to be new is
 * only written down; many are linked at once, whose misses then overlap.
 */
export class TradeWindow {
  readonly tradesMax: number;
  readonly #numberMax: number;
  readonly #mask: number;
  /** By hash: the number of the newest trade of a chain, 0 for none. */
  readonly #newest: Int32Array;
  /** One slot more than there are trades: the free one is where a trade is written first. */
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #slots: number;
  /** Of the next trade, and its slot. */
  #number = FIRST;
  #at = 0;
  /** The newest so many are in no chain yet. */
  #waiting = 0;

  constructor(tradesMax: number, numberMax = NUMBER_MAX) {
    assert(tradesMax >= 1 && tradesMax <= 1 << 24, 'a window holds some trades');
    assert(numberMax > 2 * tradesMax + FIRST, 'numbers last for a while');
    this.tradesMax = tradesMax;
    this.#numberMax = numberMax;
    // Chains of two: they are walked seldom, and so few fit a cache.
    let buckets = 64;
    while (buckets < tradesMax / 2) buckets *= 2;
    this.#mask = buckets - 1;
    this.#newest = new Int32Array(buckets);
    this.#slots = tradesMax + 1;
    this.#words = new Int32Array(this.#slots * WORDS);
    this.#doubles = new Float64Array(this.#words.buffer);
  }

  get count(): number {
    return Math.min(this.#number - FIRST, this.tradesMax);
  }

  /** The moment of a trade that was taken; NaN for one that is not in the window. */
  usOf(key: TradeKey): number {
    this.#write(key);
    const at = this.#find();
    return at < 0 ? Number.NaN : (this.#doubles[at * (WORDS / 2) + US] ?? Number.NaN);
  }

  /** Takes a trade; answers false where it was taken before. */
  add(key: TradeKey): boolean {
    this.#write(key);
    if (this.#find() >= 0) return false;
    this.#take();
    return true;
  }

  /** Takes a trade that cannot have been taken before. */
  addNew(key: TradeKey): void {
    this.#write(key);
    this.#take();
  }

  /** Into the free slot. */
  #write(key: TradeKey): void {
    const words = this.#words;
    const base = this.#at * WORDS;
    words[base + SYMBOL] = key.symbol;
    words[base + PLACE] = (key.exchange << 16) | key.tape;
    words[base + REST] = key.rest;
    words[base + BILLIONS] = key.billions;
    words[base + DAY] = dayOf(key);
    this.#doubles[this.#at * (WORDS / 2) + US] = key.us;
  }

  #take(): void {
    this.#number += 1;
    this.#at = this.#at + 1 === this.#slots ? 0 : this.#at + 1;
    this.#waiting += 1;
    if (this.#waiting >= WAITING_MAX || this.#waiting === this.tradesMax) this.#link();
    if (this.#number === this.#numberMax) this.#renumber();
  }

  #link(): void {
    const words = this.#words;
    const newest = this.#newest;
    let number = this.#number - this.#waiting;
    let at = this.#slotOf(number);
    for (; number < this.#number; number += 1) {
      const bucket = hashAt(words, at * WORDS) & this.#mask;
      words[at * WORDS + OLDER] = newest[bucket] ?? 0;
      newest[bucket] = number;
      at = at + 1 === this.#slots ? 0 : at + 1;
    }
    this.#waiting = 0;
  }

  /** The slot of the trade that the free slot tells of; -1 for one that is not there. */
  #find(): number {
    this.#link();
    const words = this.#words;
    const own = this.#at * WORDS;
    // The oldest that the ring holds, and none before the first.
    const oldest = Math.max(this.#number - this.tradesMax, FIRST);
    let number = this.#newest[hashAt(words, own) & this.#mask] ?? 0;
    while (number >= oldest) {
      const at = this.#slotOf(number);
      if (isSame(words, at * WORDS, own)) return at;
      number = words[at * WORDS + OLDER] ?? 0;
    }
    return -1;
  }

  #slotOf(number: number): number {
    const at = this.#at - (this.#number - number);
    return at < 0 ? at + this.#slots : at;
  }

  /** Gives the trades of the ring the lowest numbers; whoever is older has none. */
  #renumber(): void {
    this.#link();
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

function dayOf(key: TradeKey): number {
  // Few ids have so many billions, and none fewer than none.
  const above = key.billions >= 0 && key.billions < TWO_32 ? 0 : Math.floor(key.billions / TWO_32);
  return (above << 24) | (key.kind << 22) | key.day;
}

function hashAt(words: Int32Array, base: number): number {
  let value = (words[base + REST] ?? 0) ^ Math.imul(words[base + BILLIONS] ?? 0, 0x27d4eb2f);
  value = Math.imul(value, 0x9e3779b1) ^ Math.imul(words[base + SYMBOL] ?? 0, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35) ^ (words[base + PLACE] ?? 0);
  return value ^ (value >>> 13) ^ (words[base + DAY] ?? 0);
}

function isSame(words: Int32Array, one: number, other: number): boolean {
  return (
    words[one + REST] === words[other + REST] &&
    words[one + SYMBOL] === words[other + SYMBOL] &&
    words[one + PLACE] === words[other + PLACE] &&
    words[one + BILLIONS] === words[other + BILLIONS] &&
    words[one + DAY] === words[other + DAY]
  );
}
