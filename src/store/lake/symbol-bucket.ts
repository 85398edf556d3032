import { Hash64 } from '../../core/hash.ts';

/**
 * Which of so many buckets a symbol's rows lie in: for ever the same, whoever asks. The number of
 * buckets is part of a partition's path, so that another number later finds the older ones too.
 */
export function symbolBucket(symbol: string, buckets: number): number {
  if (buckets === 1) return 0;
  const hash = new Hash64();
  hash.text(symbol);
  return Number.parseInt(hash.hex().slice(8), 16) % buckets;
}
