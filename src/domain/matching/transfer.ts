import type { SymbolId } from '../../core/ids.ts';
import { add, type Money, money } from '../../core/money.ts';
import type { AccountBook } from './account-book.ts';

/**
 * Shares come into the account, or leave it, by no order: a transfer, a gift, a clerk's correction.
 * No cash moves. What leaves takes its share of the cost with it.
 */
export function transferShares(
  book: AccountBook,
  symbol: SymbolId,
  quantity: number,
  cost: Money,
): void {
  const held = book.positions.get(symbol) ?? { quantity: 0, cost: money(0), realized: money(0) };
  held.quantity += quantity;
  held.cost = held.quantity === 0 ? money(0) : add(held.cost, cost);
  book.positions.set(symbol, held);
}

/** A deposit, a withdrawal, a dividend, a fee. */
export function transferCash(book: AccountBook, amount: Money): void {
  book.cash = add(book.cash, amount);
}
