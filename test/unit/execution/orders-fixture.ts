import type { AccountId, ClientOrderId } from '../../../src/core/ids.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { SECOND } from '../../../src/core/time.ts';
import { execution, type ExecutionOptions } from '../../../src/actors/kernel/execution.ts';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Execution, OrderReport } from '../../../src/domain/orders/report.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import { approve } from '../../../src/domain/risk/approval.ts';
import type { Effect, EffectKind, Requested } from '../../../src/ports/effect.ts';
import { type AnswerWords, type HarnessOptions, KernelHarness } from '../../kernel-harness.ts';

export const ACCOUNT = textId<AccountId>('paper');
export const AAPL = symbolId(3);

/** The defaults of `config/default.yaml`. */
export const TIMES: ExecutionOptions = {
  orderDeadlineUs: 5 * SECOND,
  unfilledCancelUs: 60 * SECOND,
  settlingUs: 30 * SECOND,
  enquiryRetryUs: 5 * SECOND,
};

/** The order path alone: what it asks of the venue is answered by the test. */
export function orderPath(options: Partial<HarnessOptions> = {}): KernelHarness {
  return new KernelHarness({ actors: [[EXECUTION, execution(TIMES)]], ...options });
}

export function orderId(name: string): ClientOrderId {
  return textId<ClientOrderId>(name);
}

/** An entry of 100 shares at a limit of $10, if nothing else is said. */
export function intentOf(sequence: number, terms: Partial<OrderIntent> = {}): OrderIntent {
  return {
    account: ACCOUNT,
    clientOrderId: orderId(`order-${sequence}`),
    strategy: textId('momentum'),
    signalId: textId(`signal-${sequence}`),
    symbol: AAPL,
    side: 'buy',
    purpose: 'entry',
    quantity: shares(100),
    type: 'limit',
    limitPrice: price(100_000),
    timeInForce: 'day',
    referencePrice: price(100_000),
    sequence,
    ...terms,
  };
}

export function approval(intent: OrderIntent) {
  return { kind: 'approved', approval: approve(intent) } as const;
}

/** Sends an approved intent to the order path, and answers the one effect that submits it. */
export function place(harness: KernelHarness, intent = intentOf(0)): Requested {
  harness.tell(EXECUTION, approval(intent));
  return last(harness, 'submitOrder');
}

export function executionOf(name: string, quantity: number): Execution {
  return {
    executionId: textId(name),
    quantity: shares(quantity),
    price: price(99_900),
    venueUs: 1,
  };
}

/** What the venue says of an order: working and not filled, if nothing else is said. */
export function reportOf(intent: OrderIntent, terms: Partial<OrderReport> = {}): OrderReport {
  return {
    account: intent.account,
    clientOrderId: intent.clientOrderId,
    venueOrderId: textId(`venue-${intent.clientOrderId}`),
    event: 'new',
    status: 'new',
    symbol: intent.symbol,
    side: intent.side,
    quantity: intent.quantity,
    filledQuantity: shares(0),
    executions: [],
    venueUs: 1,
    ...terms,
  };
}

export function update(harness: KernelHarness, report: OrderReport): void {
  harness.input({ kind: 'orderUpdated', report });
}

export function done(order?: OrderReport): AnswerWords {
  return order === undefined ? { outcome: 'done' } : { outcome: 'done', order };
}

export function refused(code: string): AnswerWords {
  return { outcome: 'refused', code, message: `the venue says ${code}` };
}

export const NOT_FOUND = refused('ORDER_NOT_FOUND');

type EffectOf<Kind extends EffectKind> = Extract<Effect, { kind: Kind }>;

/** The effects of one kind that were requested so far. */
export function effectsOf<Kind extends EffectKind>(
  harness: KernelHarness,
  kind: Kind,
): readonly EffectOf<Kind>[] {
  return harness.effects
    .map(({ effect }) => effect)
    .filter((effect): effect is EffectOf<Kind> => effect.kind === kind);
}

/** The last effect of a kind that is not answered yet. */
export function last(harness: KernelHarness, kind: EffectKind): Requested {
  const requested = harness.pending(kind).at(-1);
  if (requested === undefined) throw new Error(`no ${kind} is waiting for its answer`);
  return requested;
}

/** Where an order stands, by the facts alone. */
export function standingIn(harness: KernelHarness, clientOrderId: ClientOrderId): Standing {
  const stood = harness.factsOf('stood').filter((fact) => fact.clientOrderId === clientOrderId);
  return stood.at(-1)?.standing ?? 'intended';
}

export function filledIn(harness: KernelHarness, clientOrderId: ClientOrderId): number {
  return harness
    .factsOf('filled')
    .filter((fact) => fact.clientOrderId === clientOrderId)
    .reduce((sum, { execution: { quantity } }) => sum + quantity, 0);
}

export function releasesOf(harness: KernelHarness, clientOrderId: ClientOrderId): number {
  const released = harness.factsOf('released');
  return released.filter((fact) => fact.clientOrderId === clientOrderId).length;
}

export function alertsOf(harness: KernelHarness): readonly string[] {
  return effectsOf(harness, 'alert').map(({ code }) => code);
}

/** A halt of the account, as risk decides it. */
export function halted(level: 'noEntries' | 'cancelAll' | 'flatten' | 'stop' = 'noEntries') {
  const words = { code: 'DAILY_LOSS', reason: 'lost too much', by: 'risk' };
  return { kind: 'tradingHalted', account: ACCOUNT, level, ...words } as const;
}
