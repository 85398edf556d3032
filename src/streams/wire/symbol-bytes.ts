import type { SymbolDirectory } from '../../ports/live-market.ts';
import { symbolId } from '../../core/ids.ts';

/** Words of an entry: eight bytes of a name, and its symbol and 1, where 0 is free. */
const WORDS = 4;
const LOW = 0;
const HIGH = 1;
const SYMBOL = 2;
const NAME_BYTES_MAX = 8;

/**
 * Ids of symbols by the bytes of their names: no text is made for an event. A name of up to eight
 * bytes, which nearly all are, is two numbers, and its entry a quarter of a cache line.
 */
export class SymbolBytes {
  readonly #table: Int32Array;
  readonly #mask: number;
  /** Names of more bytes, as text of one character a byte. */
  readonly #long = new Map<string, number>();

  constructor(directory: SymbolDirectory) {
    let size = 64;
    while (size < directory.size * 1.5) size *= 2;
    this.#table = new Int32Array(size * WORDS);
    this.#mask = size - 1;
    for (let symbol = 0; symbol < directory.size; symbol += 1) {
      this.#add(symbol, encoder.encode(directory.nameOf(symbolId(symbol))));
    }
  }

  /** The symbol's id; -1 for a name that has none. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length > NAME_BYTES_MAX || length <= 0) return this.#findLong(bytes, from, to);
    let low = 0;
    let high = 0;
    for (let at = to - 1; at >= from + 4; at -= 1) high = (high << 8) | (bytes[at] ?? 0);
    for (let at = Math.min(from + 3, to - 1); at >= from; at -= 1) {
      low = (low << 8) | (bytes[at] ?? 0);
    }
    return this.#findWords(low, high);
  }

  /** The same where four bytes may be read past the name's end. */
  findIn(view: DataView, bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length <= 0 || length > NAME_BYTES_MAX) return this.#findLong(bytes, from, to);
    const low = view.getInt32(from, true);
    if (length <= 4) return this.#findWords(low & (-1 >>> (32 - 8 * length)), 0);
    return this.#findWords(low, view.getInt32(from + 4, true) & (-1 >>> (64 - 8 * length)));
  }

  #findWords(low: number, high: number): number {
    const table = this.#table;
    for (let slot = hashOf(low, high) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      const entry = table[at + SYMBOL] ?? 0;
      if (table[at + LOW] === low && table[at + HIGH] === high && entry !== 0) return entry - 1;
      if (entry === 0) return -1;
    }
  }

  #findLong(bytes: Uint8Array, from: number, to: number): number {
    if (this.#long.size === 0) return -1;
    return this.#long.get(textOf(bytes, from, to)) ?? -1;
  }

  #add(symbol: number, name: Uint8Array): void {
    if (name.length === 0 || name.length > NAME_BYTES_MAX) {
      this.#long.set(textOf(name, 0, name.length), symbol);
      return;
    }
    const words = new DataView(new ArrayBuffer(NAME_BYTES_MAX));
    for (const [at, code] of name.entries()) words.setUint8(at, code);
    const low = words.getInt32(0, true);
    const high = words.getInt32(4, true);
    let slot = hashOf(low, high) & this.#mask;
    while ((this.#table[slot * WORDS + SYMBOL] ?? 0) !== 0) slot = (slot + 1) & this.#mask;
    this.#table[slot * WORDS + LOW] = low;
    this.#table[slot * WORDS + HIGH] = high;
    this.#table[slot * WORDS + SYMBOL] = symbol + 1;
  }
}

const encoder = new TextEncoder();

function hashOf(low: number, high: number): number {
  const value = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  // The table reads the low bits only, which a product mixes least.
  return value ^ (value >>> 17) ^ (value >>> 9);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
