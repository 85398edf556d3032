import {
  add,
  type Money,
  money,
  notional,
  type Price,
  shares,
  subtract,
} from '../../core/money.ts';
import type { SymbolId } from '../../core/ids.ts';
import { bookExecution, type HeldPosition, type Holdings } from './account-book.ts';
import type { BrokerageBook } from './brokerage-book.ts';
import type { BookedExecution } from './brokerage-order.ts';

/**
 * The venue takes an execution back: shares and money are as if it had never been, and the order
 * has that much less filled. An order that is still open may be filled again; one that has ended
 * stays ended. Answers false where it was taken back before.
 */
export function bustExecution(
  book: BrokerageBook,
  execution: BookedExecution,
  atUs: number,
): boolean {
  if (execution.isBusted) return false;
  const { order, quantity, price } = execution;
  execution.isBusted = true;
  order.filledQuantity = shares(order.filledQuantity - quantity);
  order.filledValue = subtract(order.filledValue, notional(price, quantity));
  if (order.status === 'partiallyFilled' && order.filledQuantity === 0) order.status = 'new';
  order.updatedUs = atUs;
  bookAgain(book, order.request.symbol);
  book.tell({ event: 'tradeBust', order, atUs, execution });
  return true;
}

/** The venue says that it was another price. Answers false for an execution taken back. */
export function correctExecution(
  book: BrokerageBook,
  execution: BookedExecution,
  unit: Price,
  atUs: number,
): boolean {
  if (execution.isBusted) return false;
  const { order, quantity } = execution;
  const difference = subtract(notional(unit, quantity), notional(execution.price, quantity));
  order.filledValue = add(order.filledValue, difference);
  execution.price = unit;
  order.updatedUs = atUs;
  bookAgain(book, order.request.symbol);
  book.tell({ event: 'tradeCorrect', order, atUs, execution });
  return true;
}

/** Average cost depends on the order of executions, so those that count are booked once more. */
function bookAgain(book: BrokerageBook, symbol: SymbolId): void {
  const again: Holdings = { cash: money(0), positions: new Map<SymbolId, HeldPosition>() };
  for (const { order, quantity, price, isBusted } of book.executions) {
    const { symbol: of, side } = order.request;
    if (of === symbol && !isBusted) bookExecution(again, { symbol, side, quantity }, price);
  }
  const before = book.positions.get(symbol);
  const after = again.positions.get(symbol) ?? { quantity: 0, cost: ZERO, realized: ZERO };
  // Cash is realized less cost, symbol by symbol: only this symbol's part of it changed.
  const part = subtract(after.realized, after.cost);
  const spent = before === undefined ? ZERO : subtract(before.realized, before.cost);
  book.cash = add(book.cash, subtract(part, spent));
  book.positions.set(symbol, after);
}

const ZERO: Money = money(0);
