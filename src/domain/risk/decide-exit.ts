import { money, shares, SHARES_MAX } from '../../core/money.ts';
import { MS } from '../../core/time.ts';
import type { Side } from '../market/side.ts';
import type { OrderIntent } from '../orders/intent.ts';
import { approve } from './approval.ts';
import { type Refusal, refuse, type RiskDecision, type RiskQuestion } from './decision.ts';
import { farSide, isUsable, orderType, wholePrice, withPatience } from './order-terms.ts';
import { levelOf } from './restrictions.ts';

/**
 * Closes what is held and not being closed already, at the market. Allowed under every halt short
 * of `stop`, with a stale, crossed or wide quote, against a ban: getting out is never a risk to be
 * limited. Only what cannot work, and a person's hands off, stand in its way.
 */
export function decideExit(question: RiskQuestion): RiskDecision {
  const { book, signal } = question;
  const closable =
    signal.side === closingSide(question) ? book.exposure.closable(signal.symbol) : 0;
  const refusal = exitRefusal(question, closable);
  if (refusal !== undefined) return { isApproved: false, refusal };
  const intent = intentOf(question, Math.min(closable, SHARES_MAX));
  const notional = money(intent.quantity * intent.referencePrice);
  return { isApproved: true, approval: approve(intent), notional, boundBy: 'POSITION' };
}

function closingSide({ book, signal }: RiskQuestion): Side | undefined {
  const held = book.exposure.held(signal.symbol);
  if (held === 0) return undefined;
  return held > 0 ? 'sell' : 'buy';
}

function exitRefusal(question: RiskQuestion, closable: number): Refusal | undefined {
  const { book, signal, view, limits, nowUs } = question;
  const { restrictions, pace } = book;
  const { symbol } = signal;
  if (restrictions.halt?.level === 'stop') return refuse('HALTED', levelOf(restrictions.halt), 0);
  if (restrictions.isHandsOff(symbol, question.isFlattening)) return refuse('HANDS_OFF', 1, 0);
  // Somebody may have sold it while we were gone: a second sale would be a short.
  if (!restrictions.hasAgreed && question.isFlattening !== true) {
    return refuse('NOT_RECONCILED', 1, 0);
  }
  if (closable < 1) return refuse('NOTHING_TO_CLOSE', closable, 1);
  const leftMs = restrictions.usToClose(nowUs) / MS;
  if (leftMs <= 0) return refuse('MARKET_CLOSED', leftMs, 0);
  if (view?.isHalted === true) return refuse('SYMBOL_HALTED', 1, 0);
  if (!isUsable(priceOf(question))) return refuse('NO_QUOTE', 0, 1);
  if (!book.listings.has(symbol)) return refuse('NOT_TRADABLE', 1, 0);
  const orders = pace.exitsWithinSecond(symbol, nowUs) + 1;
  const { ordersPerSecondMax } = limits;
  // An exit that the venue keeps refusing and a strategy keeps sending is a loop like any other.
  return orders > ordersPerSecondMax ? refuse('RATE_MAX', orders, ordersPerSecondMax) : undefined;
}

/** The best that is known: the far side, the last price, or what the books reckon with. */
function priceOf({ book, signal, view }: RiskQuestion): number {
  const known = [
    view === undefined ? Number.NaN : farSide(view, signal.side),
    view?.last ?? Number.NaN,
    book.exposure.holdings.get(signal.symbol)?.mark ?? Number.NaN,
  ];
  return known.find((ticks) => isUsable(ticks)) ?? Number.NaN;
}

function intentOf(question: RiskQuestion, quantity: number): OrderIntent {
  const { book, signal, owner } = question;
  const { strategy, symbol, side, signalId, purpose } = signal;
  const symbolName = book.listings.get(symbol)?.name ?? '';
  const sequence = book.pace.nextSequence(strategy, symbol);
  const intent: OrderIntent = {
    account: owner.account,
    clientOrderId: owner.ids.of(strategy, symbolName, sequence),
    strategy,
    signalId,
    symbol,
    side,
    purpose,
    quantity: shares(quantity),
    type: orderType(purpose),
    timeInForce: 'day',
    referencePrice: wholePrice(priceOf(question)),
    sequence,
  };
  return withPatience(intent, question);
}
