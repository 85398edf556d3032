import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../src/core/time.ts';
import {
  addTrade,
  isEmptyBar,
  OPEN_BAR_START_US,
  OPEN_BAR_WIDTH,
  resetBar,
} from '../../../../src/domain/market/bar.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import { extendedHoursFlags } from '../../../../src/domain/market/conditions.ts';
import { FaultList } from '../../../../src/domain/market/data-fault.ts';
import {
  BAR,
  EventBatch,
  QUOTE,
  TRADE,
  TRADE_REGULAR,
} from '../../../../src/domain/market/event-batch.ts';
import { applyQuote, NBBO_WIDTH, resetNbbo } from '../../../../src/domain/market/nbbo.ts';
import type { MarketSource } from '../../../../src/ports/market-source.ts';
import { leanFormat } from '../../../../src/streams/recorded/lean-formats.ts';
import { openRecorded } from '../../../../src/streams/recorded/open-recorded.ts';
import { readDailyHistory } from '../../../../src/streams/recorded/daily-history.ts';
import { RowReader } from '../../../../src/streams/recorded/row-reader.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const LEAN = join(DATA, 'intraday/lean_us_equity');
const DATE = 20131007;

beforeEach((context) => {
  if (!existsSync(LEAN)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

/** Calls back with each event's slot; answers the number of events. */
function each(source: MarketSource, handle: (batch: EventBatch, slot: number) => void): number {
  const batch = new EventBatch();
  let events = 0;
  let lastUs = 0;
  while (source.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      if ((batch.frameUs[frame] ?? 0) < lastUs) throw new Error(`time went back after ${lastUs}`);
      lastUs = batch.frameUs[frame] ?? 0;
    }
    for (let slot = 0; slot < batch.count; slot += 1) handle(batch, slot);
    events += batch.count;
  }
  return events;
}

function names(source: MarketSource): readonly string[] {
  return source.symbols.map((symbol) => symbol.name);
}

describe('2013-10-07, four symbols', () => {
  it('is decoded whole, every row once, and gives each symbol a best bid and offer', () => {
    const source = openRecorded(join(LEAN, 'tick'), { date: DATE });
    const counts = new Float64Array(source.symbols.length * 8);
    const books = new Float64Array(source.symbols.length * NBBO_WIDTH);
    const { openUs = 0, closeUs = 0 } = tradingDay(DATE) ?? {};
    let crossed = 0;
    let quotes = 0;
    let missing = 0;
    for (let at = 0; at < source.symbols.length; at += 1) resetNbbo(books, at * NBBO_WIDTH);
    const events = each(source, (batch, slot) => {
      const symbol = batch.symbol[slot] ?? 0;
      const kind = batch.kind[slot] ?? 0;
      counts[symbol * 8 + kind] = (counts[symbol * 8 + kind] ?? 0) + 1;
      if (kind !== QUOTE) return;
      const at = symbol * NBBO_WIDTH;
      applyQuote(
        books,
        at,
        batch.exchange[slot] ?? 0,
        batch.flags[slot] ?? 0,
        batch.a[slot] ?? 0,
        batch.b[slot] ?? 0,
        batch.c[slot] ?? 0,
        batch.d[slot] ?? 0,
      );
      const us = batch.venueUs[slot] ?? 0;
      if (us < openUs + MINUTE || us >= closeUs) return;
      quotes += 1;
      if ((books[at] ?? 0) > (books[at + 2] ?? 0)) crossed += 1;
      if (!((books[at] ?? 0) > 0 && (books[at + 2] ?? 0) > 0)) missing += 1;
    });

    // `unzip -p <file> | wc -l`, plus one: the last row has no newline.
    const rows = (lines: number) => lines + 1;
    expect(names(source)).toEqual(['AIG', 'BAC', 'IBM', 'SPY']);
    expect([0, 1, 2, 3].map((at) => counts[at * 8 + TRADE])).toEqual(
      [25_350, 88_171, 24_292, 250_600].map(rows),
    );
    expect([0, 1, 2, 3].map((at) => counts[at * 8 + QUOTE])).toEqual(
      [1_079_934, 476_854, 109_066, 27_408].map(rows),
    );
    expect(events).toBe(2_054_274 + 27_409);
    expect(source.faults).toMatchObject({ count: 0, first: [] });
    // A market is crossed for moments only. Were these the quotes of single exchanges, their best
    // would be crossed at 98 % of the rows.
    expect(crossed / quotes).toBeLessThan(0.0003);
    expect([crossed > 0, missing]).toEqual([true, 0]);
  });
});

/** Minute bars of one symbol's ticks: open, high, low, close and volume by start. */
function buildMinutes(
  trades: Iterable<readonly [us: number, price: number, size: number, flags: number]>,
): ReadonlyMap<number, readonly number[]> {
  const bars = new Map<number, readonly number[]>();
  const state = new Float64Array(OPEN_BAR_WIDTH);
  resetBar(state, 0);
  const close = () => {
    if (!isEmptyBar(state, 0)) bars.set(state[OPEN_BAR_START_US] ?? 0, [...state.subarray(0, 5)]);
    resetBar(state, 0);
  };
  for (const [us, price, size, flags] of trades) {
    const startUs = Math.floor(us / MINUTE) * MINUTE;
    const openUs = state[OPEN_BAR_START_US] ?? Number.NaN;
    if (openUs < startUs) close();
    addTrade(state, 0, price, size, flags, startUs);
  }
  close();
  return bars;
}

function leanMinutes(symbol: string): ReadonlyMap<number, readonly number[]> {
  const bars = new Map<number, readonly number[]>();
  each(openRecorded(join(LEAN, 'minute', symbol), { date: DATE }), (batch, slot) => {
    if (batch.kind[slot] !== BAR) return;
    const values = [batch.a, batch.b, batch.c, batch.d, batch.e].map((one) => one[slot] ?? 0);
    bars.set(batch.venueUs[slot] ?? 0, values);
  });
  return bars;
}

function isCore(us: number): boolean {
  const { openUs = 0, closeUs = 0 } = tradingDay(DATE) ?? {};
  return us >= openUs && us < closeUs;
}

function matches(
  built: ReadonlyMap<number, readonly number[]>,
  lean: ReadonlyMap<number, readonly number[]>,
): { readonly prices: number; readonly volumes: number } {
  let [prices, volumes] = [0, 0];
  for (const [us, bar] of lean) {
    const ours = built.get(us) ?? [];
    if ([0, 1, 2, 3].every((at) => ours[at] === bar[at])) prices += 1;
    if (ours[4] === bar[4]) volumes += 1;
  }
  return { prices, volumes };
}

describe('quotes of the ticks of IBM', () => {
  it('end each minute where the quote bars of Lean do', () => {
    const book = new Float64Array(NBBO_WIDTH);
    resetNbbo(book, 0);
    const closes = new Map<number, readonly number[]>();
    each(openRecorded(join(LEAN, 'tick/ibm'), { date: DATE }), (batch, slot) => {
      if (batch.kind[slot] !== QUOTE) return;
      const { exchange, flags, a, b, c, d } = batch;
      const values = [exchange, flags, a, b, c, d].map((column) => column[slot] ?? 0);
      const [place = 0, bits = 0, bid = 0, bidSize = 0, ask = 0, askSize = 0] = values;
      applyQuote(book, 0, place, bits, bid, bidSize, ask, askSize);
      const endUs = Math.floor((batch.venueUs[slot] ?? 0) / MINUTE) * MINUTE + MINUTE;
      closes.set(endUs, [book[0] ?? 0, book[2] ?? 0]);
    });
    let [same, all] = [0, 0];
    each(openRecorded(join(LEAN, 'minute/ibm'), { date: DATE }), (batch, slot) => {
      if (batch.kind[slot] !== QUOTE || !isCore(batch.venueUs[slot] ?? 0)) return;
      const [bid, ask] = closes.get(batch.venueUs[slot] ?? 0) ?? [];
      all += 1;
      if (bid === batch.a[slot] && ask === batch.c[slot]) same += 1;
    });

    expect([same, all]).toEqual([390, 390]);
  });
});

describe('minute bars made of the ticks of SPY', () => {
  it('by the rules of the tape equal those of Lean in volume, and mostly in price', () => {
    const trades: (readonly [number, number, number, number])[] = [];
    each(openRecorded(join(LEAN, 'tick/spy'), { date: DATE }), (batch, slot) => {
      if (batch.kind[slot] !== TRADE) return;
      const us = batch.venueUs[slot] ?? 0;
      const flags = batch.flags[slot] ?? 0;
      trades.push([
        us,
        batch.a[slot] ?? 0,
        batch.b[slot] ?? 0,
        isCore(us) ? flags : extendedHoursFlags(flags),
      ]);
    });
    const lean = leanMinutes('spy');

    expect(lean.size).toBe(828);
    // 715 of 828 (86 %) have equal prices; the next test shows where the others come from.
    expect(matches(buildMinutes(trades), lean)).toEqual({ prices: 715, volumes: 825 });
  });

  it('equal them nearly all once sweeps and exempt trades are left out, as Lean does', () => {
    const format = leanFormat('tick', 'trade', DATE);
    const path = join(LEAN, `tick/spy/${DATE}_trade.zip`);
    const rows = new RowReader(path, format.columns, false, new FaultList());
    const trades: (readonly [number, number, number, number])[] = [];
    const [sweep, exempt, extended] = [0x20, 0x20000000, 0x2000];
    while (rows.next()) {
      const [, price = 0, size = 0, , bits = 0] = rows.fields;
      const isOut = (bits & (sweep | exempt)) !== 0 && (bits & extended) === 0;
      trades.push([format.startUs(rows.fields), price, size, isOut ? 4 : TRADE_REGULAR]);
    }

    expect(matches(buildMinutes(trades), leanMinutes('spy'))).toEqual({
      prices: 822,
      volumes: 825,
    });
  });
});

describe('other recordings', () => {
  it.each([
    ['intraday/us_minute_2025', 99, 881_159, 0],
    ['intraday/us_minute_2026', 99, 378_415, 1],
    ['intraday/us_minute_2019_eqker', 24, 43_164, 0],
    ['intraday/spy_minute_2024', 1, 39_803, 0],
  ])('in %s are decoded whole', (folder, symbols, rows, faults) => {
    const source = openRecorded(join(DATA, folder));

    expect(source.symbols).toHaveLength(symbols);
    expect(each(source, () => undefined)).toBe(rows);
    expect(source.faults.count).toBe(faults);
  });

  it('with 64-bit zip headers are read like the others', () => {
    const source = openRecorded(join(LEAN, 'minute/spy'), { date: 20230803 });

    expect(each(source, () => undefined)).toBe(961 + 947);
    expect(source.faults.count).toBe(0);
  });

  it('hold twenty days of history before the day that is replayed', () => {
    const folder = join(DATA, 'daily/lean_us_equity/daily');
    const { bars, faults } = readDailyHistory(folder, ['AIG', 'BAC', 'IBM', 'SPY'], DATE);

    expect(faults.count).toBe(0);
    expect([...bars.values()].map((each) => each.length)).toEqual([20, 20, 20, 20]);
    expect(bars.get('SPY')?.at(-1)).toMatchObject({ date: 20131004, volume: expect.any(Number) });
  });
});
