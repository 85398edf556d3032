import {
  EXECUTION,
  PORTFOLIO,
  RECONCILIATION,
  RISK,
} from '../../../src/actors/kernel/actor-table.ts';
import { execution } from '../../../src/actors/kernel/execution.ts';
import { failurePolicy } from '../../../src/actors/kernel/failure-policy.ts';
import { portfolio } from '../../../src/actors/kernel/portfolio.ts';
import { reconciliation } from '../../../src/actors/kernel/reconciliation.ts';
import { risk } from '../../../src/actors/kernel/risk.ts';
import { textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { Statement } from '../../../src/domain/orders/statement.ts';
import type { Requested } from '../../../src/ports/effect.ts';
import { type AnswerWords, KernelHarness } from '../../kernel-harness.ts';
import { ACCOUNT, CASH, HUNDRED, LIMITS, listing, NOW_US, OWNER, symbol } from '../risk/scene.ts';
import { sessionChanged, TIMES } from '../risk/trading-desk.ts';

export interface Held {
  readonly at: number;
  readonly quantity: number;
  /** Of a share; $100 if not said. */
  readonly unit?: number;
}

export interface Told {
  readonly cash?: number;
  readonly held?: readonly Held[];
  readonly orders?: readonly OrderReport[];
  readonly unlisted?: readonly string[];
}

/** Risk, execution, portfolio and reconciliation; the test is the broker. Nothing was asked yet. */
export function closedBooks(everyUs = 30 * SECOND, isAlone = false): KernelHarness {
  const desk = new KernelHarness({
    actors: [
      [RISK, risk({ ...OWNER, limits: { ...LIMITS, ordersPerSecondMax: 100 } })],
      [EXECUTION, execution(TIMES)],
      [PORTFOLIO, portfolio()],
      [RECONCILIATION, reconciliation({ account: ACCOUNT, everyUs, isAlone })],
    ],
    startUs: NOW_US,
    policy: failurePolicy(ACCOUNT),
  });
  beginLife(desk, 1);
  for (let at = 0; at < 6; at += 1) desk.input({ kind: 'symbolNamed', ...listing(at) });
  sessionChanged(desk, 'core');
  return desk;
}

/** The same after a first statement that says what our books say. */
export function openBooks(everyUs?: number): KernelHarness {
  const desk = closedBooks(everyUs);
  state(desk, {});
  desk.takeFacts();
  desk.takeEffects();
  return desk;
}

export function beginLife(desk: KernelHarness, life: number): void {
  const names = { buildId: 'build', configHash: 'config', actors: [] };
  desk.input({ kind: 'opened', life, account: ACCOUNT, startingCash: CASH, ...names });
}

export function question(desk: KernelHarness): Requested {
  const asked = desk.pending('reconcile').at(-1);
  if (asked === undefined) throw new Error('the broker was not asked for its books');
  return asked;
}

/** The broker answers the last question: what is not said is as it was at the beginning. */
export function state(desk: KernelHarness, told: Told): void {
  desk.answer(question(desk), { outcome: 'done', statement: statementOf(told) });
}

export function answerWith(desk: KernelHarness, words: AnswerWords): void {
  desk.answer(question(desk), words);
}

export function statementOf({
  cash = CASH,
  held = [],
  orders = [],
  unlisted = [],
}: Told): Statement {
  return {
    account: ACCOUNT,
    cash: money(cash),
    equity: money(cash),
    positions: held.map(({ at, quantity, unit = HUNDRED }) => ({
      symbol: symbol(at),
      quantity,
      cost: money(quantity * unit),
    })),
    unlisted,
    orders,
    venueUs: NOW_US,
  };
}

/** An order that somebody else made: buys 10 at the market, if nothing else is said. */
export function strangersOrder(change: Partial<OrderReport> = {}): OrderReport {
  return {
    account: ACCOUNT,
    clientOrderId: textId('made-by-hand'),
    venueOrderId: textId('v-hand'),
    event: 'snapshot',
    status: 'new',
    symbol: symbol(0),
    side: 'buy',
    quantity: shares(10),
    filledQuantity: shares(0),
    executions: [],
    venueUs: NOW_US,
    ...change,
  };
}

/** The same, filled for $100 a share. */
export function strangersFill(change: Partial<OrderReport> = {}): OrderReport {
  const quantity = change.quantity ?? shares(10);
  return strangersOrder({
    status: 'filled',
    filledQuantity: quantity,
    executions: [
      { executionId: textId('x-hand'), quantity, price: price(HUNDRED), venueUs: NOW_US },
    ],
    ...change,
  });
}

export function alertCodes(desk: KernelHarness): readonly string[] {
  return desk.effects.flatMap(({ effect }) => (effect.kind === 'alert' ? [effect.code] : []));
}

export function refusals(desk: KernelHarness): readonly string[] {
  return desk.factsOf('refused').map(({ code }) => code);
}

/** The books of the portfolio: cash, then what is held. */
export function booksOf(desk: KernelHarness): readonly (readonly [string, number])[] {
  return desk.condensed(PORTFOLIO).flatMap((fact): readonly (readonly [string, number])[] => {
    if (fact.kind === 'accountCarried') return [['cash', fact.cash]];
    return fact.kind === 'positionCarried' && fact.quantity !== 0
      ? [[`S${fact.symbol}`, fact.quantity]]
      : [];
  });
}

/** The same as risk has them. */
export function riskBooksOf(desk: KernelHarness): readonly (readonly [string, number])[] {
  return desk.condensed(RISK).flatMap((fact): readonly (readonly [string, number])[] => {
    if (fact.kind === 'accountOpened') return [['cash', fact.cash]];
    return fact.kind === 'holdingCarried' ? [[`S${fact.symbol}`, fact.quantity]] : [];
  });
}
