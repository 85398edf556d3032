import { assert } from '../../core/assert.ts';
import type { SymbolId } from '../../core/ids.ts';
import { add, type Money, money, notional, subtract, ZERO } from '../../core/money.ts';
import { type Side, signOf } from '../market/side.ts';
import type { Execution } from '../orders/report.ts';

/** What is owned of a symbol, exactly. Shorts have a negative quantity and a negative cost. */
export interface Position {
  readonly quantity: number;
  /** The sum paid for what is held, never an average: an average would have to be rounded. */
  readonly cost: Money;
  /** Profit booked by closing, of all times this symbol was held. */
  readonly realized: Money;
  /** Price the position is reckoned at, in ten-thousandths; 0 where nothing is held. */
  readonly mark: number;
}

export interface Fill {
  readonly symbol: SymbolId;
  readonly side: Side;
  readonly execution: Pick<Execution, 'quantity' | 'price'>;
}

/** What the broker says is held; it is reckoned at `price` where we have no mark of our own. */
export interface Adopted {
  readonly quantity: number;
  readonly cost: Money;
  readonly price: number;
}

const FLAT: Position = { quantity: 0, cost: ZERO, realized: ZERO, mark: 0 };

/**
 * The account's books: cash and positions at average cost, in whole ten-thousandths. Between any
 * two entries `cash + sum of costs = opening cash + realized`, so nothing is lost to rounding.
 */
export class Ledger {
  cash: Money = ZERO;
  realized: Money = ZERO;
  readonly positions = new Map<SymbolId, Position>();

  position(symbol: SymbolId): Position {
    return this.positions.get(symbol) ?? FLAT;
  }

  /** What all positions would bring at their marks, less what they cost. */
  get unrealized(): Money {
    let sum: Money = ZERO;
    for (const { quantity, mark, cost } of this.positions.values()) {
      sum = add(sum, subtract(money(quantity * mark), cost));
    }
    return sum;
  }

  /** Cash and positions at their marks. */
  get equity(): Money {
    let sum: Money = this.cash;
    for (const { quantity, mark } of this.positions.values())
      sum = add(sum, money(quantity * mark));
    return sum;
  }

  openAccount(cash: Money): void {
    this.cash = cash;
  }

  /** Books one execution; that it is booked once is the caller's business. */
  fill({ symbol, side, execution }: Fill): void {
    const { quantity, price } = execution;
    const change = signOf(side) * quantity;
    const before = this.position(symbol);
    const { cost, gain } = booked(before, change, price);
    const held = before.quantity + change;
    // The first price of a new position serves until a bar closes.
    const mark = held === 0 ? 0 : before.mark === 0 ? price : before.mark;
    const realized = add(before.realized, gain);
    this.positions.set(symbol, { quantity: held, cost, realized, mark });
    this.cash = subtract(this.cash, notional(price, change));
    this.realized = add(this.realized, gain);
  }

  /** What is not held has no mark. */
  mark(symbol: SymbolId, price: number): void {
    const position = this.position(symbol);
    if (position.quantity !== 0) this.positions.set(symbol, { ...position, mark: price });
  }

  /**
   * The broker's word about a position takes the place of ours, and no cash moves. What was booked
   * by closing stays booked.
   */
  adopt(symbol: SymbolId, { quantity, cost, price }: Adopted): void {
    const { realized, mark } = this.position(symbol);
    const reckoned = quantity === 0 ? 0 : mark === 0 ? price : mark;
    this.positions.set(symbol, { quantity, cost, realized, mark: reckoned });
  }

  /** Cash that no fill of ours moved. */
  adjustCash(amount: Money): void {
    this.cash = add(this.cash, amount);
  }

  /** A position as a snapshot carried it. */
  carryPosition(symbol: SymbolId, position: Position): void {
    this.positions.set(symbol, position);
  }

  carryAccount(cash: Money, realized: Money): void {
    this.cash = cash;
    this.realized = realized;
  }
}

/** Closes first what the change closes, then opens with the rest, if it goes through zero. */
function booked(
  { quantity, cost }: Position,
  change: number,
  price: Execution['price'],
): { readonly cost: Money; readonly gain: Money } {
  const isClosing = quantity !== 0 && Math.sign(quantity) !== Math.sign(change);
  if (!isClosing) return { cost: add(cost, notional(price, change)), gain: ZERO };
  const closed = Math.min(Math.abs(change), Math.abs(quantity));
  const part = costOf(cost, closed, Math.abs(quantity));
  const proceeds = notional(price, -Math.sign(change) * closed);
  const opened = notional(price, Math.sign(change) * (Math.abs(change) - closed));
  return { cost: add(subtract(cost, part), opened), gain: subtract(proceeds, part) };
}

/**
 * The cost of `closed` of `held` shares at average cost: cost x closed / held, rounded half away
 * from zero to a ten-thousandth. The remainder stays in the position's cost, so the parts add up to
 * the whole; closing everything takes all of it.
 */
export function costOf(cost: Money, closed: number, held: number): Money {
  assert(closed > 0 && closed <= held, 'no more is closed than is held');
  const whole = Math.abs(cost);
  // Split so that no product leaves the safe integers: rest < held, and both counts are shares.
  const rest = whole % held;
  const even = ((whole - rest) / held) * closed;
  const twice = 2 * rest * closed + held;
  const rounded = (twice - (twice % (2 * held))) / (2 * held);
  return money(Math.sign(cost) * (even + rounded));
}
