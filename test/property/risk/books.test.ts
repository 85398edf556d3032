import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PORTFOLIO, RISK } from '../../../src/actors/kernel/actor-table.ts';
import { portfolio, type PortfolioState } from '../../../src/actors/kernel/portfolio.ts';
import { applyToBook } from '../../../src/actors/kernel/risk-facts.ts';
import { type ClientOrderId, type ExecutionId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { emptyBook, type RiskBook } from '../../../src/domain/risk/book.ts';
import type { FactOf } from '../../../src/ports/fact.ts';
import { ACCOUNT, CASH, symbol } from '../../unit/risk/scene.ts';
import { close, fillAll, tradingDesk, wish } from '../../unit/risk/trading-desk.ts';

const isLong = process.env['STRATA_LONG'] === '1';
type Booked = FactOf<'accountOpened' | 'filled' | 'marked'>;

const fact: fc.Arbitrary<Booked> = fc
  .record({
    isFill: fc.boolean(),
    at: fc.nat(3),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 300 }),
    ticks: fc.integer({ min: 1, max: 5_000_000 }),
  })
  .map((drawn) => (drawn.isFill ? filledOf(drawn) : markedOf(drawn)));

interface Drawn {
  readonly at: number;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly ticks: number;
}

function markedOf({ at, ticks }: Drawn): Booked {
  return { kind: 'marked', symbol: symbol(at), price: price(ticks) };
}

function filledOf({ at, side, quantity, ticks }: Drawn): Booked {
  return {
    kind: 'filled',
    account: ACCOUNT,
    clientOrderId: textId<ClientOrderId>('o-1'),
    symbol: symbol(at),
    side,
    execution: {
      executionId: textId<ExecutionId>('x-1'),
      quantity: shares(quantity),
      price: price(ticks),
      venueUs: 1,
    },
  };
}

describe("risk's book and the portfolio's ledger", () => {
  it('agree on every position, on cash and on equity after every fact', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), (facts) => {
        const book = emptyBook();
        const actor = portfolio();
        const state = actor.initial();
        const opened: Booked = { kind: 'accountOpened', account: ACCOUNT, cash: money(CASH) };
        for (const one of [opened, ...facts]) {
          applyToBook(book, one);
          actor.apply(state, one);
          expect(risked(book)).toEqual(kept(state));
        }
      }),
      { numRuns: isLong ? 100_000 : 500 },
    );
  });

  it('agree after a day of orders that were really made', () => {
    const step = fc.record({
      at: fc.nat(5),
      purpose: fc.constantFrom('entry' as const, 'exit' as const),
      ticks: fc.integer({ min: 900_000, max: 1_100_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const desk = tradingDesk();
        for (const { at, purpose, ticks } of steps) {
          wish(desk, at, { purpose, side: purpose === 'entry' ? 'buy' : 'sell' });
          fillAll(desk, purpose === 'exit' ? ticks : undefined);
          close(desk, at, ticks);
        }
        const holdings = desk
          .condensed(RISK)
          .flatMap((one) => (one.kind === 'holdingCarried' ? [one] : []));
        const positions = desk
          .condensed(PORTFOLIO)
          .flatMap((one) => (one.kind === 'positionCarried' && one.quantity !== 0 ? [one] : []));

        const cashOf = (place: number) =>
          desk
            .condensed(place)
            .flatMap((one) =>
              one.kind === 'accountOpened' || one.kind === 'accountCarried' ? [one.cash] : [],
            );
        expect(bySymbol(holdings)).toEqual(bySymbol(positions));
        expect(cashOf(RISK)).toEqual(cashOf(PORTFOLIO));
      }),
      { numRuns: isLong ? 5_000 : 60 },
    );
  });
});

interface Held {
  readonly symbol: number;
  readonly quantity: number;
  readonly mark: number;
}

function bySymbol(held: readonly Held[]): readonly Held[] {
  return held
    .map(({ symbol, quantity, mark }) => ({ symbol, quantity, mark }))
    .toSorted((left, right) => left.symbol - right.symbol);
}

function risked({ exposure }: RiskBook) {
  const held = [...exposure.holdings].map(([symbol, { quantity, mark }]) => ({
    symbol,
    quantity,
    mark,
  }));
  return { held: bySymbol(held), cash: exposure.cash, equity: exposure.equity };
}

function kept({ ledger }: PortfolioState) {
  const held = [...ledger.positions]
    .filter(([, { quantity }]) => quantity !== 0)
    .map(([symbol, { quantity, mark }]) => ({ symbol, quantity, mark }));
  return { held: bySymbol(held), cash: ledger.cash, equity: ledger.equity };
}
