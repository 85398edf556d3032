import { describe, expect, it } from 'vitest';
import { MarketRows } from '../../../../src/compose/store-feed/market-rows.ts';
import { SymbolNames } from '../../../../src/compose/store-feed/symbol-names.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_TRADES,
  CORRECTION,
  EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE,
  TRADE_REGULAR,
} from '../../../../src/domain/market/event-batch.ts';
import { RowTaker } from './row-taker.ts';

const START_US = 1_717_421_400_000_000;
const MINUTE_US = 60_000_000;

type Values = readonly [a?: number, b?: number, c?: number, d?: number, e?: number, f?: number];
interface Told {
  readonly kind: number;
  readonly us: number;
  readonly values: Values;
  readonly symbol?: number;
  readonly flags?: number;
  readonly exchange?: number;
}

function batchOf(...frames: readonly (readonly Told[])[]): EventBatch {
  const batch = new EventBatch();
  for (const [place, events] of frames.entries()) {
    for (const { kind, us, values, symbol = 0, flags = 0, exchange = 0 } of events) {
      const at = batch.add(kind, symbol, us, flags, exchange);
      const columns = [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f];
      for (const [column, value] of values.entries()) {
        const slots = columns[column];
        if (slots !== undefined && value !== undefined) slots[at] = value;
      }
    }
    batch.endFrame(START_US + 1_000 + place);
  }
  return batch;
}

function fed(
  frames: readonly (readonly Told[])[],
  { ticks = 'all', rowsMax = 4 }: { ticks?: 'all' | 'trades' | 'none'; rowsMax?: number } = {},
): { readonly taker: RowTaker; readonly rows: MarketRows; readonly gaps: number } {
  const taker = new RowTaker();
  const names = new SymbolNames();
  names.name(0, 'AAA');
  names.name(1, 'BBB');
  const isKernels = (): boolean => false;
  let gaps = 0;
  const gap = (): void => void (gaps += 1);
  const { take: taken } = taker;
  const rows = new MarketRows({ feed: 'iex', names, rowsMax, ticks, taken, gap, isKernels });
  const batch = batchOf(...frames);
  rows.take(batch, 0, batch.frames);
  for (const table of rows.tables) table.flush();
  return { taker, rows, gaps };
}

const trade = (us: number, id: number, price: number, size: number, symbol = 0): Told => ({
  kind: TRADE,
  us,
  values: [price, size, id],
  symbol,
  flags: TRADE_REGULAR,
  exchange: 3,
});
const quote = (us: number, bid: number, ask: number, symbol = 0): Told => ({
  kind: QUOTE,
  us,
  values: [bid, 2, ask, 5],
  symbol,
  flags: QUOTE_BID | QUOTE_ASK,
});

describe('rows of the market', () => {
  it('tell a trade in dollars, by its own number, and when its frame reached us', () => {
    const { taker } = fed([[], [trade(START_US, 77, 1_892_500, 100)]]);

    expect(taker.rows('trades')).toEqual([
      {
        venue_us: START_US,
        symbol: 'AAA',
        feed: 'iex',
        trade_id: 77,
        exchange: 3,
        price: 189.25,
        size: 100,
        flags: TRADE_REGULAR,
        received_us: START_US + 1_001,
      },
    ]);
  });

  it('replace a trade that is corrected, twice too, and leave a busted one with size 0', () => {
    const { taker, rows } = fed([
      [trade(START_US, 77, 1_892_500, 100), trade(START_US, 78, 1_892_500, 100, 1)],
      [
        {
          kind: CORRECTION,
          us: START_US + 9,
          values: [1_892_500, 100, 1_890_000, 90, 0, START_US],
        },
      ],
      [{ kind: CORRECTION, us: START_US + 10, values: [1_890_000, 90, 0, 0, 0, START_US] }],
    ]);

    expect(rows.unmatched).toBe(0);
    expect(
      taker.rows('trades').map(({ trade_id, price, size }) => [trade_id, price, size]),
    ).toEqual([
      [77, 189.25, 100],
      [78, 189.25, 100],
      [77, 189, 90],
      [77, 189, 0],
    ]);
    expect(taker.kept('trades')).toHaveLength(2);
  });

  it('count a correction of a trade that never came, and make no row of it', () => {
    const { taker, rows } = fed([
      [trade(START_US, 77, 1_892_500, 100)],
      [{ kind: CORRECTION, us: START_US + 9, values: [1_892_500, 101, 1, 1, 0, START_US] }],
    ]);

    expect(rows.unmatched).toBe(1);
    expect(taker.rows('trades')).toHaveLength(1);
  });

  it('tell an absent side of a quote as not known, and count those of one microsecond', () => {
    const { taker } = fed([
      [quote(START_US, 10_000, 10_100), quote(START_US, 10_000, 0), quote(START_US, 9_000, 1, 1)],
      [quote(START_US + 1, 0, 10_200), quote(START_US, 10_001, 10_100)],
    ]);
    const rows = taker.rows('quotes');

    expect(rows.map(({ symbol, place }) => [symbol, place])).toEqual([
      ['AAA', 0],
      ['AAA', 1],
      ['BBB', 0],
      ['AAA', 0],
      ['AAA', 1_000_000],
    ]);
    expect(rows.map(({ bid, ask }) => [bid, ask])).toEqual([
      [1, 1.01],
      [1, Number.NaN],
      [0.9, 0.0001],
      [Number.NaN, 1.02],
      [1.0001, 1.01],
    ]);
    expect(taker.kept('quotes')).toHaveLength(5);
  });

  it('keep a bar when it is whole and when it is told anew, and not while it forms', () => {
    const bar = (flags: number, close: number): Told => ({
      kind: BAR,
      us: START_US,
      flags,
      values: [10_000, 12_000, 9_000, close, 500, MINUTE_US],
    });
    const { taker } = fed([[bar(0, 9_500), bar(BAR_FINAL, 11_000), bar(BAR_UPDATED, 11_500)]]);

    expect(taker.rows('bars').map(({ timeframe, close }) => [timeframe, close])).toEqual([
      ['1m', 1.1],
      ['1m', 1.15],
    ]);
    expect(taker.kept('bars')).toHaveLength(1);
    expect(taker.kept('bars')[0]).toMatchObject({
      open: 1,
      high: 1.2,
      low: 0.9,
      volume: 500,
      vwap: Number.NaN,
      trades: Number.NaN,
      known_us: START_US + 1_000,
    });
  });

  it('leave out quotes, or trades too, where the configuration does, and never a gap', () => {
    const all: readonly Told[] = [
      trade(START_US, 1, 10_000, 1),
      quote(START_US, 1, 2),
      { kind: GAP, us: START_US, values: [], symbol: -1, flags: CHANNEL_TRADES },
    ];

    expect(fed([all], { ticks: 'trades' }).taker.tables).toEqual(['trades']);
    expect(fed([all], { ticks: 'none' }).taker.tables).toEqual([]);
    expect(fed([all], { ticks: 'none' }).gaps).toBe(1);
  });

  it('hand over full batches on the way, and change nothing in those any more', () => {
    const trades = Array.from({ length: 10 }, (_, id) => trade(START_US + id, id, 10_000 + id, 1));
    const { taker } = fed([trades], { rowsMax: 4 });

    expect(taker.batches.map(({ rows }) => rows)).toEqual([4, 4, 2]);
    expect(taker.rows('trades').map(({ trade_id }) => trade_id)).toEqual(
      Array.from({ length: 10 }, (_, id) => id),
    );
  });
});
