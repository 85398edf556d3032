import { SHARES_MAX } from '../../core/money.ts';
import { refuse, type Refusal } from './decision.ts';
import { type RiskLimits, shareOf } from './limits.ts';
import type { RefusalCode } from './refusal.ts';

/** All in ten-thousandths of a dollar. */
export interface SizeQuestion {
  readonly equity: number;
  /** The worst a share may cost. */
  readonly unitPrice: number;
  /** Loss per share at which the idea is wrong. */
  readonly stopDistance: number;
  /** What is in the symbol's sector, and in everything, before this order. */
  readonly sectorExposure: number;
  readonly grossExposure: number;
  readonly freeCash: number;
  readonly limits: RiskLimits;
}

export type Size =
  | { readonly quantity: number; readonly boundBy: RefusalCode | 'FRACTION' }
  | { readonly quantity: 0; readonly refusal: Refusal };

/**
 * Fixed fractional sizing (Vince, "Portfolio Management Formulas", 1990): as many shares as lose
 * `fractionPerTrade` of equity over the stop's distance, then as few as every limit allows. Where
 * not even one share is allowed, the refusal says what one share would have made of the limit; what
 * is left and worth less than `orderNotionalMin` is not worth an order.
 */
export function sizeEntry(question: SizeQuestion): Size {
  const { equity, unitPrice, stopDistance, limits } = question;
  const budget = shareOf(equity, limits.fractionPerTrade);
  // A distance that is not known is no small distance: it gives no size at all.
  const wanted = stopDistance > 0 ? Math.floor(budget / stopDistance) : 0;
  if (wanted < 1) return tooSmall(0, limits);
  let quantity = Math.min(wanted, SHARES_MAX);
  let boundBy: RefusalCode | 'FRACTION' = 'FRACTION';
  for (const { code, used, max } of capsOf(question)) {
    const allowed = Math.floor((max - used) / unitPrice);
    if (allowed < 1) return { quantity: 0, refusal: refuse(code, used + unitPrice, max) };
    if (allowed >= quantity) continue;
    quantity = allowed;
    boundBy = code;
  }
  const worth = quantity * unitPrice;
  return worth < limits.orderNotionalMin ? tooSmall(worth, limits) : { quantity, boundBy };
}

function tooSmall(worth: number, { orderNotionalMin }: RiskLimits): Size {
  return { quantity: 0, refusal: refuse('SIZE_ZERO', worth, orderNotionalMin) };
}

interface Cap {
  readonly code: RefusalCode;
  readonly used: number;
  readonly max: number;
}

function capsOf({ equity, limits, ...question }: SizeQuestion): readonly Cap[] {
  const sectorMax = shareOf(equity, limits.sectorExposureMax);
  const grossMax = shareOf(equity, limits.grossExposureMax);
  return [
    { code: 'ORDER_NOTIONAL_MAX', used: 0, max: limits.orderNotionalMax },
    { code: 'POSITION_NOTIONAL_MAX', used: 0, max: limits.positionNotionalMax },
    { code: 'SECTOR_MAX', used: question.sectorExposure, max: sectorMax },
    { code: 'EXPOSURE_MAX', used: question.grossExposure, max: grossMax },
    { code: 'CASH_SHORT', used: 0, max: question.freeCash },
  ];
}
