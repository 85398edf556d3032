const WORD = 4_294_967_296;

/**
 * Whole doubles as the database keeps them, 64 bits each, by two words: a BigInt for every value
 * would cost more than all the rest of an append.
 */
export function writeInt64(words: Uint32Array, at: number, value: number): void {
  const high = Math.floor(value / WORD);
  words[at * 2] = value - high * WORD;
  words[at * 2 + 1] = high;
}

/** Exact within 2^53, which is all that this store takes. */
export function readInt64(words: Uint32Array, at: number): number {
  const high = (words[at * 2 + 1] ?? 0) | 0;
  return high * WORD + (words[at * 2] ?? 0);
}
