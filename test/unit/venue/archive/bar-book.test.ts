import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { sessionOf } from '../../../../src/domain/market/calendar.ts';
import { TRADE_EXTENDED } from '../../../../src/domain/market/conditions.ts';
import {
  CORRECTION,
  EventBatch,
  TRADE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { BarBook } from '../../../../src/venue/archive/bar-book.ts';
import { type BarRow, emptyBarRow } from '../../../../src/venue/archive/bar-row.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import { barBatch, correctionBatch, give, listenTo, OPEN_US } from './archive-harness.ts';

const REGULAR = { price: 1_000_000, size: 100, flags: TRADE_REGULAR };

function barAt(book: BarBook, startUs: number, symbol = 0): BarRow | undefined {
  const row = emptyBarRow();
  return book.minuteBar(symbol, startUs, row) ? row : undefined;
}

describe('the minute bars of the venue', () => {
  it('are told once, when their minute is over, with the day that they belong to', () => {
    const book = new BarBook(3);
    const told = listenTo(book);
    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    give(book, { ...REGULAR, symbol: 2, us: OPEN_US + 59 * SECOND });
    book.advance(OPEN_US + MINUTE - 1);
    expect(told).toEqual([]);

    book.advance(OPEN_US + MINUTE);
    book.advance(OPEN_US + MINUTE + SECOND);
    const dayUs = OPEN_US - 9.5 * HOUR;
    expect(told).toEqual([
      { channel: 'bars', symbol: 0, startUs: OPEN_US },
      { channel: 'bars', symbol: 2, startUs: OPEN_US },
      { channel: 'dailyBars', symbol: 0, startUs: dayUs },
      { channel: 'dailyBars', symbol: 2, startUs: dayUs },
    ]);
  });

  it('hold trades that arrive with the first of the next minute, and are told at the mark', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    give(book, { ...REGULAR, price: 1_020_000, us: OPEN_US + MINUTE - 1 }, OPEN_US + MINUTE);
    give(book, { ...REGULAR, price: 1_030_000, us: OPEN_US + MINUTE + 1 });

    expect(told.filter(({ channel }) => channel === 'bars')).toHaveLength(1);
    expect(barAt(book, OPEN_US)).toMatchObject({ high: 1_020_000, close: 1_020_000, volume: 200 });
  });

  it('leave out a minute in which no trade may set a price', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    give(book, { ...REGULAR, size: 7, flags: TRADE_VOLUME, us: OPEN_US + SECOND });
    give(book, { ...REGULAR, flags: TRADE_REGULAR | TRADE_SUSPICIOUS, us: OPEN_US + 2 * SECOND });
    book.advance(OPEN_US + MINUTE);

    expect(told).toEqual([]);
    expect(barAt(book, OPEN_US)).toBeUndefined();
  });

  it('of the early hours are made from extended trades, which add volume alone to the day', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    const earlyUs = OPEN_US - HOUR;
    const early = { price: 900_000, size: 300, flags: TRADE_VOLUME | TRADE_EXTENDED };
    give(book, { ...early, us: earlyUs });
    book.advance(earlyUs + MINUTE);
    expect(told).toEqual([{ channel: 'bars', symbol: 0, startUs: earlyUs }]);

    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    const day = emptyBarRow();
    expect(book.dayBar(0, day)).toBe(true);
    expect(day).toMatchObject({ open: 1_000_000, low: 1_000_000, volume: 400, trades: 2 });
  });
});

describe('a minute bar that changes', () => {
  it('is told as updated at the half minute after a late trade, and not before', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    book.advance(OPEN_US + MINUTE);
    const lateUs = OPEN_US + MINUTE + 10 * SECOND;
    give(book, { ...REGULAR, price: 1_050_000, us: OPEN_US + 50 * SECOND }, lateUs);
    book.advance(OPEN_US + MINUTE + 29 * SECOND);
    expect(told.map(({ channel }) => channel)).not.toContain('updatedBars');

    book.advance(OPEN_US + MINUTE + 30 * SECOND);
    expect(told.at(-1)).toEqual({ channel: 'updatedBars', symbol: 0, startUs: OPEN_US });
    const changed = { open: 1_000_000, high: 1_050_000, close: 1_000_000, volume: 200, trades: 2 };
    expect(barAt(book, OPEN_US)).toMatchObject(changed);
  });

  it('loses the volume of a trade that was taken back, and is gone with its last', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    const us = OPEN_US + SECOND;
    give(book, { ...REGULAR, us });
    give(book, { ...REGULAR, us: us + 1 });
    book.advance(OPEN_US + MINUTE);
    const laterUs = OPEN_US + MINUTE + SECOND;
    book.frame(correctionBatch({ us, old: 100, size: 40 }, laterUs), 0, 1, laterUs);
    expect(barAt(book, OPEN_US)).toMatchObject({ volume: 140, trades: 2, vwap: 1_000_000 });

    book.frame(correctionBatch({ us, old: 40, size: 0 }, laterUs), 0, 1, laterUs);
    book.frame(correctionBatch({ us: us + 1, old: 100, size: 0 }, laterUs), 0, 1, laterUs);
    expect(barAt(book, OPEN_US)).toBeUndefined();
    book.advance(OPEN_US + MINUTE + 30 * SECOND);
    expect(told.filter(({ channel }) => channel === 'updatedBars')).toHaveLength(1);
  });

  it('is corrected while it is still open', () => {
    const book = new BarBook(1);
    const us = OPEN_US + SECOND;
    give(book, { ...REGULAR, us });
    book.frame(correctionBatch({ us, old: 100, size: 30 }, us + SECOND), 0, 1, us + SECOND);
    book.advance(OPEN_US + MINUTE);

    expect(barAt(book, OPEN_US)).toMatchObject({ volume: 30, trades: 1 });
  });

  it('counts what is too late for any bar', () => {
    const book = new BarBook(1);
    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    give(book, { ...REGULAR, us: OPEN_US - DAY }, OPEN_US + 2 * SECOND);

    expect(book.unused).toBe(1);
  });
});

describe('bars that the market makes itself', () => {
  it('are taken as they are and told with the next look at the time', () => {
    const book = new BarBook(2);
    const told = listenTo(book);
    const nowUs = OPEN_US + MINUTE + 5_000;
    book.frame(barBatch(1, OPEN_US, 229), 0, 1, nowUs);
    book.advance(nowUs);

    expect(told.map(({ channel, symbol }) => [channel, symbol])).toEqual([
      ['bars', 1],
      ['dailyBars', 1],
    ]);
    const values = {
      open: 1_000_000,
      high: 1_010_000,
      low: 990_000,
      close: 1_005_000,
      volume: 229,
    };
    expect(barAt(book, OPEN_US, 1)).toMatchObject(values);
    const day = emptyBarRow();
    expect(book.dayBar(1, day)).toBe(true);
    expect(day).toMatchObject(values);
  });

  it('are no bars where they have no volume', () => {
    const book = new BarBook(1);
    book.frame(barBatch(0, OPEN_US, 0), 0, 1, OPEN_US + MINUTE);

    expect([book.unused, barAt(book, OPEN_US)]).toEqual([1, undefined]);
  });

  it('replace an earlier version, also in the day, and are told as updated', () => {
    const book = new BarBook(1);
    const told = listenTo(book);
    const nowUs = OPEN_US + MINUTE;
    book.frame(barBatch(0, OPEN_US, 100), 0, 1, nowUs);
    book.advance(nowUs);
    book.frame(barBatch(0, OPEN_US, 150), 0, 1, nowUs + SECOND);
    book.advance(nowUs + 30 * SECOND);

    const day = emptyBarRow();
    book.dayBar(0, day);
    expect([barAt(book, OPEN_US)?.volume, day.volume]).toEqual([150, 150]);
    expect(told.at(-1)?.channel).toBe('updatedBars');
  });
});

describe('a book of bars', () => {
  it('forgets a day when the next begins, after it was asked to keep it', () => {
    const book = new BarBook(1);
    const kept: number[] = [];
    book.beforeNewDay(() => {
      const day = emptyBarRow();
      kept.push(book.dayBar(0, day) ? day.volume : -1);
    });
    give(book, { ...REGULAR, us: OPEN_US + SECOND });
    book.advance(OPEN_US + DAY);

    expect(kept).toEqual([100]);
    expect([book.dayBar(0, emptyBarRow()), book.minutes.count(0)]).toEqual([false, 0]);
  });

  it('holds 10,000 symbols of 390 minutes in less than 150 MB of columns', () => {
    const { minutes } = new BarBook(10_003);

    expect(minutes.bytes).toBeLessThan(150_000_000);
    for (let symbol = 0; symbol < 10_003; symbol += 1) {
      for (let minute = 570; minute < 960; minute += 1) minutes.add(symbol, minute);
    }
    expect([minutes.lost, minutes.count(10_002)]).toEqual([0, 390]);
  });

  it('makes of a seeded session what a naive grouping of its trades makes', () => {
    const options = { seed: 3, symbols: 8, tradesPerDay: 3_000, extendedHours: true };
    const market = createSeededMarket(options);
    const book = new BarBook(market.symbols.length);
    const naive = new Map<string, { volume: number; prices: number[]; opens: number[] }>();
    const batch = new EventBatch(1_024, 256);
    const untilUs = OPEN_US + 2 * HOUR;
    for (let nowUs = 0; nowUs < untilUs && market.next(batch);) {
      for (let frame = 0; frame < batch.frames; frame += 1) {
        nowUs = batch.frameUs[frame] ?? 0;
        const [begin, end] = [batch.frameBegin(frame), batch.frameEnd[frame] ?? 0];
        book.frame(batch, begin, end, nowUs);
        book.advance(nowUs);
        for (let at = begin; at < end; at += 1) noteTrade(naive, batch, at);
      }
    }
    book.advance(untilUs + HOUR);
    const bars = [...naive].filter(
      ([, { opens, prices }]) => opens.length > 0 && prices.length > 0,
    );

    expect(bars.length).toBeGreaterThan(500);
    for (const [key, { volume, prices, opens }] of bars) {
      const [symbol, startUs] = key.split(' ').map(Number);
      expect(barAt(book, startUs ?? 0, symbol), key).toMatchObject({
        open: opens[0],
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: opens.at(-1),
        volume,
      });
    }
  });
});

/** The rules of venues.md 2.5 once more, as plainly as they can be said. */
function noteTrade(
  naive: Map<string, { volume: number; prices: number[]; opens: number[] }>,
  batch: EventBatch,
  at: number,
): void {
  const us = batch.venueUs[at] ?? 0;
  const flags = batch.flags[at] ?? 0;
  if (batch.kind[at] === CORRECTION) {
    const startUs = Math.floor((batch.f[at] ?? 0) / MINUTE) * MINUTE;
    const bar = naive.get(`${batch.symbol[at]} ${startUs}`);
    if (bar !== undefined) bar.volume += (batch.d[at] ?? 0) - (batch.b[at] ?? 0);
    return;
  }
  if (batch.kind[at] !== TRADE || (flags & TRADE_SUSPICIOUS) !== 0) return;
  const key = `${batch.symbol[at]} ${Math.floor(us / MINUTE) * MINUTE}`;
  const bar = naive.get(key) ?? { volume: 0, prices: [], opens: [] };
  naive.set(key, bar);
  bar.volume += batch.b[at] ?? 0;
  const isWhole = (flags & TRADE_REGULAR) === TRADE_REGULAR;
  if (isWhole || ((flags & TRADE_EXTENDED) !== 0 && sessionOf(us) !== 'core')) {
    bar.prices.push(batch.a[at] ?? 0);
    bar.opens.push(batch.a[at] ?? 0);
  }
}
