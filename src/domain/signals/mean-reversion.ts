import type { SymbolStance } from './stance.ts';

export interface MeanReversionRules {
  readonly isEnabled: boolean;
  /** Standard deviations below the mean at which a fall is unusual. */
  readonly zEnter: number;
  /** Close enough to the mean: the trade has done its work. */
  readonly zExit: number;
  /** So far out that it is no longer a swing. */
  readonly zStop: number;
  readonly holdUsMax: number;
  readonly newsQuietUs: number;
}

export interface Wish {
  readonly purpose: 'entry' | 'exit';
  readonly value: number;
  readonly threshold: number;
  readonly reason: string;
}

/**
 * Buys what fell `zEnter` deviations below its mean and sells when it is back within `zExit`, when
 * it falls past `zStop`, or when it has not come back in time. Long only.
 */
export function decideMeanReversion(
  rules: MeanReversionRules,
  stance: SymbolStance,
  zScore: number,
  layer: number,
  nowUs: number,
): Wish | undefined {
  if (stance.openOrders > 0) return undefined;
  // Also of an unknown score: what is held too long is sold, whatever is known of its mean.
  if (stance.quantity > 0) return decideExit(rules, stance, zScore, nowUs);
  if (!rules.isEnabled || layer < 2) return undefined;
  if (stance.newsUs > 0 && nowUs - stance.newsUs < rules.newsQuietUs) return undefined;
  if (!(zScore <= -rules.zEnter && zScore > -rules.zStop)) return undefined;
  return { purpose: 'entry', value: zScore, threshold: -rules.zEnter, reason: 'below the mean' };
}

function decideExit(
  rules: MeanReversionRules,
  stance: SymbolStance,
  zScore: number,
  nowUs: number,
): Wish | undefined {
  if (zScore >= -rules.zExit) {
    return { purpose: 'exit', value: zScore, threshold: -rules.zExit, reason: 'back at the mean' };
  }
  if (zScore <= -rules.zStop) {
    return {
      purpose: 'exit',
      value: zScore,
      threshold: -rules.zStop,
      reason: 'fell past the stop',
    };
  }
  const heldUs = nowUs - stance.enteredUs;
  if (heldUs < rules.holdUsMax) return undefined;
  return { purpose: 'exit', value: heldUs, threshold: rules.holdUsMax, reason: 'held too long' };
}
