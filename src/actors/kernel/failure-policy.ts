import type { AccountId } from '../../core/ids.ts';
import type { Effect } from '../../ports/effect.ts';
import type { Fact } from '../../ports/fact.ts';
import type { FailurePolicy } from '../runtime/kernel.ts';

/** Who stands behind the facts that follow from a failure. */
export const SUPERVISION = 'supervisor';

/**
 * ARCHITECTURE 3.2: risk, execution and portfolio fail as one. An order that was dropped before it
 * left is refused in our own books and its reservation released; the account enters nothing more
 * until a person resumes it. Cancels and enquiries go on.
 */
export function failurePolicy(account: AccountId): FailurePolicy {
  return {
    orderPathFailed(actor, code, dropped) {
      const reason = `${actor} failed: ${code}`;
      const halted = haltedBy(account, 'noEntries', 'ORDER_PATH', reason);
      return [...dropped.flatMap(undone), halted];
    },
    escalated(step, actor, code) {
      return [haltedBy(account, step, 'ESCALATED', `${actor} failed too often: ${code}`)];
    },
  };
}

/** The turn's time is not known here: 0 says so. A dropped replacement leaves the original. */
function undone(effect: Effect): readonly Fact[] {
  if (effect.kind !== 'submitOrder') return [];
  const { clientOrderId, symbol } = effect;
  return [
    { kind: 'stood', clientOrderId, symbol, standing: 'rejected', reason: 'DROPPED', atUs: 0 },
    { kind: 'released', clientOrderId, symbol },
  ];
}

function haltedBy(
  account: AccountId,
  level: 'noEntries' | 'stop',
  code: string,
  reason: string,
): Fact {
  return { kind: 'tradingHalted', account, level, code, reason, by: SUPERVISION };
}
