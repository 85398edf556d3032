import { describe, expect, it } from 'vitest';
import { MEAN_REVERSION, MOMENTUM, RISK } from '../../../src/actors/kernel/actor-table.ts';
import type { Observed, Scored } from '../../../src/actors/kernel/messages.ts';
import { meanReversion, momentum } from '../../../src/actors/kernel/strategy.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { MINUTE } from '../../../src/core/time.ts';
import type { MarketView } from '../../../src/domain/risk/market-view.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import { KernelHarness } from '../../kernel-harness.ts';

const START_US = 1_700_000_000_000_000;
const A = symbolId(0);
const B = symbolId(1);
const ACCOUNT = textId<AccountId>('PAPER');
const VIEW: MarketView = {
  bid: 99,
  ask: 101,
  quoteUs: START_US,
  isBarOnly: false,
  last: 100,
  barUs: START_US,
  isHalted: false,
  bandLow: Number.NaN,
  bandHigh: Number.NaN,
  averageRange: 7,
};

describe('a signal', () => {
  it('is recorded and goes to risk, with the market it was made of', () => {
    const harness = strategies();
    harness.tell(MEAN_REVERSION, observed(-3));

    const [signal] = harness.facts;
    expect(signal).toEqual({
      kind: 'signalled',
      signalId: 'mr-AAA-1',
      strategy: 'mr',
      symbol: A,
      side: 'buy',
      purpose: 'entry',
      value: -3,
      threshold: -2,
      reason: 'below the mean',
      bid: 99,
      ask: 101,
      last: 100,
      stopDistance: 14,
      atUs: START_US,
    });
    expect(harness.heard(RISK)).toEqual([{ kind: 'signalMade', signal, view: VIEW }]);
  });

  it('of the model names the model', () => {
    const harness = strategies();
    harness.tell(MOMENTUM, scored(0.9));
    expect(harness.facts).toMatchObject([
      { signalId: 'mo-AAA-1', strategy: 'mo', purpose: 'entry', modelVersion: 'v7' },
    ]);
  });

  it('has an id of its own, within a turn and across a restart', () => {
    const harness = strategies();
    harness.tell(MEAN_REVERSION, observed(-3), observed(-3), observed(-3, B));
    harness.tell(MOMENTUM, scored(0.9));
    const again = harness.restarted();
    again.tell(MEAN_REVERSION, observed(-3));
    const ids = [...harness.factsOf('signalled'), ...again.factsOf('signalled')];

    expect(ids.map(({ signalId }) => signalId)).toEqual([
      'mr-AAA-1',
      'mr-AAA-2',
      'mr-BBB-1',
      'mo-AAA-1',
      'mr-AAA-3',
    ]);
  });

  it('is none of indicators that are not known (I7)', () => {
    const harness = strategies();
    harness.tell(MEAN_REVERSION, observed(Number.NaN));
    harness.tell(MOMENTUM, scored(Number.NaN), observed(-3));
    expect(harness.facts).toEqual([]);
  });
});

describe("a strategy's stance", () => {
  it('opens with the first fill, leaves with the last, and knows when it entered', () => {
    const harness = strategies();
    harness.record(intended('o1'));
    harness.tell(MEAN_REVERSION, observed(-3)); // An order is open.
    harness.record(...bought());
    harness.tell(MEAN_REVERSION, observed(-3));
    expect(harness.factsOf('signalled')).toEqual([]);
    harness.tell(MEAN_REVERSION, observed(0));
    harness.record(intended('o2', 'sell'), filled('o2', 'sell', 10, 3), stood('o2', 'filled'));
    harness.tell(MEAN_REVERSION, observed(0), observed(-3));

    const made = harness.factsOf('signalled').map(({ purpose, side }) => [purpose, side]);
    expect(made).toEqual([
      ['exit', 'sell'],
      ['entry', 'buy'],
    ]);
  });

  it('is the same in whatever order the parts and the end are heard of', () => {
    const [a, b, end] = bought();
    const orders = [
      [a, b, end],
      [a, end, b],
      [b, a, end],
      [b, end, a],
      [end, a, b],
      [end, b, a],
    ];
    const stances = orders.map((facts) => {
      const harness = strategies();
      harness.record(intended('o1'), ...facts);
      return harness.condensed(MEAN_REVERSION);
    });
    expect(stances[0]).toMatchObject([{ quantity: 10, enteredUs: START_US }, {}]);
    for (const stance of stances) expect(stance).toEqual(stances[0]);
  });

  it('is held to its time by the first fill, wherever the bars have gone', () => {
    const harness = strategies();
    harness.record(intended('o1'), filled('o1', 'buy', 6, START_US), stood('o1', 'canceled'));
    harness.advance(30 * MINUTE - 1);
    harness.tell(MEAN_REVERSION, observed(Number.NaN));
    expect(harness.factsOf('signalled')).toEqual([]);
    harness.advance(1);
    harness.tell(MEAN_REVERSION, observed(Number.NaN));
    expect(harness.factsOf('signalled')).toMatchObject([{ reason: 'held too long' }]);
  });

  it('counts a fill that comes after the end of its order, also after a snapshot', () => {
    const harness = strategies();
    harness.record(intended('o1'), stood('o1', 'canceled'));
    for (const place of [MEAN_REVERSION, MOMENTUM]) expectSame(harness, place);
    const copy = copyOf(harness, MEAN_REVERSION);
    for (const one of [harness, copy]) {
      one.record(filled('o1', 'buy', 6, 1));
      one.tell(MEAN_REVERSION, observed(0));
      expect(one.factsOf('signalled')).toMatchObject([{ purpose: 'exit' }]);
    }
  });

  it("is its own: another strategy's buy is not ours, and its orders do not stop us", () => {
    const harness = strategies();
    harness.record(intended('o1', 'buy', 'mo'));
    harness.tell(MEAN_REVERSION, observed(-3));
    harness.record(filled('o1', 'buy', 6, 1));
    harness.tell(MEAN_REVERSION, observed(0), observed(-3));
    expect(harness.factsOf('signalled').map(({ purpose }) => purpose)).toEqual(['entry', 'entry']);
  });

  it('is flat when risk has sold on its behalf', () => {
    const harness = strategies();
    harness.record(intended('o1'), filled('o1', 'buy', 6, 1), stood('o1', 'filled'));
    harness.record(intended('r1', 'sell', 'risk'), filled('r1', 'sell', 6, 2));
    harness.tell(MEAN_REVERSION, observed(0), observed(-3));
    expect(harness.factsOf('signalled')).toMatchObject([{ purpose: 'entry' }]);
  });

  it('remembers the newest news, whatever comes late', () => {
    const harness = strategies();
    for (const venueUs of [START_US - MINUTE, START_US - 60 * MINUTE]) {
      const news = { newsId: 'n', symbols: [A], headline: '', sentiment: 0, venueUs };
      harness.input({ kind: 'newsArrived', ...news });
    }
    harness.tell(MEAN_REVERSION, observed(-3), observed(-3, B));
    expect(harness.factsOf('signalled')).toMatchObject([{ symbol: B }]);
    harness.advance(4 * MINUTE);
    harness.tell(MEAN_REVERSION, observed(-3));
    expect(harness.factsOf('signalled')).toHaveLength(2);
  });

  it('comes back from its facts as it was', () => {
    const harness = strategies();
    harness.record(intended('o1'), filled('o1', 'buy', 6, 1), intended('o2', 'sell'));
    harness.record(intended('o3', 'buy', 'mr', B), stood('o3', 'rejected'));
    harness.tell(MEAN_REVERSION, observed(-3, B));
    harness.tell(MOMENTUM, scored(0.9));
    for (const place of [MEAN_REVERSION, MOMENTUM]) expectSame(harness, place);
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());
  });

  it('forgets the oldest of many ended orders, and no other', () => {
    const harness = strategies();
    for (let at = 0; at < 33; at += 1)
      harness.record(intended(`o${at}`), stood(`o${at}`, 'canceled'));
    harness.record(filled('o0', 'buy', 5, 1));
    harness.tell(MEAN_REVERSION, observed(0));
    expect(harness.factsOf('signalled')).toEqual([]);
    harness.record(filled('o1', 'buy', 5, 1));
    harness.tell(MEAN_REVERSION, observed(0));
    expect(harness.factsOf('signalled')).toMatchObject([{ purpose: 'exit' }]);
    expectSame(harness, MEAN_REVERSION);
  });
});

function strategies(): KernelHarness {
  const rules = { isEnabled: true, holdUsMax: 30 * MINUTE, stopDistanceAtr: 2 };
  const reversion = { ...rules, zEnter: 2, zExit: 0.5, zStop: 4, newsQuietUs: 5 * MINUTE };
  const harness = new KernelHarness({
    actors: [
      [MEAN_REVERSION, meanReversion(reversion)],
      [MOMENTUM, momentum({ ...rules, scoreEnter: 0.6, scoreExit: 0.5 })],
    ],
    startUs: START_US,
  });
  ['AAA', 'BBB'].forEach((name, row) => {
    const named = { symbol: symbolId(row), name, sector: '', isTradable: true };
    harness.input({ kind: 'symbolNamed', assetClass: 'equity', ...named });
  });
  return harness;
}

/** A fresh strategy, given what this one condenses to. */
function copyOf(harness: KernelHarness, place: number): KernelHarness {
  const copy = strategies();
  const slot = copy.kernel.slots[place];
  if (slot?.type !== 'actor') throw new Error('a strategy is an actor');
  for (const fact of harness.condensed(place)) slot.definition.apply(slot.state, fact);
  return copy;
}

function expectSame(harness: KernelHarness, place: number): void {
  expect(copyOf(harness, place).condensed(place)).toEqual(harness.condensed(place));
}

/** An order that is filled in two parts, the first at the start. */
function bought(): readonly [Fact, Fact, Fact] {
  return [
    filled('o1', 'buy', 6, START_US),
    filled('o1', 'buy', 4, START_US + 1),
    stood('o1', 'filled'),
  ];
}

function observed(zScore: number, symbol = A): Observed {
  return { kind: 'observed', symbol, zScore, layer: 2, view: VIEW };
}

function scored(score: number): Scored {
  const said = { score, isAgreed: true, reason: 'score', modelVersion: 'v7' };
  return { kind: 'scored', symbol: A, ...said, layer: 2, view: VIEW };
}

function intended(id: string, side: 'buy' | 'sell' = 'buy', strategy = 'mr', symbol = A): Fact {
  return {
    kind: 'intended',
    account: ACCOUNT,
    clientOrderId: textId(id),
    strategy: textId(strategy),
    signalId: textId('s'),
    symbol,
    side,
    purpose: side === 'buy' ? 'entry' : 'exit',
    quantity: shares(10),
    type: 'market',
    timeInForce: 'day',
    referencePrice: price(100),
    sequence: 0,
  };
}

function filled(id: string, side: 'buy' | 'sell', quantity: number, venueUs: number): Fact {
  const execution = {
    executionId: textId<never>(`${id}-${venueUs}`),
    quantity: shares(quantity),
    price: price(100),
    venueUs,
  };
  const clientOrderId = textId<never>(id);
  return { kind: 'filled', account: ACCOUNT, clientOrderId, symbol: A, side, execution };
}

function stood(id: string, standing: 'filled' | 'canceled' | 'rejected'): Fact {
  return { kind: 'stood', clientOrderId: textId(id), symbol: A, standing, atUs: 0 };
}
