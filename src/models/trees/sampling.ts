import type { Random } from '../../core/random.ts';

/** `count` of the rows 0 .. rows - 1, each set of them as likely, in ascending order. */
export function drawRows(rows: number, count: number, random: Random, out: Int32Array): number {
  let taken = 0;
  // Knuth, TAOCP 2, 3.4.2, algorithm S.
  for (let row = 0; row < rows && taken < count; row += 1) {
    if (random.below(rows - row) < count - taken) {
      out[taken] = row;
      taken += 1;
    }
  }
  return taken;
}

/** `count` of the features, in ascending order. */
export function drawFeatures(features: Int32Array, count: number, random: Random): Int32Array {
  if (count >= features.length) return features;
  const shuffled = features.slice();
  for (let at = 0; at < count; at += 1) {
    const other = at + random.below(shuffled.length - at);
    const kept = shuffled[at] ?? 0;
    shuffled[at] = shuffled[other] ?? 0;
    shuffled[other] = kept;
  }
  return shuffled.slice(0, count).toSorted();
}

/** How many are a share of all: at least one. */
export function shareOf(all: number, share: number): number {
  return Math.max(1, Math.min(all, Math.round(all * share)));
}
