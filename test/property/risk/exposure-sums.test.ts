import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyToBook } from '../../../src/actors/kernel/risk-facts.ts';
import {
  type ClientOrderId,
  type ExecutionId,
  type StrategyId,
  textId,
} from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { emptyBook, type RiskBook } from '../../../src/domain/risk/book.ts';
import { walked } from '../../unit/risk/exposure-walk.ts';
import { ACCOUNT, CASH, listing, symbol } from '../../unit/risk/scene.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const SECTORS = ['technology', 'energy', ''] as const;
/** The last one is never listed. */
const SYMBOLS = 5;
type Applied = Parameters<typeof applyToBook>[1];

const at = fc.nat(SYMBOLS - 1);
const ordered = { at, number: fc.nat(7), isBuy: fc.boolean(), isEntry: fc.boolean() };
const quantity = fc.integer({ min: 1, max: 900 });
const ticks = fc.integer({ min: 1, max: 9_000_000 });
const standing = fc.constantFrom(
  ...(['intended', 'unknown', 'working', 'filled', 'rejected', 'notPlaced'] as const),
);

type Order = {
  readonly at: number;
  readonly number: number;
  readonly isBuy: boolean;
  readonly isEntry: boolean;
};

/** One order of a number is always the same one: of one symbol, side and purpose. */
function order({ at: place, number, isBuy, isEntry }: Order) {
  const side = isBuy ? 'buy' : 'sell';
  const purpose = isEntry ? 'entry' : 'exit';
  const clientOrderId = textId<ClientOrderId>(`o-${place}-${side}-${purpose}-${number}`);
  return { clientOrderId, symbol: symbol(place), side, purpose } as const;
}

const applied: fc.Arbitrary<Applied> = fc.oneof(
  fc.record({ at: fc.nat(SYMBOLS - 2), sector: fc.constantFrom(...SECTORS) }).map((one) => ({
    kind: 'symbolNamed' as const,
    ...listing(one.at),
    sector: one.sector,
  })),
  fc.record({ ...ordered, quantity, ticks }).map((one) => ({
    kind: 'reserved' as const,
    ...order(one),
    strategy: textId<StrategyId>('mr'),
    quantity: shares(one.quantity),
    price: price(one.ticks),
    sequence: one.number,
    atUs: 1,
  })),
  fc.record({ ...ordered, standing }).map((one) => ({
    kind: 'stood' as const,
    ...order(one),
    standing: one.standing,
    atUs: 1,
  })),
  fc.record(ordered).map((one) => ({ kind: 'absent' as const, ...order(one), atUs: 1 })),
  fc.record(ordered).map((one) => ({ kind: 'released' as const, ...order(one) })),
  fc.record({ ...ordered, quantity, ticks }).map((one) => ({
    kind: 'filled' as const,
    account: ACCOUNT,
    ...order(one),
    execution: {
      executionId: textId<ExecutionId>('x'),
      quantity: shares(one.quantity),
      price: price(one.ticks),
      venueUs: 1,
    },
  })),
  fc.record({ at, ticks }).map((one) => ({
    kind: 'marked' as const,
    symbol: symbol(one.at),
    price: price(one.ticks),
  })),
  fc.record({ at, quantity: fc.integer({ min: -900, max: 900 }), ticks }).map((one) => ({
    kind: 'holdingCarried' as const,
    symbol: symbol(one.at),
    quantity: one.quantity,
    mark: one.ticks,
  })),
  fc.record({ at, quantity: fc.integer({ min: -900, max: 900 }), ticks }).map((one) => ({
    kind: 'positionAdopted' as const,
    account: ACCOUNT,
    symbol: symbol(one.at),
    quantity: one.quantity,
    cost: money(one.quantity * one.ticks),
    price: price(one.ticks),
    origin: 'drift' as const,
  })),
  fc.record({ ...ordered, quantity, ticks, standing, isReleased: fc.boolean() }).map((one) => ({
    kind: 'reservationCarried' as const,
    ...order(one),
    remaining: one.quantity,
    price: price(one.ticks),
    standing: one.standing,
    isIntended: one.number % 2 === 0,
    isCancelAsked: false,
    isUnreconciled: one.number % 3 === 0,
    isReleased: one.isReleased,
  })),
  fc.constant({
    kind: 'crashed' as const,
    actor: 'execution',
    row: -1,
    code: 'CRASH',
    message: 'planted',
  }),
  fc.constant({
    kind: 'opened' as const,
    life: 2,
    account: ACCOUNT,
    startingCash: CASH,
    buildId: 'b',
    configHash: 'c',
    actors: [],
  }),
);

describe("risk's sums", () => {
  it('are those of a walk over all holdings and orders, after every fact', () => {
    fc.assert(
      fc.property(fc.array(applied, { maxLength: 120 }), (facts) => {
        const book = emptyBook();
        book.exposure.cash = money(CASH);
        for (const one of facts) {
          applyToBook(book, one);
          for (const sector of SECTORS) expect(kept(book, sector)).toEqual(walked(book, sector));
          expect(ordersBySymbol(book)).toEqual(walkedOrders(book));
        }
      }),
      { numRuns: isLong ? 20_000 : 300 },
    );
  });
});

function kept({ exposure }: RiskBook, sector: string) {
  const { unreconciled, positions, equity, gross, freeCash } = exposure;
  return { unreconciled, positions, equity, gross, freeCash, inSector: exposure.inSector(sector) };
}

function ordersBySymbol({ exposure }: RiskBook) {
  return Array.from({ length: SYMBOLS }, (_, place) => exposure.ordersOf(symbol(place)));
}

function walkedOrders({ exposure }: RiskBook) {
  return Array.from({ length: SYMBOLS }, (_, place) =>
    [...exposure.orders.values()].filter((one) => one.symbol === symbol(place)),
  );
}
