import type { SymbolDirectory } from '../../ports/live-market.ts';
import { symbolId } from '../../core/ids.ts';

/** Entries a symbol at least, so that a search ends soon. */
const ROOM = 4;

/** Ids of symbols by the bytes of their names: no text is made for an event. */
export class SymbolBytes {
  /** Place of a name's entry: its symbol and 1; 0 is free. */
  readonly #table: Int32Array;
  readonly #mask: number;
  readonly #names: Uint8Array;
  /** Where each symbol's name begins; one more than there are symbols. */
  readonly #from: Int32Array;

  constructor(directory: SymbolDirectory) {
    const names = Array.from({ length: directory.size }, (_, index) =>
      encoder.encode(directory.nameOf(symbolId(index))),
    );
    let size = 64;
    while (size < names.length * ROOM) size *= 2;
    this.#table = new Int32Array(size);
    this.#mask = size - 1;
    this.#names = new Uint8Array(names.reduce((sum, name) => sum + name.length, 0));
    this.#from = new Int32Array(names.length + 1);
    let at = 0;
    for (const [symbol, name] of names.entries()) {
      this.#names.set(name, at);
      this.#from[symbol] = at;
      at += name.length;
      this.#from[symbol + 1] = at;
      this.#add(symbol, name);
    }
  }

  /** The symbol's id; -1 for a name that has none. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const table = this.#table;
    for (let at = hash(bytes, from, to) & this.#mask; ; at = (at + 1) & this.#mask) {
      const entry = table[at] ?? 0;
      if (entry === 0) return -1;
      if (this.#isName(entry - 1, bytes, from, to)) return entry - 1;
    }
  }

  #isName(symbol: number, bytes: Uint8Array, from: number, to: number): boolean {
    const names = this.#names;
    const begin = this.#from[symbol] ?? 0;
    const length = to - from;
    if ((this.#from[symbol + 1] ?? 0) - begin !== length) return false;
    for (let at = 0; at < length; at += 1) {
      if (names[begin + at] !== bytes[from + at]) return false;
    }
    return true;
  }

  #add(symbol: number, name: Uint8Array): void {
    let at = hash(name, 0, name.length) & this.#mask;
    while ((this.#table[at] ?? 0) !== 0) at = (at + 1) & this.#mask;
    this.#table[at] = symbol + 1;
  }
}

const encoder = new TextEncoder();

/** FNV-1a with a last turn, because the table reads the low bits only. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at += 1) {
    value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  }
  return value ^ (value >>> 15);
}
