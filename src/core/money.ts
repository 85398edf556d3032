import { assert } from './assert.ts';

declare const brand: unique symbol;
type Brand<Name extends string> = number & { readonly [brand]: Name };

/** US dollars in ten-thousandths: $189.25 is 1_892_500. Integers, so booked money never drifts. */
export type Price = Brand<'Price'>;
export type Money = Brand<'Money'>;
/** What we order. Market volume is a plain number: prints of six million exist. */
export type Shares = Brand<'Shares'>;

export const PRICE_SCALE = 10_000;
export const PRICE_MAX = 900_000 * PRICE_SCALE;
export const SHARES_MAX = 1_000_000;

// The two limits exist for this line: a notional is always exact.
assert(PRICE_MAX * SHARES_MAX <= Number.MAX_SAFE_INTEGER, 'a notional fits in a safe integer');

/** For values we made. A bad one is our bug, so it stops us. */
export function price(ticks: number): Price {
  assert(Number.isSafeInteger(ticks), 'a price is a whole number of ten-thousandths');
  assert(ticks > 0 && ticks <= PRICE_MAX, 'a price is within limits');
  return ticks as Price;
}

export function money(ticks: number): Money {
  assert(Number.isSafeInteger(ticks), 'money is a whole number of ten-thousandths');
  return (ticks + 0) as Money; // Adding zero turns -0 into 0: there is one nothing.
}

export function shares(count: number): Shares {
  assert(Number.isSafeInteger(count), 'shares are whole');
  assert(count >= 0 && count <= SHARES_MAX, 'shares are within limits');
  return count as Shares;
}

export const ZERO = 0 as Money;
export const NO_SHARES = 0 as Shares;

/** For values we were sent: decimal text, at most 4 places. A bad one is expected, so answered. */
export function parsePrice(text: string): Price | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,4})0*)?$/.exec(text);
  if (match === null) return undefined;
  const ticks = Number(match[1]) * PRICE_SCALE + Number((match[2] ?? '').padEnd(4, '0'));
  return ticks > 0 && ticks <= PRICE_MAX ? (ticks as Price) : undefined;
}

/** Decimal text of either sign, at most 4 places: what brokers send for cash. */
export function parseMoney(text: string): Money | undefined {
  const match = /^(-?)(\d{1,11})(?:\.(\d{1,4})0*)?$/.exec(text);
  if (match === null) return undefined;
  const ticks = Number(match[2]) * PRICE_SCALE + Number((match[3] ?? '').padEnd(4, '0'));
  return (match[1] === '-' && ticks !== 0 ? -ticks : ticks) as Money;
}

/** `quantity` may be negative: the value of a short is negative. Exact. */
export function notional(unit: Price, quantity: number): Money {
  assert(Number.isInteger(quantity), 'a quantity is whole');
  assert(Math.abs(quantity) <= SHARES_MAX, 'a quantity is within limits');
  return money(unit * quantity);
}

export function add(left: Money, right: Money): Money {
  return money(left + right);
}

export function subtract(left: Money, right: Money): Money {
  return money(left - right);
}

/**
 * The one place where statistics become money. Rounds half away from zero to a ten-thousandth.
 */
export function moneyFromDollars(dollars: number): Money {
  const exact = Math.abs(dollars) * PRICE_SCALE;
  const whole = Math.floor(exact);
  // Adding a half and cutting would be wrong just below a half and above 2^52.
  const ticks = exact - whole >= 0.5 ? whole + 1 : whole;
  return money(dollars < 0 ? -ticks : ticks);
}

/** Market prices travel as doubles in ten-thousandths; an order needs a whole, legal tick. */
export function roundToTick(ticks: number, tick: number, direction: 'up' | 'down'): Price {
  const steps = ticks / tick;
  return price((direction === 'up' ? Math.ceil(steps) : Math.floor(steps)) * tick);
}

/** Alpaca and Reg NMS Rule 612: a cent at or above $1, a hundredth of a cent below. */
export function tickSize(unit: number): number {
  return unit >= PRICE_SCALE ? 100 : 1;
}

/** `1892500` is `189.25`; always at least two places, so that money looks like money. */
export function formatMoney(ticks: number): string {
  const whole = Math.floor(Math.abs(ticks) / PRICE_SCALE);
  const rest = String(Math.abs(ticks) % PRICE_SCALE).padStart(4, '0');
  const places = rest.endsWith('00') ? rest.slice(0, 2) : rest;
  return `${ticks < 0 ? '-' : ''}${whole}.${places}`;
}
