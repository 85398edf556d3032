import { assert } from '../../core/assert.ts';

/** Bytes of the longest name: four of them are one number. */
const NAME_BYTES_MAX = 4;
/** A power of two, and roomy: the fewer tries until no two names meet. */
const SLOTS = 512;
const SHIFT = 32 - 9;
const TRIES_MAX = 100_000;

/**
 * The names of a wire's fields and the place of each, found by the bytes of a name taken as one
 * number: the table is made so that no two names share a slot, so one look decides.
 */
export class FieldNames {
  readonly names: readonly string[];
  readonly #factor: number;
  readonly #keys = new Int32Array(SLOTS);
  readonly #places = new Int8Array(SLOTS).fill(-1);
  /** The place of each name of one byte; -1 for the others. */
  readonly letters = new Int8Array(256).fill(-1);

  constructor(names: readonly string[]) {
    this.names = names;
    const keys = names.map(packName);
    this.#factor = perfectFactor(keys);
    for (const [place, key] of keys.entries()) {
      const slot = Math.imul(key, this.#factor) >>> SHIFT;
      this.#keys[slot] = key;
      this.#places[slot] = place;
      if (key < 256) this.letters[key] = place;
    }
  }

  /** The place of a name of one to four bytes, the first the lowest; -1 for one we do not read. */
  placeOfKey(key: number): number {
    const slot = Math.imul(key, this.#factor) >>> SHIFT;
    return this.#keys[slot] === key ? (this.#places[slot] ?? -1) : -1;
  }

  /** The same for a name as bytes, of any length. */
  placeOfBytes(bytes: Uint8Array, from: number, to: number): number {
    if (to <= from || to - from > NAME_BYTES_MAX) return -1;
    let key = 0;
    for (let at = to - 1; at >= from; at -= 1) key = (key << 8) | (bytes[at] ?? 0);
    return this.placeOfKey(key);
  }

  placeOf(name: string): number {
    const place = this.names.indexOf(name);
    assert(place >= 0, 'a name of this wire');
    return place;
  }
}

function packName(name: string): number {
  assert(name.length >= 1 && name.length <= NAME_BYTES_MAX, 'a name is short');
  let key = 0;
  for (let at = name.length - 1; at >= 0; at -= 1) key = (key << 8) | name.charCodeAt(at);
  return key;
}

/** An odd factor under which all names have slots of their own. */
function perfectFactor(keys: readonly number[]): number {
  let factor = 0x9e3779b1;
  for (let tries = 0; !isPerfect(keys, factor); tries += 1) {
    assert(tries < TRIES_MAX, 'some factor parts the names');
    factor = Math.imul(factor, 0x01000193) + 2;
  }
  return factor;
}

function isPerfect(keys: readonly number[], factor: number): boolean {
  const slots = new Set(keys.map((key) => Math.imul(key, factor) >>> SHIFT));
  return slots.size === keys.length;
}
