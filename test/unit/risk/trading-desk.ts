import { EXECUTION, PORTFOLIO, RISK } from '../../../src/actors/kernel/actor-table.ts';
import { execution } from '../../../src/actors/kernel/execution.ts';
import { failurePolicy } from '../../../src/actors/kernel/failure-policy.ts';
import { portfolio } from '../../../src/actors/kernel/portfolio.ts';
import { risk } from '../../../src/actors/kernel/risk.ts';
import { type AccountId, type SignalId, type SymbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { HOUR, SECOND } from '../../../src/core/time.ts';
import type { OrderRequest } from '../../../src/domain/orders/intent.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { RiskLimits } from '../../../src/domain/risk/limits.ts';
import type { Signal } from '../../../src/domain/signals/signal.ts';
import type { Requested } from '../../../src/ports/effect.ts';
import type { Command } from '../../../src/ports/input.ts';
import { type HarnessOptions, KernelHarness } from '../../kernel-harness.ts';
import {
  ACCOUNT,
  CASH,
  CLOSE_US,
  DATE,
  entry,
  exit,
  LIMITS,
  listing,
  NOW_US,
  OPEN_US,
  OWNER,
  quoted,
  symbol,
  SYMBOLS,
} from './scene.ts';

export const TIMES = {
  orderDeadlineUs: 5 * SECOND,
  unfilledCancelUs: HOUR,
  settlingUs: 30 * SECOND,
  enquiryRetryUs: 5 * SECOND,
};

export function actors(limits: Partial<RiskLimits> = {}): HarnessOptions['actors'] {
  return [
    [RISK, risk({ ...OWNER, limits: { ...LIMITS, ...limits } })],
    [EXECUTION, execution(TIMES)],
    [PORTFOLIO, portfolio()],
  ];
}

/** Risk, execution and portfolio as they are, with an open account in an open market. */
export function tradingDesk(
  limits: Partial<RiskLimits> = {},
  options: Partial<HarnessOptions> = {},
): KernelHarness {
  const desk = new KernelHarness({
    actors: actors(limits),
    startUs: NOW_US,
    policy: failurePolicy(ACCOUNT),
    ...options,
  });
  open(desk, 1);
  for (let at = 0; at < SYMBOLS; at += 1) desk.input({ kind: 'symbolNamed', ...listing(at) });
  sessionChanged(desk, 'core');
  return desk;
}

export function open(desk: KernelHarness, life: number): void {
  desk.input({
    kind: 'opened',
    life,
    account: ACCOUNT,
    startingCash: CASH,
    buildId: 'build',
    configHash: 'config',
    actors: [],
  });
  reconciled(desk);
}

/** The broker's books are as ours. */
export function reconciled(desk: KernelHarness): void {
  desk.record({ kind: 'reconciled', account: ACCOUNT, attempt: 1, atUs: desk.nowUs });
}

export function sessionChanged(
  desk: KernelHarness,
  phase: 'core' | 'post',
  day: { date: number; openUs: number; closeUs: number } = {
    date: DATE,
    openUs: OPEN_US,
    closeUs: CLOSE_US,
  },
): void {
  desk.input({ kind: 'sessionChanged', phase, ...day });
}

let signals = 0;

/** A strategy wishes; its quote is of this moment. */
export function wish(desk: KernelHarness, at: number, change: Partial<Signal> = {}): void {
  signals += 1;
  const made = change.purpose === 'exit' ? exit(change) : entry(change);
  const signalId = textId<SignalId>(`mr-S${at}-${signals}`);
  const signal: Signal = { ...made, symbol: symbol(at), signalId };
  const view = quoted({ quoteUs: desk.nowUs });
  desk.tell(RISK, { kind: 'signalMade', signal, view });
}

export function command(
  desk: KernelHarness,
  verb: Command['verb'],
  of: { readonly symbol?: SymbolId } = {},
): void {
  const words = { by: 'anna', reason: 'asked' };
  desk.input({
    kind: 'commanded',
    commandId: `c-${verb}`,
    verb,
    account: ACCOUNT,
    ...words,
    ...of,
  });
}

/** Orders on their way that the venue has not answered. */
export function submitted(desk: KernelHarness): readonly (Requested & { order: OrderRequest })[] {
  return desk
    .pending('submitOrder')
    .flatMap((requested) =>
      requested.effect.kind === 'submitOrder' ? [{ ...requested, order: requested.effect }] : [],
    );
}

/** All orders that ever left. */
export function sent(desk: KernelHarness): readonly OrderRequest[] {
  return desk.effects.flatMap(({ effect }) => (effect.kind === 'submitOrder' ? [effect] : []));
}

export function cancelled(desk: KernelHarness): readonly string[] {
  return desk.factsOf('cancelAsked').map(({ clientOrderId }) => clientOrderId);
}

/** Answers every order with its fill, at its limit or at the price that is told. */
export function fillAll(desk: KernelHarness, ticks?: number): void {
  for (const requested of submitted(desk)) {
    const { order } = requested;
    const execution = {
      executionId: textId<OrderReport['executions'][number]['executionId']>(
        `x-${order.clientOrderId}`,
      ),
      quantity: order.quantity,
      price: price(ticks ?? order.limitPrice ?? 999_900),
      venueUs: desk.nowUs,
    };
    const filledQuantity = order.quantity;
    const report = reported(order, 'fill', 'filled', { filledQuantity, executions: [execution] });
    desk.answer(requested, { outcome: 'done', order: report });
  }
}

/** The venue has them and fills nothing. */
export function acceptAll(desk: KernelHarness): void {
  for (const requested of submitted(desk)) {
    desk.answer(requested, { outcome: 'done', order: reported(requested.order, 'new', 'new') });
  }
}

export function refuseAll(desk: KernelHarness): void {
  for (const requested of submitted(desk)) {
    desk.answer(requested, { outcome: 'refused', code: 'INSUFFICIENT_BUYING_POWER' });
  }
}

function reported(
  order: OrderRequest,
  event: OrderReport['event'],
  status: OrderReport['status'],
  change: Partial<OrderReport> = {},
): OrderReport {
  const { account, clientOrderId, symbol, side, quantity, limitPrice } = order;
  return {
    account,
    clientOrderId,
    venueOrderId: textId(`v-${clientOrderId}`),
    event,
    status,
    symbol,
    side,
    quantity,
    filledQuantity: shares(0),
    ...(limitPrice === undefined ? {} : { limitPrice }),
    executions: [],
    venueUs: NOW_US,
    ...change,
  };
}

/** A bar closes at this price. */
export function close(desk: KernelHarness, at: number, ticks: number): void {
  desk.tell(PORTFOLIO, { kind: 'priced', symbol: symbol(at), price: ticks });
}

export function dollars(amount: number) {
  return money(amount * 10_000);
}

export function accountOf(name: string): AccountId {
  return textId<AccountId>(name);
}
