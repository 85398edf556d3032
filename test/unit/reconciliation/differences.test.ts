import { describe, expect, it } from 'vitest';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { OrderReport } from '../../../src/domain/orders/report.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import { CASH, HUNDRED } from '../risk/scene.ts';
import { acceptAll, fillAll, sent, submitted, wish } from '../risk/trading-desk.ts';
import {
  alertCodes,
  answerWith,
  booksOf,
  openBooks,
  riskBooksOf,
  state,
  strangersFill,
  strangersOrder,
} from './books-scene.ts';

/** Holds what was bought of symbol 0, and the cash that is left. */
function holding(): { desk: KernelHarness; quantity: number; cash: number } {
  const desk = openBooks();
  wish(desk, 0);
  fillAll(desk, HUNDRED);
  const quantity = sent(desk)[0]?.quantity ?? 0;
  next(desk);
  desk.takeFacts();
  return { desk, quantity, cash: CASH - quantity * HUNDRED };
}

/** Until the next question. */
function next(desk: KernelHarness): void {
  for (let left = 60; left > 0 && desk.pending('reconcile').length === 0; left -= 1) {
    desk.advance(SECOND);
  }
}

describe('a statement that says what our books say', () => {
  it('C2: makes no fact, the second time and every time after', () => {
    const { desk, quantity, cash } = holding();
    for (let round = 0; round < 3; round += 1) {
      desk.takeFacts();
      state(desk, { cash, held: [{ at: 0, quantity }] });
      expect(desk.takeFacts()).toEqual([]);
      next(desk);
    }
    expect(alertCodes(desk)).toEqual([]);
  });

  it('C2: makes no fact of orders that it tells again', () => {
    const { desk, quantity, cash } = holding();
    const ours = snapshotOf(desk, 0, quantity);
    const told = {
      cash,
      held: [{ at: 0, quantity }],
      orders: [ours, strangersFill({ symbol: symbolId(4) })],
    };
    const held = [...told.held, { at: 4, quantity: 10 }];
    state(desk, { ...told, held });
    next(desk);
    state(desk, { ...told, held });
    next(desk);
    desk.takeFacts();
    state(desk, { ...told, held });

    expect(desk.takeFacts()).toEqual([]);
  });
});

describe('our own orders in a statement', () => {
  it('I5: book a fill that nobody told, once', () => {
    const desk = openBooks();
    wish(desk, 0);
    acceptAll(desk);
    next(desk);
    const quantity = sent(desk)[0]?.quantity ?? 0;
    const told = {
      cash: CASH - quantity * HUNDRED,
      held: [{ at: 0, quantity }],
      orders: [snapshotOf(desk, 0, quantity)],
    };
    state(desk, told);
    next(desk);
    state(desk, told);

    expect(desk.factsOf('filled')).toHaveLength(1);
    expect(booksOf(desk)).toEqual([
      ['cash', told.cash],
      ['S0', quantity],
    ]);
    expect(desk.factsOf('positionAdopted', 'positionDoubted', 'externalOrder')).toEqual([]);
  });

  it('are asked about where the statement lacks them, the younger ones left out', () => {
    const desk = openBooks();
    wish(desk, 0);
    acceptAll(desk);
    next(desk);
    wish(desk, 1);
    acceptAll(desk);
    desk.takeEffects();
    state(desk, {});

    const asked = desk
      .takeEffects()
      .flatMap(({ effect }) => (effect.kind === 'enquireOrder' ? [effect.clientOrderId] : []));
    expect(asked).toEqual([sent(desk)[0]?.clientOrderId]);
  });

  it('that a person replaced live on as ours', () => {
    const desk = openBooks();
    wish(desk, 0);
    acceptAll(desk);
    next(desk);
    const successor = textId<OrderReport['clientOrderId']>('by-hand');
    const old: OrderReport = { ...snapshotOf(desk, 0, 0), status: 'replaced', successor };
    const { quantity } = old;
    state(desk, { orders: [strangersOrder({ clientOrderId: successor, quantity }), old] });

    expect(desk.factsOf('externalOrder', 'handsOff')).toEqual([]);
    expect(desk.factsOf('intended').at(-1)?.clientOrderId).toBe(successor);
  });
});

describe('C3: what is made by hand at the broker', () => {
  it('an order is adopted and labelled in the first statement that has it, and left alone', () => {
    const desk = openBooks();
    wish(desk, 0);
    acceptAll(desk);
    next(desk);
    state(desk, { orders: [strangersOrder(), snapshotOf(desk, 0, 0)] });

    expect(desk.factsOf('externalOrder')).toMatchObject([
      { clientOrderId: 'made-by-hand', isOpen: true, isFormOurs: false },
    ]);
    expect(desk.factsOf('handsOff')).toMatchObject([{ symbol: 0, by: 'reconciliation' }]);
    expect(alertCodes(desk)).toEqual(['ORDER_EXTERNAL']);
    // Ours go out of its way; theirs is not touched.
    const cancelled = desk.pending('cancelOrder').map(({ effect }) => effect);
    expect(cancelled).toMatchObject([{ clientOrderId: sent(desk)[0]?.clientOrderId }]);
    wish(desk, 0);
    expect(desk.factsOf('refused').at(-1)?.code).toBe('HANDS_OFF');
  });

  it('an order is told from one of another session of ours', () => {
    const desk = openBooks();
    next(desk);
    const clientOrderId = textId<OrderReport['clientOrderId']>('mr.AAPL.0f3a6c51d2e84b97.12');
    state(desk, { orders: [strangersOrder({ clientOrderId })] });

    expect(desk.factsOf('externalOrder')).toMatchObject([{ isFormOurs: true }]);
  });

  it('an order is heard of on the stream too, and its fill asked about at once', () => {
    const desk = openBooks(0);
    desk.input({ kind: 'orderUpdated', report: strangersOrder({ event: 'new' }) });
    desk.input({ kind: 'orderUpdated', report: strangersFill({ event: 'fill' }) });
    desk.advance(2 * SECOND);
    state(desk, { held: [{ at: 0, quantity: 10 }], orders: [strangersFill()] });

    expect(desk.factsOf('externalOrder').map(({ isOpen }) => isOpen)).toEqual([true, false]);
    expect(desk.factsOf('strayReported')).toEqual([]);
    expect(alertCodes(desk)).toEqual(['ORDER_EXTERNAL', 'POSITION_EXTERNAL']);
    expect(booksOf(desk).at(-1)).toEqual(['S0', 10]);
  });

  it('shares are adopted in one cycle where an order of theirs explains them', () => {
    const { desk, quantity, cash } = holding();
    const held = [{ at: 0, quantity: quantity + 10 }];
    const orders = [strangersFill(), snapshotOf(desk, 0, quantity)];
    state(desk, { cash: cash - 10 * HUNDRED, held, orders });

    expect(desk.factsOf('positionAdopted').map(({ origin }) => origin)).toEqual(['external']);
    expect(riskBooksOf(desk).at(-1)).toEqual(['S0', quantity + 10]);
    expect(desk.factsOf('handsOff')).toHaveLength(1);
    expect(desk.factsOf('driftFound', 'symbolBanned')).toEqual([]);
  });

  it('shares that no order explains are too, in a symbol that we never traded', () => {
    const { desk, quantity, cash } = holding();
    state(desk, {
      cash,
      held: [
        { at: 0, quantity },
        { at: 4, quantity: 7 },
      ],
    });

    expect(desk.factsOf('positionAdopted')).toMatchObject([
      { symbol: 4, quantity: 7, origin: 'external', price: HUNDRED },
    ]);
  });

  it('what has no place here is told of once', () => {
    const desk = openBooks();
    for (let round = 0; round < 3; round += 1) {
      next(desk);
      state(desk, { unlisted: ['BRK.X'] });
    }
    expect(desk.factsOf('unlistedHeld')).toHaveLength(1);
    expect(alertCodes(desk)).toEqual(['POSITION_UNLISTED']);
  });
});

describe('C5: drift', () => {
  it('found twice in a row bans the symbol in that turn, tells people, and makes no order', () => {
    const { desk, quantity, cash } = holding();
    const told = { cash, held: [{ at: 0, quantity: quantity - 3 }] };
    state(desk, told);
    expect(desk.factsOf('positionDoubted')).toHaveLength(1);
    expect(desk.factsOf('driftFound', 'symbolBanned')).toEqual([]);

    const doubtedUs = desk.nowUs;
    next(desk);
    expect(desk.nowUs - doubtedUs).toBeLessThanOrEqual(2 * SECOND);
    const before = sent(desk).length;
    state(desk, told);

    expect(desk.factsOf('driftFound')).toMatchObject([{ ours: quantity, theirs: quantity - 3 }]);
    expect(desk.factsOf('symbolBanned')).toMatchObject([{ symbol: 0, isBanned: true }]);
    expect(alertCodes(desk)).toEqual(['DRIFT']);
    desk.advance(60 * SECOND);
    expect(sent(desk)).toHaveLength(before);
    expect(booksOf(desk).at(-1)).toEqual(['S0', quantity - 3]);
    wish(desk, 0);
    expect(desk.factsOf('refused').at(-1)?.code).toBe('BANNED');
  });

  it('that is gone the second time was none', () => {
    const { desk, quantity, cash } = holding();
    state(desk, { cash, held: [{ at: 0, quantity: quantity - 3 }] });
    next(desk);
    state(desk, { cash, held: [{ at: 0, quantity }] });
    next(desk);
    state(desk, { cash, held: [{ at: 0, quantity: quantity - 3 }] });

    expect(desk.factsOf('driftFound')).toEqual([]);
    expect(desk.factsOf('positionDoubted')).toHaveLength(3);
  });

  it('is not looked for where an order is open, or anything was booked since the question', () => {
    const desk = openBooks();
    next(desk);
    wish(desk, 0);
    fillAll(desk, HUNDRED);
    state(desk, {});
    next(desk);
    wish(desk, 1);
    acceptAll(desk);
    const quantity = sent(desk)[0]?.quantity ?? 0;
    next(desk);
    const cash = CASH - quantity * HUNDRED;
    state(desk, {
      cash,
      held: [
        { at: 0, quantity },
        { at: 1, quantity: 5 },
      ],
    });

    expect(submitted(desk)).toEqual([]);
    expect(desk.factsOf('positionDoubted', 'cashDoubted', 'driftFound')).toEqual([]);
  });

  it('of cash is adopted when it is found twice and every position agrees', () => {
    const { desk, quantity, cash } = holding();
    const told = { cash: cash + 1, held: [{ at: 0, quantity }] };
    state(desk, told);
    expect(desk.factsOf('cashAdjusted')).toEqual([]);
    next(desk);
    state(desk, told);

    expect(desk.factsOf('cashAdjusted')).toMatchObject([{ amount: 1, origin: 'external' }]);
    expect(booksOf(desk)[0]).toEqual(['cash', cash + 1]);
    expect(riskBooksOf(desk)[0]).toEqual(['cash', cash + 1]);
    expect(alertCodes(desk)).toEqual(['CASH_ADJUSTED']);
    expect(desk.factsOf('tradingHalted')).toEqual([]);
  });

  it('is not made of a question that failed', () => {
    const { desk, quantity, cash } = holding();
    state(desk, { cash, held: [{ at: 0, quantity: quantity - 3 }] });
    next(desk);
    answerWith(desk, { outcome: 'expired' });
    next(desk);

    expect(desk.factsOf('driftFound', 'positionAdopted')).toEqual([]);
    expect(booksOf(desk).at(-1)).toEqual(['S0', quantity]);
  });
});

/** Our order as the broker has it, with so many shares filled at $100. */
function snapshotOf(desk: KernelHarness, at: number, filled: number): OrderReport {
  const order = sent(desk)[at];
  if (order === undefined) throw new Error('no such order was sent');
  const { clientOrderId, symbol, side, quantity } = order;
  return strangersOrder({
    clientOrderId,
    venueOrderId: textId(`v-${clientOrderId}`),
    symbol,
    side,
    quantity,
    status: filled === quantity ? 'filled' : 'new',
    filledQuantity: shares(filled),
    executions:
      filled === 0
        ? []
        : [
            {
              executionId: textId(`x-${clientOrderId}`),
              quantity: shares(filled),
              price: price(HUNDRED),
              venueUs: 1,
            },
          ],
  });
}
