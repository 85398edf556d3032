import { present } from '../../core/assert.ts';
import { money, type Price, shares } from '../../core/money.ts';
import { MS } from '../../core/time.ts';
import type { OrderIntent } from '../orders/intent.ts';
import { approve } from './approval.ts';
import { type Refusal, refuse, type RiskDecision, type RiskQuestion } from './decision.ts';
import { worstPrice } from './exposure.ts';
import { areEntriesStopped, tightened } from './policies.ts';
import { farSide, marketableLimit, orderType, wholePrice, withPatience } from './order-terms.ts';
import { levelOf } from './restrictions.ts';
import { sizeEntry } from './sizing.ts';
import { viewRefusal } from './view-checks.ts';

/**
 * May this signal open a position, and how large? The checks stand in this order, what forbids
 * most first: the first that fails is the answer. Pace comes last because it counts orders, and a
 * signal that is refused for another reason is none.
 */
export function decideEntry(asked: RiskQuestion): RiskDecision {
  const limits = tightened(asked.limits, asked.book.restrictions.policies);
  const question = limits === asked.limits ? asked : { ...asked, limits };
  const refusal =
    restrictionRefusal(question) ??
    reduceOnlyRefusal(question) ??
    viewRefusal(question) ??
    symbolRefusal(question);
  return refusal === undefined ? sized(question) : { isApproved: false, refusal };
}

function restrictionRefusal(question: RiskQuestion): Refusal | undefined {
  const { book, signal, limits, nowUs } = question;
  const { restrictions } = book;
  const { symbol } = signal;
  if (restrictions.halt !== undefined) return refuse('HALTED', levelOf(restrictions.halt), 0);
  if (restrictions.isEnding) return refuse('ENDING', 1, 0);
  if (areEntriesStopped(restrictions.policies)) return refuse('POLICY', 1, 0);
  if (restrictions.banned.has(symbol)) return refuse('BANNED', 1, 0);
  if (restrictions.handsOff.has(symbol)) return refuse('HANDS_OFF', 1, 0);
  if (!isTradable(question)) return refuse('NOT_TRADABLE', 1, 0);
  const leftMs = restrictions.usToClose(nowUs) / MS;
  const flattenMs = limits.flattenBeforeCloseUs / MS;
  // From the moment positions are closed nothing is opened any more.
  return leftMs <= flattenMs ? refuse('MARKET_CLOSED', leftMs, flattenMs) : undefined;
}

/** Whole shares of stocks and funds; an index cannot be bought. */
function isTradable({ book, signal, limits }: RiskQuestion): boolean {
  const listing = book.listings.get(signal.symbol);
  if (listing === undefined || !listing.isTradable) return false;
  const isShares = listing.assetClass === 'equity' || listing.assetClass === 'fund';
  return isShares && (signal.side === 'buy' || limits.isShortingAllowed);
}

/** Why a refusal says `REDUCE_ONLY`: its `value` is the place here, from 1. */
export const REDUCE_ONLY_REASONS = ['broker', 'journal', 'reconciling', 'market'] as const;

function reduceOnlyRefusal({ book }: RiskQuestion): Refusal | undefined {
  const { restrictions, exposure } = book;
  if (!restrictions.isUp('broker')) return reduceOnly('broker');
  if (!restrictions.isUp('journal')) return reduceOnly('journal');
  if (!restrictions.isUp('market')) return reduceOnly('market');
  // RELIABILITY B3, C4: what the broker holds is not known to be what we think.
  if (!restrictions.isReconciled) return refuse('NOT_RECONCILED', 1, 0);
  // RELIABILITY B3: until it is known what became of every order, nothing new is opened.
  return exposure.unreconciled > 0 ? reduceOnly('reconciling') : undefined;
}

function reduceOnly(reason: (typeof REDUCE_ONLY_REASONS)[number]): Refusal {
  return refuse('REDUCE_ONLY', REDUCE_ONLY_REASONS.indexOf(reason) + 1, 0);
}

function symbolRefusal({ book, signal, limits }: RiskQuestion): Refusal | undefined {
  const { exposure, pace } = book;
  const { symbol } = signal;
  const open = exposure.ordersOf(symbol).length;
  if (open > 0) return refuse('ORDER_OPEN', open, 0);
  const held = exposure.held(symbol);
  if (held !== 0) return refuse('POSITION_OPEN', held, 0);
  const entries = pace.entriesOf(symbol) + 1;
  const { entriesPerSymbolMax, positionsMax } = limits;
  if (entries > entriesPerSymbolMax) return refuse('ENTRIES_MAX', entries, entriesPerSymbolMax);
  const positions = exposure.positions + 1;
  return positions > positionsMax ? refuse('POSITIONS_MAX', positions, positionsMax) : undefined;
}

function sized(question: RiskQuestion): RiskDecision {
  const { book, signal, view, limits, nowUs } = question;
  const { exposure, pace, listings } = book;
  const far = farSide(present(view, 'the view an entry was checked by'), signal.side);
  const limitPrice = marketableLimit(far, signal.side, limits.limitOffsetBps);
  const terms = { limitPrice, referencePrice: wholePrice(far) };
  const unitPrice = worstPrice(terms);
  const size = sizeEntry({
    equity: exposure.equity,
    unitPrice,
    stopDistance: signal.stopDistance,
    // Symbols of no known sector count as one: they may well fall together.
    sectorExposure: exposure.inSector(listings.get(signal.symbol)?.sector ?? ''),
    grossExposure: exposure.gross,
    freeCash: exposure.freeCash,
    limits,
  });
  if ('refusal' in size) return { isApproved: false, refusal: size.refusal };
  const orders = pace.entriesWithinSecond(nowUs) + 1;
  if (orders > limits.ordersPerSecondMax) {
    const refusal = refuse('RATE_MAX', orders, limits.ordersPerSecondMax);
    return { isApproved: false, refusal };
  }
  const intent = intentOf(question, size.quantity, terms);
  const notional = money(size.quantity * unitPrice);
  return { isApproved: true, approval: approve(intent), notional, boundBy: size.boundBy };
}

function intentOf(
  question: RiskQuestion,
  quantity: number,
  { limitPrice, referencePrice }: { readonly limitPrice: Price; readonly referencePrice: Price },
): OrderIntent {
  const { book, signal, owner } = question;
  const { strategy, symbol, side, signalId, purpose } = signal;
  const listing = present(book.listings.get(symbol), 'the listing of a tradable symbol');
  const sequence = book.pace.nextSequence(strategy, symbol);
  const intent: OrderIntent = {
    account: owner.account,
    clientOrderId: owner.ids.of(strategy, listing.name, sequence),
    strategy,
    signalId,
    symbol,
    side,
    purpose,
    quantity: shares(quantity),
    type: orderType(purpose),
    limitPrice,
    timeInForce: 'day',
    referencePrice,
    sequence,
  };
  return withPatience(intent, question);
}
