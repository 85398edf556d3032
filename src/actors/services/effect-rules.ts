import type { Effect, EffectKind } from '../../ports/effect.ts';
import type { EffectAnswer } from '../../ports/service.ts';

/**
 * What the router says where no service did. The one question is whether the effect can have
 * left: of an order that did, nobody knows what became of it, and that is `unknown`; one that
 * never left is `refused`, because it never will. Everything else just `failed` or `expired`.
 */
interface EffectRule {
  readonly touchesOrder: boolean;
  /**
   * Does it wait for a service that is down or busy? What takes risk away or asks does, until its
   * deadline. What makes exposure never does: the price it was decided at does not wait. Nor do
   * rows, which are large, and whose store has a spool of its own.
   */
  readonly waits: boolean;
}

const EFFECT_RULES: Readonly<Record<EffectKind, EffectRule>> = {
  submitOrder: { touchesOrder: true, waits: false },
  replaceOrder: { touchesOrder: true, waits: false },
  cancelOrder: { touchesOrder: true, waits: true },
  enquireOrder: { touchesOrder: false, waits: true },
  reconcile: { touchesOrder: false, waits: true },
  subscribe: { touchesOrder: false, waits: true },
  infer: { touchesOrder: false, waits: false },
  writeRows: { touchesOrder: false, waits: false },
  alert: { touchesOrder: false, waits: false },
};

export function mayWait(kind: EffectKind): boolean {
  return EFFECT_RULES[kind].waits;
}

/** It never left, and never will. */
export function unsent(kind: EffectKind, code: string, message: string): EffectAnswer {
  return { outcome: EFFECT_RULES[kind].touchesOrder ? 'refused' : 'failed', code, message };
}

/** It left, and whoever had it is gone. */
export function lost(kind: EffectKind, code: string, message: string): EffectAnswer {
  return { outcome: EFFECT_RULES[kind].touchesOrder ? 'unknown' : 'failed', code, message };
}

/** Its deadline passed. */
export function late(kind: EffectKind, isSent: boolean): EffectAnswer {
  const code = 'DEADLINE';
  if (!EFFECT_RULES[kind].touchesOrder) return { outcome: 'expired', code };
  if (isSent) return { outcome: 'unknown', code };
  return { outcome: 'refused', code, message: 'never sent' };
}

/** The orders it is about, by the one id we always have. */
export function ordersOf(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'submitOrder':
    case 'cancelOrder':
    case 'enquireOrder':
      return [effect.clientOrderId];
    case 'replaceOrder':
      return [effect.clientOrderId, effect.successor];
    default:
      return [];
  }
}
