import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { layoutsOf, warmthsOf } from '../../../../src/compose/store-feed/session-feed.ts';
import { StoreFeed } from '../../../../src/compose/store-feed/store-feed.ts';
import {
  type AccountId,
  type ClientOrderId,
  type ExecutionId,
  type SignalId,
  type StrategyId,
  symbolId,
  textId,
  type VenueOrderId,
} from '../../../../src/core/ids.ts';
import { money, price, shares } from '../../../../src/core/money.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { CHANNEL_QUOTES, EventBatch, GAP } from '../../../../src/domain/market/event-batch.ts';
import type { Fact, FactOf } from '../../../../src/ports/fact.ts';
import type { TurnItem } from '../../../../src/ports/turn-record.ts';
import { RowTaker } from './row-taker.ts';

const START_US = 1_717_421_400_000_000;
const ACCOUNT = textId<AccountId>('PAPER');
const ORDER = textId<ClientOrderId>('o-1');
const SIGNAL = textId<SignalId>('s-1');
const config = Config.parse({});

const signalled: FactOf<'signalled'> = {
  kind: 'signalled',
  signalId: SIGNAL,
  strategy: textId<StrategyId>('momentum'),
  symbol: symbolId(0),
  side: 'buy',
  purpose: 'entry',
  value: 0.7,
  threshold: 0.6,
  reason: 'score 0.70',
  bid: Number.NaN,
  ask: Number.NaN,
  last: 10_000,
  stopDistance: 250,
  atUs: START_US,
  modelVersion: 'momentum-1',
};
const intended: FactOf<'intended'> = {
  kind: 'intended',
  account: ACCOUNT,
  clientOrderId: ORDER,
  strategy: textId<StrategyId>('momentum'),
  signalId: SIGNAL,
  symbol: symbolId(0),
  side: 'buy',
  purpose: 'entry',
  quantity: shares(100),
  type: 'limit',
  limitPrice: price(10_050),
  timeInForce: 'day',
  referencePrice: price(10_050),
  sequence: 1,
};

interface Scene {
  readonly feed: StoreFeed;
  readonly taker: RowTaker;
  turn(sequence: number, ...facts: readonly Fact[]): void;
}

function scene(): Scene {
  const taker = new RowTaker();
  const feed = new StoreFeed({
    session: 'today',
    feed: 'iex',
    ticks: 'all',
    layouts: layoutsOf(config),
    warmths: warmthsOf(config),
    barSpanUs: MINUTE,
    taken: taker.take,
  });
  const named = { assetClass: 'equity', sector: '', isTradable: true } as const;
  feed.input({ kind: 'symbolNamed', symbol: symbolId(0), name: 'AAA', ...named });
  feed.turn(1, START_US, { items: [], timers: [], crashes: [] });
  return {
    feed,
    taker,
    turn(sequence, ...facts) {
      const items = facts.map((fact): TurnItem => ({ type: 'fact', actor: 0, fact }));
      feed.turn(sequence, START_US + sequence, { items, timers: [], crashes: [] });
    },
  };
}

describe('rows of what is decided', () => {
  it("tell a signal once with risk's answer of the same turn, in dollars", () => {
    const { feed, taker, turn } = scene();
    turn(2, signalled, {
      kind: 'refused',
      signalId: SIGNAL,
      symbol: symbolId(0),
      code: 'BANNED',
      value: 0,
      limit: 0,
    });
    feed.flush();

    expect(taker.rows('signals')).toEqual([
      {
        at_us: START_US,
        session: 'today',
        sequence: 2,
        symbol: 'AAA',
        signal_id: 's-1',
        strategy: 'momentum',
        side: 'buy',
        purpose: 'entry',
        value: 0.7,
        threshold: 0.6,
        last: 1,
        stop_distance: 0.025,
        reason: 'score 0.70',
        model_version: 'momentum-1',
        outcome: 'BANNED',
      },
    ]);
  });

  it('tell a signal without an answer, and replace it when one comes', () => {
    const { feed, taker, turn } = scene();
    turn(2, signalled);
    feed.flush();
    expect(taker.kept('signals')).toMatchObject([{ outcome: '', sequence: 2 }]);
    turn(3, {
      kind: 'approved',
      signalId: SIGNAL,
      clientOrderId: ORDER,
      symbol: symbolId(0),
      notional: money(100_500),
    });
    feed.flush();

    expect(taker.kept('signals')).toMatchObject([{ outcome: 'approved', sequence: 2 }]);
  });

  it('tell an order each time that it stands differently, with what it was intended to be', () => {
    const { feed, taker, turn } = scene();
    const stood = { kind: 'stood', clientOrderId: ORDER, symbol: symbolId(0) } as const;
    const venueOrderId = textId<VenueOrderId>('v-9');
    turn(2, intended, { ...stood, standing: 'unknown', atUs: START_US });
    turn(3, { ...stood, standing: 'working', venueOrderId, atUs: START_US });
    turn(4, { ...stood, standing: 'rejected', reason: 'no shares', atUs: START_US });
    feed.flush();

    const common = { order_id: 'o-1', side: 'buy', kind: 'limit', quantity: 100, account: 'PAPER' };
    expect(taker.rows('orders')).toMatchObject([
      { ...common, sequence: 2, place: 0, standing: 'intended', limit_price: 1.005, reason: '' },
      { ...common, sequence: 2, place: 1, standing: 'unknown', venue_order_id: '' },
      { ...common, sequence: 3, place: 0, standing: 'working', venue_order_id: 'v-9' },
      { ...common, sequence: 4, place: 0, standing: 'rejected', reason: 'no shares' },
    ]);
  });

  it('tell what is known of an order whose intent is of another session', () => {
    const { feed, taker, turn } = scene();
    turn(2, {
      kind: 'stood',
      clientOrderId: ORDER,
      symbol: symbolId(0),
      standing: 'canceled',
      atUs: START_US,
    });
    feed.flush();

    expect(taker.rows('orders')).toMatchObject([
      { order_id: 'o-1', side: '', kind: '', quantity: Number.NaN, standing: 'canceled' },
    ]);
  });

  it('tell a fill, with the time that the venue gave it', () => {
    const { feed, taker, turn } = scene();
    const execution = {
      executionId: textId<ExecutionId>('e-1'),
      quantity: shares(40),
      price: price(10_040),
      venueUs: START_US - 5,
    };
    const fill = {
      account: ACCOUNT,
      clientOrderId: ORDER,
      symbol: symbolId(0),
      side: 'buy',
    } as const;
    turn(2, { kind: 'filled', ...fill, execution }, { kind: 'filled', ...fill, execution });
    feed.flush();

    expect(taker.rows('fills')).toMatchObject([
      { at_us: START_US + 2, place: 0, execution_id: 'e-1', quantity: 40, price: 1.004 },
      { place: 1, venue_us: START_US - 5 },
    ]);
  });
});

describe('rows of what went wrong', () => {
  it('tell crashes by symbol, halts, drift and services that change, each in its turn', () => {
    const { feed, taker, turn } = scene();
    const crash = { kind: 'crashed', code: 'TypeError', message: 'of undefined' } as const;
    turn(
      2,
      { ...crash, actor: 'symbols', row: 0 },
      { ...crash, actor: 'risk', row: -1 },
      { kind: 'driftFound', symbol: symbolId(0), ours: 5, theirs: 0 },
    );
    feed.input({ kind: 'serviceChanged', service: 'broker', state: 'down', reason: 'gone' });
    turn(3, {
      kind: 'tradingHalted',
      account: ACCOUNT,
      level: 'noEntries',
      code: 'BROKER',
      reason: 'gone',
      by: 'risk',
    });
    feed.flush();

    const told = taker.rows('incidents');
    expect(
      told.map(({ sequence, place, severity, code }) => [sequence, place, severity, code]),
    ).toEqual([
      [2, 0, 'error', 'crashed'],
      [2, 1, 'error', 'crashed'],
      [2, 2, 'error', 'driftFound'],
      [3, 0, 'error', 'serviceChanged'],
      [3, 1, 'error', 'tradingHalted'],
    ]);
    expect(told.map(({ subject }) => subject)).toEqual([
      'symbols/AAA',
      'risk',
      'AAA',
      'broker',
      'PAPER',
    ]);
  });

  it('tell a gap of the market, and rows that the store refused, which no turn knows', () => {
    const { feed, taker } = scene();
    const batch = new EventBatch();
    const at = batch.add(GAP, -1, START_US, CHANNEL_QUOTES, 0);
    batch.a[at] = 12;
    batch.endFrame(START_US + 7);
    feed.market(2, batch, 0, 1);
    feed.rowsRefused('quotes', 'bid is Infinity');
    feed.flush();

    expect(taker.rows('incidents')).toMatchObject([
      { at_us: START_US + 7, code: 'dataGap', subject: 'all symbols', detail: 'quotes: 12 lost' },
      { sequence: 2, place: 1_000_000, code: 'rowsRefused', subject: 'quotes' },
    ]);
  });
});

describe('rows of how long answers took', () => {
  it('tell percentiles of a minute of market time, when a later record comes', () => {
    const { feed, taker } = scene();
    const infer = {
      kind: 'infer',
      model: 'm',
      rows: [],
      width: 12,
      features: new Float64Array(),
    } as const;
    for (let ask = 0; ask < 100; ask += 1) {
      const sequence = 2 + 2 * ask;
      const item: TurnItem = { type: 'effect', actor: 0, requestedUs: START_US, effect: infer };
      feed.turn(sequence, START_US, { items: [item], timers: [], crashes: [] });
      const id = { effectInput: sequence, effectIndex: 0 };
      feed.input({ kind: 'answered', ...id, outcome: 'done' });
      feed.turn(sequence + 1, START_US + ask, { items: [], timers: [], crashes: [] });
    }
    feed.flush();
    expect(taker.rows('latency')).toEqual([]);
    feed.turn(1_000, START_US + MINUTE, { items: [], timers: [], crashes: [] });
    feed.flush();

    expect(taker.rows('latency')).toEqual([
      {
        at_us: START_US + MINUTE,
        session: 'today',
        path: 'inference',
        span_us: MINUTE,
        samples: 100,
        p50_us: 50,
        p99_us: 99,
        most_us: 99,
      },
    ]);
  });
});
