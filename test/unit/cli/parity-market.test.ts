import { describe, expect, it } from 'vitest';
import {
  MarketDigest,
  marketDifference,
  type MarketShared,
} from '../../../src/cli/parity-market.ts';
import { MINUTE } from '../../../src/core/time.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  EventBatch,
  TRADE,
} from '../../../src/domain/market/event-batch.ts';

const OPEN_US = 1_717_421_400_000_000;

interface Told {
  readonly minute: number;
  readonly symbol?: number;
  readonly close?: number;
  readonly isUpdated?: boolean;
  /** Trades before it in its frame. */
  readonly trades?: number;
}

/** Each in a frame of its own, received so late. */
function digest(told: readonly Told[], lateUs: number, shared: MarketShared = 'bars') {
  const made = new MarketDigest(shared);
  for (const { minute, symbol = 0, close = 1_000, isUpdated = false, trades = 0 } of told) {
    const batch = new EventBatch(16, 1);
    for (let at = 0; at < trades; at += 1) batch.add(TRADE, symbol, OPEN_US, 15, 4);
    const startUs = OPEN_US + minute * MINUTE;
    const flags = isUpdated ? BAR_FINAL | BAR_UPDATED : BAR_FINAL;
    const at = batch.add(BAR, symbol, startUs, flags, 0);
    [batch.a[at], batch.b[at], batch.c[at], batch.d[at]] = [1_000, 1_100, 900, close];
    batch.endFrame(startUs + MINUTE + lateUs);
    made.frames(batch, startUs + MINUTE + lateUs);
  }
  return made;
}

describe('the market that two live sessions share', () => {
  it('is their bars, whenever they came and whatever trades came between them', () => {
    const left = digest([{ minute: 0 }, { minute: 1, trades: 3 }], 10);
    const right = digest([{ minute: 0, trades: 1 }, { minute: 1 }], 5_000);

    expect(marketDifference(left, right)).toBeUndefined();
    expect([left.events, right.events]).toEqual([2, 2]);
    const events = (lateUs: number) => digest([{ minute: 0 }], lateUs, 'events');
    expect(marketDifference(events(10), events(11))).toContain('up to event 1');
  });

  it('does not count what is told again, changed or not, by one wire and not by the other', () => {
    const left = digest([{ minute: 0 }, { minute: 0, close: 950, isUpdated: true }], 10);
    const right = digest([{ minute: 0 }], 10);

    expect(marketDifference(left, right)).toBeUndefined();
    expect(left.events).toBe(1);
  });

  it('is none where one of them has had nothing', () => {
    const some = digest([{ minute: 0 }], 10);

    expect(marketDifference(some, digest([], 10))).toBe('B has had nothing of it');
    expect(marketDifference(digest([], 10), some)).toBe('A has had nothing of it');
    expect(marketDifference(digest([], 10), digest([], 10))).toBeUndefined();
  });

  it('is another one where a bar is another one, is missing, or is of another symbol', () => {
    const told = [{ minute: 0 }, { minute: 1 }, { minute: 2 }];
    const bars = digest(told, 10);

    for (const other of [{ minute: 1, close: 1_001 }, { minute: 3 }, { minute: 1, symbol: 1 }]) {
      const changed = told.map((one, at) => (at === 1 ? other : one));
      expect(marketDifference(bars, digest(changed, 10))).toMatch(/up to event 2$/);
    }
  });
});
