import { countDigits, digitsOf, valueOf } from '../../wire/four-bytes.ts';

const ZERO = 0x30;
const POWERS = new Int32Array([1, 10, 100, 1_000, 10_000]);
const LONG_DIGITS_MAX = 20;
const REST_DIGITS = 9;
const DIGITS_EXACT = 15;
const BILLION = 1_000_000_000;
/** 2^64 - 1 is 18,446,744,073,709,551,615: what is hashed stands above every number. */
const BILLIONS_MAX = 18_446_744_073;
const BILLIONS_MAX_REST = 709_551_615;
const HASHED = 20_000_000_000;

/**
 * Ids of trades, which Polygon sends as texts. Digits are the number that they say, up to 64 bits;
 * any other text is hashed to 64 bits, which two of the same symbol, exchange and day share less
 * than once in 10^11 days of a billion trades.
 */
export class TradeId {
  /** Of the id that was read last: exact, or the hash. */
  billions = 0;
  rest = 0;
  /** The nearest double. */
  number = 0;

  /** Where eight bytes may be read past the text's end. */
  readIn(view: DataView, bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    const first = digitsOf(view.getInt32(from, true));
    const second = digitsOf(view.getInt32(from + 4, true));
    if (length > 8 || length < 1 || ((first & 0xff) === 0 && length > 1)) {
      return this.read(bytes, from, to);
    }
    const before = Math.min(length, 4);
    const behind = length - before;
    if (countDigits(first) < before || countDigits(second) < behind) {
      return this.#hash(bytes, from, to);
    }
    this.billions = 0;
    this.rest = valueOf(first, before) * (POWERS[behind] ?? 1) + valueOf(second, behind);
    this.number = this.rest;
  }

  read(bytes: Uint8Array, from: number, to: number): void {
    const digits = to - from;
    let billions = 0;
    let rest = 0;
    const split = to - REST_DIGITS;
    // One spelling a number: `07` and `7` are two ids.
    const isPlain = digits > 0 && digits <= LONG_DIGITS_MAX;
    if (!isPlain || (bytes[from] === ZERO && digits > 1)) return this.#hash(bytes, from, to);
    for (let at = from; at < to; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return this.#hash(bytes, from, to);
      if (at < split) billions = billions * 10 + digit;
      else rest = rest * 10 + digit;
    }
    const isOver = billions === BILLIONS_MAX && rest > BILLIONS_MAX_REST;
    if (billions > BILLIONS_MAX || isOver) return this.#hash(bytes, from, to);
    this.set(billions, rest);
    // Rounded once, as JSON.parse rounds it.
    if (digits > DIGITS_EXACT) this.number = Number(textOf(bytes, from, to));
  }

  set(billions: number, rest: number): void {
    this.billions = billions;
    this.rest = rest;
    this.number = billions * BILLION + rest;
  }

  /** FNV-1a twice, from two beginnings. */
  #hash(bytes: Uint8Array, from: number, to: number): void {
    let high = 0x811c9dc5;
    let low = 0x6c62272e;
    for (let at = from; at < to; at += 1) {
      const code = bytes[at] ?? 0;
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ (code + at - from), 0x5bd1e995);
      low ^= low >>> 15;
    }
    this.set(HASHED + (high >>> 0), low >>> 0);
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
