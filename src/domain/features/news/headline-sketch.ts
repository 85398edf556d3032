import { folded } from './words.ts';

/**
 * A headline as a few numbers, so that one that tells the same again is known (Broder 1997): of
 * each of so many hashes the least over all words. Two headlines agree in about that share of them
 * in which their words are the same.
 */
export const SKETCH = 8;

export function sketchHeadline(headline: string, out: Float64Array): void {
  out.fill(Infinity);
  for (const [word] of folded(headline).matchAll(/[a-z0-9]+/g)) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < word.length; at += 1) {
      hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
    }
    for (let of = 0; of < SKETCH; of += 1) {
      out[of] = Math.min(out[of] ?? NaN, mixed(hash + of * 0x9e3779b9));
    }
  }
}

/** Murmur's last step: every bit of the answer hangs on every bit of the hash. */
function mixed(hash: number): number {
  let bits = hash | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
