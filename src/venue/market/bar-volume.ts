import { exp } from '../../core/math.ts';
import type { Random } from '../../core/random.ts';
import { TRADE_SIZE_MEAN } from './trade-size.ts';

/** Shares of one bar in which `trades` are expected; often none where few are. */
export function drawBarVolume(random: Random, trades: number): number {
  const count = drawCount(random, trades);
  return Math.round(count * TRADE_SIZE_MEAN * (0.6 + 0.8 * random.unit()));
}

/** A Poisson number: Knuth's product below twelve, the normal limit above. */
function drawCount(random: Random, mean: number): number {
  if (mean > 12) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > limit; product *= random.unit()) count += 1;
  return count;
}
