import type { AccountId } from '../../core/ids.ts';
import type { Money } from '../../core/money.ts';
import type { ClientOrderIds } from '../orders/client-order-id.ts';
import type { OrderIntent } from '../orders/intent.ts';
import type { Signal } from '../signals/signal.ts';
import type { RiskApproved } from './approval.ts';
import type { RiskBook } from './book.ts';
import type { RiskLimits } from './limits.ts';
import type { MarketView } from './market-view.ts';
import type { RefusalCode } from './refusal.ts';

/** Whose orders these are, and how they are named. */
export interface OrderOwner {
  readonly account: AccountId;
  readonly ids: ClientOrderIds;
}

export interface RiskQuestion {
  readonly book: RiskBook;
  readonly signal: Signal;
  /** Absent where risk itself wants to close a position and has only its mark. */
  readonly view: MarketView | undefined;
  readonly limits: RiskLimits;
  readonly owner: OrderOwner;
  readonly nowUs: number;
  /** A person says `flatten` in this very moment. */
  readonly isFlattening?: boolean;
}

/**
 * Why not, with the two numbers that decided it. Where there is nothing to measure, `value` counts
 * what stands in the way and `limit` is 0.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly value: number;
  readonly limit: number;
}

export type RiskDecision =
  | {
      readonly isApproved: true;
      readonly approval: RiskApproved<OrderIntent>;
      /** What the order may cost at worst. */
      readonly notional: Money;
      /** The limit that set its size. */
      readonly boundBy: RefusalCode | 'FRACTION' | 'POSITION';
    }
  | { readonly isApproved: false; readonly refusal: Refusal };

export function refuse(code: RefusalCode, value: number, limit: number): Refusal {
  return { code, value, limit };
}
