import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXECUTION, PORTFOLIO, RECONCILIATION } from '../../../src/actors/kernel/actor-table.ts';
import { execution } from '../../../src/actors/kernel/execution.ts';
import { portfolio } from '../../../src/actors/kernel/portfolio.ts';
import { reconciliation } from '../../../src/actors/kernel/reconciliation.ts';
import { Random } from '../../../src/core/random.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { signOf } from '../../../src/domain/market/side.ts';
import { costOf } from '../../../src/domain/portfolio/ledger.ts';
import { money } from '../../../src/core/money.ts';
import { KernelHarness } from '../../kernel-harness.ts';
import { ACCOUNT, approval, TIMES, update } from '../../unit/execution/orders-fixture.ts';
import { CASH, TrueAccount } from './true-account.ts';

const CASES = process.env['STRATA_LONG'] === '1' ? 100_000 : 10_000;
const SYMBOLS = 3;
const EVERY_US = MINUTE;

interface Life {
  readonly orders: readonly {
    readonly symbol: number;
    readonly isBuy: boolean;
    readonly quantity: number;
    readonly isAnswered: boolean;
    readonly fills: readonly { readonly quantity: number; readonly ticks: number }[];
  }[];
  /** Of the broker's reports: which are lost, which come twice, and in what order. */
  readonly seed: number;
  readonly lossRate: number;
  readonly repeatRate: number;
}

const lives: fc.Arbitrary<Life> = fc.record({
  orders: fc.array(
    fc.record({
      symbol: fc.nat(SYMBOLS - 1),
      isBuy: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 500 }),
      isAnswered: fc.boolean(),
      fills: fc.array(
        fc.record({
          quantity: fc.integer({ min: 1, max: 300 }),
          ticks: fc.integer({ min: 1, max: 9_000_000 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  seed: fc.nat(),
  lossRate: fc.constantFrom(0, 0.3, 0.9),
  repeatRate: fc.constantFrom(0, 0.3, 0.9),
});

describe('C1: reports shuffled, repeated and lost, and then a statement', () => {
  it(
    `give the broker's quantity, average price, profit and ids, ${CASES} times; C2: once`,
    () => {
      fc.assert(
        fc.property(lives, (life) => {
          const { harness, account } = live(life);

          expect(figuresOf(harness)).toEqual(figuresOfTruth(harness, account));
          expect(harness.factsOf('positionAdopted', 'driftFound', 'externalOrder')).toEqual([]);
          expect(bookedIds(harness)).toEqual(trueIds(account));

          askAndAnswer(harness, account);
          harness.takeFacts();
          askAndAnswer(harness, account);
          const facts = harness.takeFacts().filter(({ kind }) => kind !== 'reconcileAsked');
          expect(facts).toEqual([]);
        }),
        { numRuns: CASES },
      );
    },
    CASES * 60,
  );

  it('give the same decisions for the same reports, to the hash', () => {
    fc.assert(
      fc.property(lives, (life) => {
        expect(live(life).harness.hash).toBe(live(life).harness.hash);
      }),
      { numRuns: 300 },
    );
  });
});

/** One life of some orders; at its end the broker is asked for its books. */
function live({ orders, seed, lossRate, repeatRate }: Life) {
  const account = new TrueAccount();
  const harness = open();
  orders.forEach(({ symbol, isBuy, quantity, isAnswered, fills }, at) => {
    const intent = account.intent(at, symbol, isBuy ? 'buy' : 'sell', quantity);
    harness.tell(EXECUTION, approval(intent));
    account.take(intent);
    const submitted = harness.pending('submitOrder').at(-1);
    if (submitted !== undefined) {
      const order = account.stream.at(-1);
      const isTold = isAnswered && order !== undefined;
      harness.answer(submitted, isTold ? { outcome: 'done', order } : { outcome: 'unknown' });
    }
    for (const { quantity: wanted, ticks } of fills) {
      account.fill(intent.clientOrderId, wanted, ticks);
    }
  });
  account.close();
  const random = new Random(seed);
  for (const report of disturbed(account.stream, random, lossRate, repeatRate)) {
    update(harness, report);
  }
  askAndAnswer(harness, account);
  return { harness, account };
}

function open(): KernelHarness {
  const harness = new KernelHarness({
    actors: [
      [EXECUTION, execution(TIMES)],
      [PORTFOLIO, portfolio()],
      [RECONCILIATION, reconciliation({ account: ACCOUNT, everyUs: EVERY_US })],
    ],
  });
  harness.record({ kind: 'accountOpened', account: ACCOUNT, cash: money(CASH) });
  harness.record({ kind: 'reconciled', account: ACCOUNT, attempt: 0, atUs: harness.nowUs });
  const service = { kind: 'serviceChanged', service: 'broker', reason: 'test' } as const;
  harness.input({ ...service, state: 'down' });
  harness.input({ ...service, state: 'up' });
  answerBooks(harness, new TrueAccount());
  return harness;
}

function askAndAnswer(harness: KernelHarness, account: TrueAccount): void {
  harness.advance(EVERY_US);
  answerBooks(harness, account);
}

function answerBooks(harness: KernelHarness, account: TrueAccount): void {
  const asked = harness.pending('reconcile').at(-1);
  if (asked === undefined) throw new Error('the broker was not asked for its books');
  harness.answer(asked, { outcome: 'done', statement: account.statement(SYMBOLS) });
}

function disturbed<Report>(
  stream: readonly Report[],
  random: Random,
  lossRate: number,
  repeatRate: number,
): readonly Report[] {
  const heard = stream.flatMap((report) => {
    if (random.chance(lossRate)) return [];
    return random.chance(repeatRate) ? [report, report, report] : [report];
  });
  for (let at = heard.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [one, two] = [heard[at], heard[other]];
    if (one === undefined || two === undefined) continue;
    heard[at] = two;
    heard[other] = one;
  }
  return heard;
}

type Figures = Readonly<Record<string, number>>;

/** Quantity, sum paid and profit of every symbol, and the cash. */
function figuresOf(harness: KernelHarness): Figures {
  const figures: Record<string, number> = {};
  for (const fact of harness.condensed(PORTFOLIO)) {
    if (fact.kind === 'accountCarried') figures['cash'] = fact.cash;
    if (fact.kind !== 'positionCarried') continue;
    figures[`quantity ${fact.symbol}`] = fact.quantity;
    figures[`cost ${fact.symbol}`] = fact.cost;
    figures[`realized ${fact.symbol}`] = fact.realized;
  }
  return figures;
}

/**
 * Average cost depends on the order in which fills are booked, so the truth is reckoned in ours.
 * That every one is there, once, and as it was, is what the ids and the cash prove.
 */
function figuresOfTruth(harness: KernelHarness, account: TrueAccount): Figures {
  const figures: Record<string, number> = { cash: account.cash };
  const truth = new Map(
    account.fills.map(({ intent, execution: one }) => [one.executionId, { intent, one }]),
  );
  const positions = new Map<number, { quantity: number; cost: number; realized: number }>();
  for (const { execution: booked } of harness.factsOf('filled')) {
    const found = truth.get(booked.executionId);
    if (found === undefined) throw new Error(`${booked.executionId} is no fill of the broker`);
    const { symbol, side } = found.intent;
    const position = positions.get(symbol) ?? { quantity: 0, cost: 0, realized: 0 };
    positions.set(symbol, after(position, signOf(side) * found.one.quantity, found.one.price));
  }
  for (const [symbol, { quantity, cost, realized }] of positions) {
    expect(quantity).toBe(account.held(symbol));
    figures[`quantity ${symbol}`] = quantity;
    figures[`cost ${symbol}`] = cost;
    figures[`realized ${symbol}`] = realized;
  }
  return figures;
}

/** Share by share: what is closed takes its part of the cost, what is opened is paid for. */
function after(
  { quantity, cost, realized }: { quantity: number; cost: number; realized: number },
  change: number,
  unit: number,
) {
  const isClosing = quantity * change < 0;
  const closed = isClosing ? Math.min(Math.abs(change), Math.abs(quantity)) : 0;
  const part = closed === 0 ? 0 : costOf(money(cost), closed, Math.abs(quantity));
  const opened = Math.sign(change) * (Math.abs(change) - closed);
  return {
    quantity: quantity + change,
    cost: cost - part + opened * unit + 0,
    realized: realized - Math.sign(change) * closed * unit - part + 0,
  };
}

function bookedIds(harness: KernelHarness): readonly string[] {
  return harness
    .factsOf('filled')
    .map(({ execution: { executionId } }): string => executionId)
    .toSorted();
}

function trueIds(account: TrueAccount): readonly string[] {
  return account.fills.map(({ execution: { executionId } }): string => executionId).toSorted();
}
