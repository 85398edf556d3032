import { crc32 } from 'node:zlib';

/**
 * CRC-32 (ISO 3309, as in zlib) of `bytes[from .. to)`. A `seed` continues an earlier sum, so that
 * a chain of sums depends on everything before it. Finds damage; proves nothing about intent.
 */
export function checksum(bytes: Uint8Array, from: number, to: number, seed = 0): number {
  // Nothing changes nothing. Node answers 0 or the seed, by where the empty view happens to lie:
  // zlib takes a null pointer for "start anew".
  if (from === to) return seed;
  return crc32(bytes.subarray(from, to), seed);
}
