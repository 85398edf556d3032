import { describe, expect, it } from 'vitest';
import { averagePrice, OrderHistories, standingOf } from '../../../src/cli/order-histories.ts';
import { readSession } from '../../../src/cli/read-session.ts';
import { VIEW_LIMITS } from '../../../src/cli/session-view.ts';
import { type AccountId, type StrategyId, symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { SessionReader } from '../../../src/ports/session-reader.ts';
import {
  filled,
  moved,
  ordered,
  readerOf,
  refused,
  SessionScript,
  smallDay,
  stood,
} from './session-script.ts';

const AAPL = symbolId(0);

function viewOf(script: SessionScript) {
  return readSession(readerOf(script), script.description.sessionId);
}

describe('SessionView', () => {
  it('counts members of the layers and keeps the moves between them, with reasons', () => {
    const view = viewOf(smallDay());

    expect(view.layers.map(({ size }) => size)).toEqual([3, 2, 1, 0]);
    expect(view.moves.last(2)).toMatchObject([
      { layer: 2, isMember: true, reason: 'floor' },
      { layer: 2, isMember: false, reason: 'score', score: 0.4 },
    ]);
    expect(view.moves.total).toBe(5);
    expect(view.nameOf(1)).toBe('BAC');
    expect(view.nameOf(99)).toBe('#99');
  });

  it('keeps books that agree with the fills: cash, booked and open profit', () => {
    const script = new SessionScript().open();
    script.market(1, ...ordered('o-1', 1, AAPL));
    script.facts(filled('o-1', AAPL, 'buy', 100, 1_892_500, script.nowUs));
    script.wait(SECOND).facts({ kind: 'marked', symbol: AAPL, price: price(1_900_000) });
    const view = viewOf(script);

    expect(view.ledger.cash).toBe(1_000_000_000 - 189_250_000);
    expect(view.ledger.unrealized).toBe(100 * 7_500);
    expect(view.profit).toBe(100 * 7_500);
    expect(view.heldPositions()).toMatchObject([[AAPL, { quantity: 100, mark: 1_900_000 }]]);
  });

  it('counts a trade from flat to flat as won or lost, under the strategy that opened it', () => {
    const script = smallDay();
    const id = 'risk.AAPL.1';
    const strategy = textId<StrategyId>('risk');
    script.market(1, ...ordered('mr.AAPL.2', 4, AAPL, { sequence: 2 }));
    script.facts(filled('mr.AAPL.2', AAPL, 'buy', 10, 1_900_000, script.nowUs));
    script.facts(...ordered(id, 5, AAPL, { strategy, side: 'sell', purpose: 'flatten' }));
    script.facts(filled(id, AAPL, 'sell', 10, 1_890_000, script.nowUs));
    const view = viewOf(script);

    expect(view.trades.closed.last().map(({ profit }) => profit)).toEqual([1_050_000, -100_000]);
    expect(view.trades.hitRate).toBe(0.5);
    expect(view.strategies.get('mr')).toMatchObject({ trades: 2, wins: 1, realized: 950_000 });
    expect(view.strategies.get('risk')).toMatchObject({ orders: 1, trades: 0 });
  });

  it('measures drawdown from the highest equity, not from the start', () => {
    const script = new SessionScript().open();
    script.market(1, ...ordered('o-1', 1, AAPL));
    script.facts(filled('o-1', AAPL, 'buy', 100, 1_892_500, script.nowUs));
    for (const mark of [1_992_500, 1_892_500, 1_942_500]) {
      script.wait(SECOND).facts({ kind: 'marked', symbol: AAPL, price: price(mark) });
    }
    const view = viewOf(script);

    expect(view.drawdownMax).toBe(100 * 100_000);
    expect(view.equityCurve.samples.at(-1)?.values).toEqual([1_005_000_000, 5_000_000]);
  });

  it('begins with what a predecessor left', () => {
    const account = textId<AccountId>('PAPER');
    const script = new SessionScript().open([]);
    script.facts(
      { kind: 'accountCarried', account, cash: money(500_000_000), realized: money(10_000) },
      {
        kind: 'positionCarried',
        account,
        symbol: AAPL,
        quantity: 100,
        cost: money(180_000_000),
        realized: money(10_000),
        mark: 1_900_000,
      },
    );
    const view = viewOf(script);

    expect(view.startingEquity).toBe(690_000_000);
    expect(view.profit).toBe(0);
  });

  it('counts refusals by code and under the strategy whose signal it was', () => {
    const view = viewOf(smallDay());

    expect([...view.refusalsByCode]).toEqual([['SPREAD_WIDE', 1]]);
    expect(view.refusals.last(1)).toMatchObject([{ value: 62.5, limit: 50, signalId: 'mr-2' }]);
    expect(view.strategies.get('mr')).toMatchObject({ signals: 3, refused: 1, orders: 2 });
  });

  it('tells crashes, quarantines and the farthest halt that stands', () => {
    const account = textId<AccountId>('PAPER');
    const script = new SessionScript().open();
    const halt = { kind: 'tradingHalted', account, reason: 'loss', by: 'risk' } as const;
    script.facts({ kind: 'crashed', actor: 'symbols', row: 1, code: 'X', message: 'planted' });
    script.facts({ kind: 'quarantined', actor: 'symbols', row: 1, untilUs: script.nowUs + 9 });
    script.facts(
      { ...halt, level: 'flatten', code: 'A' },
      { ...halt, level: 'noEntries', code: 'B' },
    );
    const { health } = viewOf(script);

    expect(health.crashes.total).toBe(1);
    expect(health.actors.get('symbols')).toMatchObject({ crashes: 1, lastCode: 'X' });
    expect([health.outNow, health.quarantines]).toEqual([1, 1]);
    expect(health.halt).toEqual({ level: 'flatten', code: 'A', reason: 'loss' });

    script.facts({ kind: 'lifted', actor: 'symbols', row: 1 });
    script.facts({ kind: 'tradingResumed', account, by: 'me', reason: 'over' });
    const after = viewOf(script).health;
    expect([after.outNow, after.halt, after.halts.total]).toEqual([0, undefined, 3]);
  });

  it('keeps no more moves than its limit, and says how many there were', () => {
    const script = new SessionScript().open();
    const many = 3 * VIEW_LIMITS.movesMax;
    for (let at = 0; at < many; at += 1) {
      script.facts(moved(1, AAPL, at % 2 === 0, `m${at}`, 1, script.nowUs));
    }
    const { moves } = viewOf(script);

    expect(moves.total).toBe(many);
    expect(moves.last()).toHaveLength(VIEW_LIMITS.movesMax);
    expect(moves.last(1)).toMatchObject([{ reason: `m${many - 1}` }]);
  });

  it('joins an answer to its order by the effect it answers', () => {
    const view = viewOf(smallDay());
    const order = view.orders.get(textId('mr.AAPL.0'));

    expect(order?.answers).toMatchObject([{ effect: 'submitOrder', outcome: 'done' }]);
    const [answer] = order?.answers ?? [];
    expect((answer?.atUs ?? 0) - (answer?.requestedUs ?? 0)).toBe(30_000);
  });
});

describe('OrderHistories', () => {
  const intent = (id: string) => ordered(id, 1, AAPL)[1];

  it('knows where an order stands, what it got and at what average', () => {
    const orders = new OrderHistories();
    orders.intended(intent('a'), 1);
    orders.filled(filled('a', AAPL, 'buy', 40, 1_000_000, 2), 2);
    orders.filled(filled('a', AAPL, 'buy', 60, 1_100_000, 3), 3);
    orders.stood(stood('a', AAPL, 'filled', 3), 3);
    const order = orders.get(textId('a'));

    expect(order && standingOf(order)).toBe('filled');
    expect(order && averagePrice(order)).toBe(1_060_000);
    expect(orders.byStanding.get('filled')).toBe(1);
    expect(orders.byStanding.get('intended')).toBe(0);
  });

  it('drops the oldest settled order past its limit, never an open one before it', () => {
    const orders = new OrderHistories(3);
    for (const id of ['a', 'b', 'c']) orders.intended(intent(id), 1);
    orders.stood(stood('b', AAPL, 'filled', 2), 2);
    orders.intended(intent('d'), 3);

    expect(orders.list().map((order) => order.intent.clientOrderId)).toEqual(['a', 'c', 'd']);
    expect(orders.total).toBe(4);
  });

  it('takes an intent once', () => {
    const orders = new OrderHistories();
    orders.intended(intent('a'), 1);
    orders.intended({ ...intent('a'), quantity: shares(1) }, 2);

    expect(orders.total).toBe(1);
    expect(orders.get(textId('a'))?.intent.quantity).toBe(100);
  });
});

describe('readSession', () => {
  it('counts frames and events of the market without decoding them', () => {
    expect(viewOf(smallDay()).counters).toMatchObject({ events: 6, frames: 3, news: 0 });
  });

  it('refuses a record that is not whole', () => {
    const script = smallDay();
    const [first, second] = script.records;
    const cut = new Uint8Array(second?.payload.slice(0, 2) ?? []);
    const records = [first, second === undefined ? undefined : { ...second, payload: cut }];
    const damaged: SessionReader = {
      ...readerOf(script),
      read: (_, visit) => records.forEach((record) => record !== undefined && visit(record)),
    };

    expect(() => readSession(damaged, 's-1')).toThrow('the bytes end too early');
  });
});

it('tells a refused signal from one that is not known any more', () => {
  const script = new SessionScript().open();
  script.facts(refused(9, AAPL));
  const view = viewOf(script);

  expect(view.refusals.total).toBe(1);
  expect([...view.strategies]).toEqual([]);
});
