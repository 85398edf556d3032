import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/core/time.ts';
import {
  ctaFlags,
  NO_CONDITION,
  TRADE_EXTENDED,
  tradeFlags,
  utpFlags,
} from '../../../../src/domain/market/conditions.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE_HIGH_LOW,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { MarketArchive } from '../../../../src/venue/archive/market-archive.ts';
import { MinuteBars } from '../../../../src/venue/archive/minute-bars.ts';
import { QuoteRing } from '../../../../src/venue/archive/quote-ring.ts';
import {
  MARK_CANCELED,
  MARK_CORRECTED,
  MARK_INCORRECT,
  TradeRing,
} from '../../../../src/venue/archive/trade-ring.ts';
import {
  correctedId,
  exchangeCode,
  tradeConditions,
} from '../../../../src/venue/archive/wire-codes.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import { OPEN_US } from './archive-harness.ts';

const FOREVER = Number.MAX_SAFE_INTEGER;

describe('the columns of minute bars', () => {
  it('keep the minutes of every symbol in order, whatever order they come in', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { maxLength: 120 });

    fc.assert(
      fc.property(minutes, minutes, (first, second) => {
        const bars = new MinuteBars(2);
        for (const [symbol, list] of [first, second].entries()) {
          for (const minute of list) bars.open[bars.add(symbol, minute)] = minute + 1;
        }
        for (const [symbol, list] of [first, second].entries()) {
          const sorted = list.toSorted((left, right) => left - right);
          const slots = sorted.map((_, place) => bars.slotAt(symbol, place));
          expect(slots.map((slot) => bars.minute[slot])).toEqual(sorted);
          expect(slots.map((slot) => bars.open[slot])).toEqual(sorted.map((minute) => minute + 1));
          expect(sorted.map((minute) => bars.find(symbol, minute))).toEqual(slots);
          expect(bars.find(symbol, 1_440)).toBe(-1);
        }
      }),
    );
  });

  it('count bars for which there is no room, and keep the others', () => {
    const bars = new MinuteBars(2, 1);
    for (let minute = 0; minute < 30; minute += 1) bars.add(0, minute);

    expect([bars.add(0, 30), bars.add(1, 0), bars.lost, bars.count(0)]).toEqual([-1, -1, 2, 30]);
  });
});

describe('the ring of trades', () => {
  it('forgets the oldest of all symbols, and never the latest of each', () => {
    const ring = new TradeRing(2, 4);
    ring.add(1, OPEN_US, 500, 10, 1, TRADE_REGULAR, 2);
    for (let at = 1; at <= 5; at += 1) {
      ring.add(0, OPEN_US + at, 100 + at, 10, 1 + at, TRADE_REGULAR, 2);
    }

    expect(ring.read(0, 0, FOREVER).map(({ id }) => id)).toEqual([3, 4, 5, 6]);
    expect(ring.read(1, 0, FOREVER)).toEqual([]);
    expect(ring.latest(1)).toMatchObject({ price: 500, id: 1 });
  });

  it('answers a span with both of its ends', () => {
    const ring = new TradeRing(1, 100);
    for (let at = 0; at < 10; at += 1) {
      ring.add(0, OPEN_US + at * SECOND, 100, 1, at, TRADE_REGULAR, 2);
    }
    const rows = ring.read(0, OPEN_US + 3 * SECOND, OPEN_US + 6 * SECOND);

    expect(rows.map(({ id }) => id)).toEqual([3, 4, 5, 6]);
  });

  it('marks a trade that was taken back, and adds the one that counts where it was changed', () => {
    const ring = new TradeRing(1, 100);
    ring.add(0, OPEN_US, 100, 50, 7, TRADE_REGULAR, 2);
    ring.add(0, OPEN_US + 1, 101, 60, 8, TRADE_REGULAR, 2);
    ring.add(0, OPEN_US + 9 * SECOND, 102, 70, 9, TRADE_REGULAR, 2);

    expect(ring.correct(0, OPEN_US, 100, 50, 0, 0)).toBe(7);
    expect(ring.correct(0, OPEN_US + 1, 101, 60, 101, 20)).toBe(8);
    expect(ring.correct(0, OPEN_US + 2, 101, 60, 101, 20)).toBe(-1);
    expect(ring.unknown).toBe(1);
    expect(ring.read(0, 0, FOREVER).map(({ id, size, mark }) => [id, size, mark])).toEqual([
      [7, 50, MARK_CANCELED],
      [8, 60, MARK_INCORRECT],
      [correctedId(8), 20, MARK_CORRECTED],
      [9, 70, 0],
    ]);
  });

  it('has a doubtful print, but not as the latest trade', () => {
    const ring = new TradeRing(1, 10);
    ring.add(0, OPEN_US, 100, 10, 1, TRADE_REGULAR, 2);
    ring.add(0, OPEN_US + 1, 900, 10, 2, TRADE_REGULAR | TRADE_SUSPICIOUS, 2);

    expect(ring.read(0, 0, FOREVER)).toHaveLength(2);
    expect(ring.latest(0)?.id).toBe(1);
  });
});

describe('the ring of quotes', () => {
  it('forgets the oldest and keeps the latest of each symbol', () => {
    const ring = new QuoteRing(2, 2);
    ring.add(1, OPEN_US, 99, 100, 101, 200, 0);
    for (let at = 1; at <= 3; at += 1) ring.add(0, OPEN_US + at, 90 + at, 100, 100, 200, 0);

    expect(ring.read(0, 0, FOREVER).map(({ bid }) => bid)).toEqual([92, 93]);
    expect(ring.latest(1)).toMatchObject({ bid: 99, askSize: 200 });
  });

  it('has price 0 for a side that an event does not carry', () => {
    const market = createSeededMarket({ seed: 1, symbols: 1 });
    const archive = new MarketArchive({
      seed: 1,
      symbols: market.symbols,
      calendar: market.calendar,
      history: new Map(),
    });
    const batch = new EventBatch(4, 4);
    for (const flags of [QUOTE_BID, QUOTE_BID | QUOTE_ASK]) {
      const at = batch.add(QUOTE, 0, OPEN_US + flags, flags, 0);
      batch.a[at] = 990_000;
      batch.b[at] = 100;
      batch.c[at] = 1_000_000;
      batch.d[at] = 300;
    }
    archive.frame(batch, 0, 2, OPEN_US + SECOND);

    expect(archive.quotes.read(0, 0, FOREVER).map(({ ask, askSize }) => [ask, askSize])).toEqual([
      [0, 0],
      [1_000_000, 300],
    ]);
  });
});

describe('the letters of a trade', () => {
  const kinds = [
    TRADE_REGULAR,
    TRADE_VOLUME,
    TRADE_VOLUME | TRADE_EXTENDED,
    TRADE_HIGH_LOW | TRADE_VOLUME,
  ];
  const reads = [
    ['C', utpFlags],
    ['A', ctaFlags],
    ['B', ctaFlags],
  ] as const;

  it.each(reads)('mean on tape %s what its flags mean', (tape, flagsOf) => {
    for (const flags of kinds) {
      for (const isCore of [true, false]) {
        const letters = tradeConditions(flags, isCore, tape);
        let combined = NO_CONDITION;
        for (const letter of letters) combined &= flagsOf(letter.charCodeAt(0));
        expect(tradeFlags(combined), letters.join()).toBe(flags);
      }
    }
  });

  it('let a doubtful print change nothing', () => {
    const letters = tradeConditions(TRADE_REGULAR | TRADE_SUSPICIOUS, true, 'C');

    expect(letters.map((letter) => utpFlags(letter.charCodeAt(0)))).toEqual([0]);
  });

  it('name the primary exchange of each tape', () => {
    expect([exchangeCode(1, 'A'), exchangeCode(0, 'B'), exchangeCode(1, 'C')]).toEqual([
      'N',
      'P',
      'Q',
    ]);
    expect(exchangeCode(200, 'C')).toBe('D');
  });
});

describe('a frame', () => {
  it('makes no object for an event, whatever it is', () => {
    const market = createSeededMarket({ seed: 2, symbols: 20, tradesPerDay: 50_000 });
    const { symbols, calendar } = market;
    const archive = new MarketArchive({ seed: 2, symbols, calendar, history: new Map() });
    archive.bars.listen(() => {});
    const batches = Array.from({ length: 60 }, () => new EventBatch(1_024, 256));
    const run = () => {
      let events = 0;
      for (const batch of batches) {
        for (let frame = 0; frame < batch.frames; frame += 1) {
          const [begin, end] = [batch.frameBegin(frame), batch.frameEnd[frame] ?? 0];
          archive.frame(batch, begin, end, batch.frameUs[frame] ?? 0);
          archive.advance(batch.frameUs[frame] ?? 0);
          events += end - begin;
        }
      }
      return events;
    };
    const costs: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      for (const batch of batches) market.next(batch);
      const before = process.memoryUsage().heapUsed;
      const events = run();
      costs.push((process.memoryUsage().heapUsed - before) / events);
    }

    // The first rounds pay for compilation; a collection in between makes a cost negative.
    const settled = costs.slice(10).filter((cost) => cost >= 0);
    // Bytes an event: the smallest object has 24, a double handed from call to call 12.
    expect(Math.min(...settled)).toBeLessThan(24);
  });
});
