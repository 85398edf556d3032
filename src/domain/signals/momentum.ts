import type { Wish } from './mean-reversion.ts';
import type { SymbolStance } from './stance.ts';

export interface MomentumRules {
  readonly isEnabled: boolean;
  /** Probability of a rise at which to enter. */
  readonly scoreEnter: number;
  /** Below this there is nothing left to follow. */
  readonly scoreExit: number;
  readonly holdUsMax: number;
}

export interface MomentumScore {
  readonly score: number;
  /** Without agreement of the models a score may end a position, and never begin one. */
  readonly isAgreed: boolean;
  readonly layer: number;
  readonly reason: string;
}

/** Buys what the model says will rise, and sells when it no longer says so. Long only. */
export function decideMomentum(
  rules: MomentumRules,
  stance: SymbolStance,
  { score, isAgreed, layer, reason }: MomentumScore,
): Wish | undefined {
  if (stance.openOrders > 0 || score !== score) return undefined;
  if (stance.quantity > 0) {
    if (score >= rules.scoreExit) return undefined;
    return { purpose: 'exit', value: score, threshold: rules.scoreExit, reason: 'score fell' };
  }
  if (!rules.isEnabled || !isAgreed || layer < 2) return undefined;
  if (score < rules.scoreEnter) return undefined;
  return { purpose: 'entry', value: score, threshold: rules.scoreEnter, reason };
}

/** Held for its full time, whatever the model says. */
export function decideMomentumAge(
  rules: MomentumRules,
  stance: SymbolStance,
  nowUs: number,
): Wish | undefined {
  if (stance.openOrders > 0 || stance.quantity === 0) return undefined;
  const heldUs = nowUs - stance.enteredUs;
  if (heldUs < rules.holdUsMax) return undefined;
  return { purpose: 'exit', value: heldUs, threshold: rules.holdUsMax, reason: 'held too long' };
}
