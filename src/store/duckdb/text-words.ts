import { assert } from '../../core/assert.ts';

/** A text of so many bytes lies in the vector itself: a length and the bytes, in four words. */
const INLINE_BYTES = 12;
const WORDS = 4;

/**
 * The database's own form of a short text (`duckdb_string_t` of its C header), both ways. Market
 * data has few texts and many rows: each is encoded, and decoded, once.
 */
export class TextWords {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #texts: string[] = [];
  readonly #codes = new Map<string, number>();
  /** The words of those that were decoded, by code. */
  #words = new Uint32Array(WORDS * 64);
  /** Open addressing over the words: a code and one, so that zero is free. */
  #places = new Uint32Array(256);
  #decoded = 0;

  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Undefined for one that is too long. */
  encode(text: string): Uint32Array | undefined {
    if (text.length > INLINE_BYTES) return undefined;
    const bytes = new Uint8Array(WORDS * 4);
    const encoded = this.#encoder.encode(text);
    if (encoded.length > INLINE_BYTES) return undefined;
    bytes.set(encoded, 4);
    const words = new Uint32Array(bytes.buffer);
    words[0] = encoded.length;
    return words;
  }

  static isInline(length: number): boolean {
    return length <= INLINE_BYTES;
  }

  /** The code of the short text that begins at a word. */
  codeOf(words: Uint32Array, at: number): number {
    let place = this.#placeOf(words, at);
    for (; ; place = (place + 1) & (this.#places.length - 1)) {
      const entry = this.#places[place] ?? 0;
      if (entry === 0) return this.#add(words, at, place);
      const known = entry - 1;
      if (this.#isSame(known, words, at)) return this.#codeAt(known);
    }
  }

  /** The code of a long text, by its bytes. */
  codeOfBytes(bytes: Uint8Array): number {
    return this.#codeOfText(this.#decoder.decode(bytes));
  }

  readonly #codeOfEntry: number[] = [];

  #codeAt(entry: number): number {
    return this.#codeOfEntry[entry] ?? 0;
  }

  #add(words: Uint32Array, at: number, place: number): number {
    const entry = this.#decoded;
    this.#decoded += 1;
    if (this.#decoded * WORDS > this.#words.length) this.#grow();
    this.#words.set(words.subarray(at, at + WORDS), entry * WORDS);
    const length = words[at] ?? 0;
    assert(length <= INLINE_BYTES, 'a short text is short');
    const bytes = new Uint8Array(words.buffer, words.byteOffset + (at + 1) * 4, length);
    this.#codeOfEntry[entry] = this.#codeOfText(this.#decoder.decode(bytes));
    this.#places[place] = entry + 1;
    if (this.#decoded * 2 > this.#places.length) this.#rehash();
    return this.#codeAt(entry);
  }

  #codeOfText(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }

  #isSame(entry: number, words: Uint32Array, at: number): boolean {
    const from = entry * WORDS;
    for (let word = 0; word < WORDS; word += 1) {
      if (this.#words[from + word] !== words[at + word]) return false;
    }
    return true;
  }

  #placeOf(words: Uint32Array, at: number): number {
    let hash = 0;
    for (let word = 0; word < WORDS; word += 1) {
      hash = Math.imul(hash ^ (words[at + word] ?? 0), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    return hash & (this.#places.length - 1);
  }

  #grow(): void {
    const wider = new Uint32Array(this.#words.length * 2);
    wider.set(this.#words);
    this.#words = wider;
  }

  #rehash(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let entry = 0; entry < this.#decoded; entry += 1) {
      let place = this.#placeOf(this.#words, entry * WORDS);
      while (this.#places[place] !== 0) place = (place + 1) & (this.#places.length - 1);
      this.#places[place] = entry + 1;
    }
  }
}
