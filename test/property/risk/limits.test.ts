import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyToBook, condenseBook } from '../../../src/actors/kernel/risk-facts.ts';
import { type ExecutionId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { MS } from '../../../src/core/time.ts';
import { ClientOrderIds } from '../../../src/domain/orders/client-order-id.ts';
import { emptyBook, type RiskBook } from '../../../src/domain/risk/book.ts';
import { decideEntry } from '../../../src/domain/risk/decide-entry.ts';
import { decideExit } from '../../../src/domain/risk/decide-exit.ts';
import type { OpenOrder } from '../../../src/domain/risk/exposure.ts';
import { type RiskLimits, shareOf } from '../../../src/domain/risk/limits.ts';
import { exposureOf } from '../../unit/risk/exposure-walk.ts';
import {
  ACCOUNT,
  entry,
  exit,
  LIMITS,
  NOW_US,
  openBook,
  OWNER,
  quoted,
  sectorOf,
  symbol,
  SYMBOLS,
} from '../../unit/risk/scene.ts';

const isLong = process.env['STRATA_LONG'] === '1';

/** Small enough that every limit binds in a few dozen steps. */
const limits = fc.record({
  positionsMax: fc.integer({ min: 1, max: 6 }),
  positionNotionalMax: fc.integer({ min: 1_000_000, max: 400_000_000 }).map(money),
  orderNotionalMax: fc.integer({ min: 1_000_000, max: 400_000_000 }).map(money),
  orderNotionalMin: fc.integer({ min: 1, max: 20_000_000 }).map(money),
  sectorExposureMax: fc.double({ min: 0.05, max: 1, noNaN: true }),
  grossExposureMax: fc.double({ min: 0.05, max: 2, noNaN: true }),
  ordersPerSecondMax: fc.integer({ min: 1, max: 6 }),
  isShortingAllowed: fc.boolean(),
});

const step = fc.oneof(
  fc.record({
    kind: fc.constant('wish' as const),
    at: fc.nat(SYMBOLS - 1),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    ask: fc.integer({ min: 20_000, max: 9_000_000 }).map((ticks) => ticks - (ticks % 100)),
    stopDistance: fc.integer({ min: 1_000, max: 100_000 }),
  }),
  fc.record({ kind: fc.constant('exit' as const), at: fc.nat(SYMBOLS - 1) }),
  fc.record({ kind: fc.constant('fill' as const), at: fc.nat(40), part: fc.integer({ max: 4 }) }),
  fc.record({ kind: fc.constant('release' as const), at: fc.nat(40) }),
  fc.record({
    kind: fc.constant('mark' as const),
    at: fc.nat(SYMBOLS - 1),
    ticks: fc.integer({ min: 20_000, max: 9_000_000 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1_500) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('H3: no sequence of approved orders', () => {
  it('breaks a limit of the portfolio, at the moment of any approval', () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 80 }), (change, steps) => {
        const trading = new Trading({ ...LIMITS, ...change });
        for (const one of steps) trading.take(one);
      }),
      { numRuns: isLong ? 100_000 : 500 },
    );
  });

  it('is forgotten by a book that comes back from its facts', () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 60 }), (change, steps) => {
        const trading = new Trading({ ...LIMITS, ...change });
        for (const one of steps) trading.take(one);
        const facts = condenseBook(trading.book, ACCOUNT);
        const copy = emptyBook();
        for (const fact of facts) if (isApplied(fact)) applyToBook(copy, fact);

        expect(condenseBook(copy, ACCOUNT)).toEqual(facts);
        expect(copy).toEqual(trading.book);
      }),
      { numRuns: isLong ? 20_000 : 200 },
    );
  });
});

type Applied = Parameters<typeof applyToBook>[1];

/** What a book is condensed to is what it is made of. */
function isApplied(fact: { readonly kind: string }): fact is Applied {
  return fact.kind !== 'timePassed';
}

/** A day of wishes, partly filled orders and moving prices, checked after every approval. */
class Trading {
  readonly book: RiskBook = openBook();
  readonly #limits: RiskLimits;
  #nowUs = NOW_US;
  #executions = 0;
  #approvedUs: number[] = [];

  constructor(limits: RiskLimits) {
    this.#limits = limits;
  }

  take(one: Step): void {
    switch (one.kind) {
      case 'wish':
        return this.#wish(one);
      case 'exit':
        return this.#exit(one.at);
      case 'fill':
        return this.#fill(one.at, one.part);
      case 'release': {
        const order = this.#order(one.at);
        if (order !== undefined) this.#apply({ kind: 'released', ...order });
        return;
      }
      case 'mark':
        return this.#apply({ kind: 'marked', symbol: symbol(one.at), price: price(one.ticks) });
      case 'wait':
        this.#nowUs += one.ms * MS;
    }
  }

  #apply(fact: Applied): void {
    applyToBook(this.book, fact);
  }

  #question(signal: ReturnType<typeof entry>, ask: number) {
    const view = quoted({ bid: ask - 100, ask, last: ask, quoteUs: this.#nowUs });
    const limits = { ...this.#limits, spreadBpsMax: 1_000 };
    const ids = new ClientOrderIds(OWNER);
    return {
      book: this.book,
      signal,
      view,
      limits,
      owner: { account: ACCOUNT, ids },
      nowUs: this.#nowUs,
    };
  }

  #wish({ at, side, ask, stopDistance }: Extract<Step, { kind: 'wish' }>): void {
    const signal = entry({ symbol: symbol(at), side, stopDistance });
    const decision = decideEntry(this.#question(signal, ask));
    if (!decision.isApproved) return;
    this.#reserve(decision);
    this.#approvedUs = [...this.#approvedUs, this.#nowUs];
    this.#check(at, decision.notional);
  }

  #exit(at: number): void {
    const held = this.book.exposure.held(symbol(at));
    const side = held < 0 ? 'buy' : 'sell';
    const ask = this.book.exposure.holdings.get(symbol(at))?.mark ?? 100_000;
    const decision = decideExit(this.#question(exit({ symbol: symbol(at), side }), ask));
    if (!decision.isApproved) return;
    this.#reserve(decision);
    // However many exits: together they never sell more than there is.
    const orders = this.book.exposure.ordersOf(symbol(at)).filter((order) => order.side === side);
    const promised = orders.reduce((sum, { remaining }) => sum + remaining, 0);
    expect(promised).toBeLessThanOrEqual(Math.abs(held));
  }

  #reserve(decision: Extract<ReturnType<typeof decideEntry>, { isApproved: true }>): void {
    const intent = decision.approval.value;
    const ticks = Math.round(decision.notional / intent.quantity);
    this.#apply({ kind: 'reserved', ...intent, price: price(ticks), atUs: this.#nowUs });
  }

  #order(at: number): OpenOrder | undefined {
    const orders = [...this.book.exposure.orders.values()];
    return orders[at % Math.max(1, orders.length)];
  }

  /** A quarter to all of what is left, at the reserved price. */
  #fill(at: number, part: number): void {
    const order = this.#order(at);
    if (order === undefined || order.remaining === 0) return;
    const quantity = shares(Math.max(1, Math.floor((order.remaining * Math.max(part, 1)) / 4)));
    this.#executions += 1;
    const executionId = textId<ExecutionId>(`x-${this.#executions}`);
    const execution = { executionId, quantity, price: order.price, venueUs: this.#nowUs };
    const { clientOrderId, side } = order;
    const filled = { account: ACCOUNT, clientOrderId, symbol: order.symbol, side };
    this.#apply({ kind: 'filled', ...filled, execution });
    if (order.remaining === 0) this.#apply({ kind: 'released', ...order });
  }

  #check(at: number, notional: number): void {
    const { exposure } = this.book;
    const limits = this.#limits;
    const { equity } = exposure;
    const inSector = exposureOf(this.book, (one) => sectorOf(one) === sectorOf(at));
    const inAll = exposureOf(this.book, () => true);
    expect(notional).toBeLessThanOrEqual(limits.orderNotionalMax);
    expect(notional).toBeGreaterThanOrEqual(limits.orderNotionalMin);
    expect(notional).toBeLessThanOrEqual(limits.positionNotionalMax);
    expect(inSector).toBeLessThanOrEqual(shareOf(equity, limits.sectorExposureMax));
    expect(inAll).toBeLessThanOrEqual(shareOf(equity, limits.grossExposureMax));
    expect(exposure.positions).toBeLessThanOrEqual(limits.positionsMax);
    expect(exposure.freeCash).toBeGreaterThanOrEqual(0);
    const second = this.#approvedUs.filter((us) => us > this.#nowUs - 1_000 * MS);
    expect(second.length).toBeLessThanOrEqual(limits.ordersPerSecondMax);
  }
}
