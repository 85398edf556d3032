import type { SymbolId } from '../../core/ids.ts';
import { type Money, money, type Price, price, PRICE_MAX } from '../../core/money.ts';
import type { Statement } from '../orders/statement.ts';

/** What two books say of one thing. */
export interface Difference {
  readonly ours: number;
  readonly theirs: number;
}

export type Origin = 'opening' | 'external' | 'drift';

/** What has to follow from laying the broker's books beside ours; nothing where they agree. */
export type Finding =
  | {
      readonly kind: 'adopted';
      readonly symbol: SymbolId;
      readonly ours: number;
      readonly theirs: number;
      readonly cost: Money;
      readonly price: Price;
      readonly origin: Origin;
    }
  | ({ readonly kind: 'doubted'; readonly symbol: SymbolId } & Difference)
  /** The doubt about it is over: the books agree. */
  | { readonly kind: 'cleared'; readonly symbol: SymbolId; readonly quantity: number }
  | { readonly kind: 'cashAdopted'; readonly amount: number; readonly origin: Origin }
  | ({ readonly kind: 'cashDoubted' } & Difference)
  | { readonly kind: 'cashCleared'; readonly cash: number };

export interface StatementQuestion {
  readonly statement: Pick<Statement, 'cash' | 'positions'>;
  readonly cash: number;
  readonly holdings: ReadonlyMap<SymbolId, number>;
  /** The first statement of a session: what the broker has is what it begins with. */
  readonly isOpening: boolean;
  /** No order of ours is open there, and nothing was booked since the question was asked. */
  readonly isQuiet: (symbol: SymbolId) => boolean;
  /** The same of all symbols, and of every order. */
  readonly isAccountQuiet: boolean;
  /** An order that is not ours was filled there, or nothing of ours ever was. */
  readonly isExternal: (symbol: SymbolId) => boolean;
  readonly doubts: ReadonlyMap<SymbolId, Difference>;
  readonly cashDoubt: Difference | undefined;
}

/**
 * Lays a statement beside our books. A symbol is compared only where it is quiet: a statement is a
 * moment of the past, and what moved since is no difference. What an order of somebody else
 * explains is adopted at once. What nothing explains must be found twice, the same both times, and
 * then it is drift (RELIABILITY C5). No finding ever asks for an order.
 */
export function checkStatement(question: StatementQuestion): readonly Finding[] {
  const positions = checkPositions(question);
  const isAgreed = positions.every(({ kind }) => kind === 'cleared');
  const cash = checkCash(question, question.isOpening || isAgreed);
  return cash === undefined ? positions : [...positions, cash];
}

/** Numbers that our books can hold exactly. What is past them is not reckoned with. */
export function isReadable({ cash, positions }: StatementQuestion['statement']): boolean {
  return (
    Math.abs(cash) <= AMOUNT_MAX &&
    positions.every(
      ({ quantity, cost }) =>
        Math.abs(quantity) <= QUANTITY_MAX &&
        Math.abs(cost) <= AMOUNT_MAX &&
        Math.abs(quantity) * priceOf(quantity, cost) <= AMOUNT_MAX,
    )
  );
}

/** A hundred thousand million dollars. */
const AMOUNT_MAX = 1e15;
const QUANTITY_MAX = 100_000_000;

function checkPositions(question: StatementQuestion): readonly Finding[] {
  const { statement, holdings } = question;
  const theirs = new Map<SymbolId, { quantity: number; cost: number }>();
  for (const { symbol, quantity, cost } of statement.positions) {
    const held = theirs.get(symbol) ?? { quantity: 0, cost: 0 };
    theirs.set(symbol, { quantity: held.quantity + quantity, cost: held.cost + cost });
  }
  const symbols = new Set([...theirs.keys(), ...holdings.keys(), ...question.doubts.keys()]);
  const findings: Finding[] = [];
  for (const symbol of [...symbols].toSorted((left, right) => left - right)) {
    const { quantity, cost } = theirs.get(symbol) ?? { quantity: 0, cost: 0 };
    const found = checkPosition(question, symbol, quantity, cost);
    if (found !== undefined) findings.push(found);
  }
  return findings;
}

function checkPosition(
  question: StatementQuestion,
  symbol: SymbolId,
  theirs: number,
  cost: number,
): Finding | undefined {
  const ours = question.holdings.get(symbol) ?? 0;
  const doubt = question.doubts.get(symbol);
  if (ours === theirs) {
    return doubt === undefined ? undefined : { kind: 'cleared', symbol, quantity: ours };
  }
  if (!question.isQuiet(symbol)) return undefined;
  const origin = originOf(question, symbol, isSame(doubt, { ours, theirs }));
  if (origin === undefined) return { kind: 'doubted', symbol, ours, theirs };
  const unit = price(priceOf(theirs, cost));
  return { kind: 'adopted', symbol, ours, theirs, cost: money(cost), price: unit, origin };
}

function originOf(
  { isOpening, isExternal }: StatementQuestion,
  symbol: SymbolId,
  isAgain: boolean,
): Origin | undefined {
  if (isOpening) return 'opening';
  if (isExternal(symbol)) return 'external';
  return isAgain ? 'drift' : undefined;
}

/** Cash is compared where nothing is under way at all, and every position agrees. */
function checkCash(question: StatementQuestion, isAgreed: boolean): Finding | undefined {
  const { cash: ours, cashDoubt, isOpening } = question;
  const theirs = question.statement.cash;
  if (ours === theirs) {
    return cashDoubt === undefined ? undefined : { kind: 'cashCleared', cash: ours };
  }
  const amount = theirs - ours;
  if (isOpening) return { kind: 'cashAdopted', amount, origin: 'opening' };
  if (!question.isAccountQuiet || !isAgreed) return undefined;
  // A dividend, a fee, a deposit: the positions agree, so it is the owner's business and not ours.
  return isSame(cashDoubt, { ours, theirs })
    ? { kind: 'cashAdopted', amount, origin: 'external' }
    : { kind: 'cashDoubted', ours, theirs };
}

function isSame(doubt: Difference | undefined, { ours, theirs }: Difference): boolean {
  return doubt?.ours === ours && doubt.theirs === theirs;
}

/** What a share cost, as a price that money can hold; 1 of nothing. */
function priceOf(quantity: number, cost: number): number {
  if (quantity === 0) return 1;
  return Math.min(PRICE_MAX, Math.max(1, Math.round(Math.abs(cost / quantity))));
}
