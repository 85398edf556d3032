import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowBatch, TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import type { Adjust, CorporateAction } from '../../../../src/store/reading/adjustments.ts';
import {
  type BarQuery,
  readBars,
  readQuotes,
  readTrades,
} from '../../../../src/store/reading/read-market.ts';
import { corporateActions } from '../../../../src/store/tables/corporate-actions.ts';
import { bars, quotes, trades } from '../../../../src/store/tables/market.ts';

const DAY_US = 86_400_000_000;
const START_US = Date.UTC(2026, 0, 5) * 1_000;
const folder = mkdtempSync(join(tmpdir(), 'strata-reading-'));
let store: TimeSeriesStore;

beforeAll(async () => {
  store = await openDuckDbStore({ file: join(folder, 'strata.duckdb') });
  await store.migrate([bars, quotes, trades, corporateActions]);
  const days = [0, 1, 2, 3, 4, 5];
  await store.append(dailyBars('AAPL', days));
  await store.append(dailyBars('MSFT', days));
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function dayUs(day: number): number {
  return START_US + day * DAY_US;
}

/** Closes of 100, 101, ... with a volume of 1000; each known when its day is over. */
function dailyBars(symbol: string, days: readonly number[], known = days.map((day) => day + 1)) {
  const constant = (value: number) => new Float64Array(days.length).fill(value);
  const text = (value: string) => days.map(() => value);
  return {
    table: bars,
    rows: days.length,
    columns: [
      Float64Array.from(days, dayUs),
      text(symbol),
      text('sip'),
      text('1d'),
      constant(99),
      constant(120),
      constant(80),
      Float64Array.from(days, (day) => 100 + day),
      constant(1_000),
      constant(Number.NaN),
      constant(7),
      Float64Array.from(known, dayUs),
    ],
  } satisfies RowBatch;
}

async function tell(...actions: readonly CorporateAction[]): Promise<void> {
  await store.append({
    table: corporateActions,
    rows: actions.length,
    columns: [
      Float64Array.from(actions, ({ exUs }) => exUs),
      actions.map(({ symbol }) => symbol),
      actions.map(({ kind }) => kind),
      Float64Array.from(actions, ({ amount }) => amount),
      Float64Array.from(actions, ({ closeBefore }) => closeBefore),
      Float64Array.from(actions, ({ knownUs }) => knownUs),
      actions.map(() => 'test'),
    ],
  });
}

async function closes(parts: Partial<BarQuery>): Promise<readonly (readonly number[])[]> {
  const query = { feed: 'sip', timeframe: '1d', fromUs: dayUs(0), untilUs: dayUs(100), ...parts };
  const found: (readonly number[])[] = [];
  for await (const read of readBars(store, query)) {
    for (let row = 0; row < read.rows; row += 1) {
      found.push([read.close[row] ?? 0, read.volume[row] ?? 0]);
    }
  }
  return found;
}

function split(symbol: string, exDay: number, knownDay: number, amount: number): CorporateAction {
  const closeBefore = Number.NaN;
  return {
    symbol,
    kind: 'split',
    exUs: dayUs(exDay),
    knownUs: dayUs(knownDay),
    amount,
    closeBefore,
  };
}

describe('bars of the past', () => {
  it('come by time and symbol, of one feed and one timeframe, unadjusted', async () => {
    const read = [];
    const query = { feed: 'sip', timeframe: '1d', fromUs: dayUs(1), untilUs: dayUs(3) };
    for await (const batch of readBars(store, query)) read.push(batch);

    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({
      rows: 4,
      symbols: ['AAPL', 'MSFT', 'AAPL', 'MSFT'],
      startUs: Float64Array.of(dayUs(1), dayUs(1), dayUs(2), dayUs(2)),
      close: Float64Array.of(101, 101, 102, 102),
      vwap: new Float64Array(4).fill(Number.NaN),
      trades: new Float64Array(4).fill(7),
    });
    expect(await closes({ feed: 'iex' })).toEqual([]);
    expect(await closes({ timeframe: '1m' })).toEqual([]);
    expect(await closes({ symbols: ['MSFT'] })).toHaveLength(6);
  });

  it('hold back what was known later in its form, and say how many those were', async () => {
    await store.append(dailyBars('LATE', [0, 1, 2], [1, 4, 3]));
    let held = 0;
    const heldBack = (rows: number) => {
      held += rows;
    };
    const known = await closes({ symbols: ['LATE'], asOfUs: dayUs(3), heldBack });

    expect(known.map(([close]) => close)).toEqual([100, 102]);
    expect(held).toBe(1);
    expect(await closes({ symbols: ['LATE'], asOfUs: dayUs(4) })).toHaveLength(3);
    expect(await closes({ symbols: ['LATE'] })).toHaveLength(3);
  });
});

describe('prices adjusted for splits and dividends', () => {
  it('are in shares of the moment of the question, by what had happened then', async () => {
    await store.append(dailyBars('SPLT', [0, 1, 2, 3, 4, 5]));
    await tell(split('SPLT', 2, 0, 4), split('SPLT', 4, 1, 0.5));
    const at = async (asOfDay: number, adjust: Adjust) =>
      (await closes({ symbols: ['SPLT'], asOfUs: dayUs(asOfDay), adjust })).map(([close]) => close);

    // Known beforehand, and not yet: the shares of day 1.5 are those of before.
    expect(await at(1.5, 'splits')).toEqual([100]);
    expect(await at(3, 'splits')).toEqual([25, 25.25, 102]);
    expect(await at(6, 'splits')).toEqual([50, 50.5, 204, 206, 104, 105]);
    expect(await at(6, 'none')).toEqual([100, 101, 102, 103, 104, 105]);
    expect((await closes({ symbols: ['SPLT'], adjust: 'splits' })).map(([, size]) => size)).toEqual(
      [2_000, 2_000, 500, 500, 1_000, 1_000],
    );
    expect(await closes({ symbols: ['MSFT'], adjust: 'splits' })).toEqual(
      [0, 1, 2, 3, 4, 5].map((day) => [100 + day, 1_000]),
    );
  });

  it('follow a correction of an action from the moment on at which it was known', async () => {
    await store.append(dailyBars('CORR', [0, 1, 2]));
    await tell(split('CORR', 1, 0, 2), split('CORR', 1, 5, 4), split('CORR', 1, 7, 0));
    const first = async (asOfDay: number) =>
      (await closes({ symbols: ['CORR'], asOfUs: dayUs(asOfDay), adjust: 'splits' }))[0]?.[0];

    expect(await first(4)).toBe(50);
    expect(await first(6)).toBe(25);
    expect(await first(8)).toBe(100);
  });

  it('put a dividend back by the close before it, told or read', async () => {
    await store.append(dailyBars('DIVI', [0, 1, 2, 3]));
    const dividend = { symbol: 'DIVI', kind: 'dividend', knownUs: dayUs(0) } as const;
    await tell(
      { ...dividend, exUs: dayUs(1), amount: 1, closeBefore: 200 },
      { ...dividend, exUs: dayUs(3), amount: 1.02, closeBefore: Number.NaN },
    );

    // The second is measured by the close of day 2, which is 102.
    const [second, first] = [1 - 1.02 / 102, 1 - 1 / 200];
    const read = await closes({ symbols: ['DIVI'], adjust: 'all' });
    const wanted = [100 * (second * first), 101 * second, 102 * second, 103];
    for (const [day, [close, size]] of read.entries()) {
      expect(close).toBeCloseTo(wanted[day] ?? 0, 12);
      expect(size).toBe(1_000);
    }
    expect(read).toHaveLength(4);
    expect((await closes({ symbols: ['DIVI'], adjust: 'splits' }))[0]).toEqual([100, 1_000]);
  });

  it('are refused, with what to do, where an action cannot be applied', async () => {
    await tell({
      symbol: 'NONE',
      kind: 'dividend',
      exUs: dayUs(2),
      knownUs: dayUs(0),
      amount: 1,
      closeBefore: Number.NaN,
    });
    await tell(split('BADS', 2, 0, -4));
    const refused = { code: 'STORE_REFUSED' };

    await expect(closes({ symbols: ['NONE'], adjust: 'all' })).rejects.toMatchObject(refused);
    await expect(closes({ symbols: ['NONE'], adjust: 'all' })).rejects.toThrow(
      'the dividend of NONE on 2026-01-07 cannot be applied',
    );
    await expect(closes({ symbols: ['BADS'], adjust: 'splits' })).rejects.toMatchObject(refused);
    expect(await closes({ symbols: ['NONE'], adjust: 'splits' })).toEqual([]);
  });
});

describe('trades and quotes of the past', () => {
  it('come as the feed told them, adjusted where that is asked for', async () => {
    const [one, text] = [(value: number) => Float64Array.of(value), (value: string) => [value]];
    const [at, received] = [one(dayUs(0) + 5), one(dayUs(0) + 900)];
    const named = [at, text('TICK'), text('sip')];
    await store.append({
      table: trades,
      rows: 1,
      columns: [...named, one(77), one(3), one(100), one(50), one(0), received],
    });
    await store.append({
      table: quotes,
      rows: 1,
      columns: [
        ...named,
        one(3),
        one(0),
        one(99),
        one(5),
        one(101),
        one(Number.NaN),
        one(0),
        received,
      ],
    });
    await tell(split('TICK', 1, 0, 2));
    const query = { feed: 'sip', symbols: ['TICK'], fromUs: dayUs(0), untilUs: dayUs(1) };
    const splits = { ...query, adjust: 'splits' } as const;
    const read = async <Batch>(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> => {
      const found: Batch[] = [];
      for await (const batch of batches) found.push(batch);
      return found;
    };

    expect(await read(readTrades(store, query))).toMatchObject([
      { rows: 1, ids: one(77), price: one(100), size: one(50), receivedUs: received },
    ]);
    expect(await read(readTrades(store, splits))).toMatchObject([
      { price: one(50), size: one(100) },
    ]);
    expect(await read(readQuotes(store, splits))).toMatchObject([
      { bid: one(49.5), bidSize: one(10), ask: one(50.5), askSize: one(Number.NaN) },
    ]);
    expect(await read(readTrades(store, { ...query, asOfUs: dayUs(0) + 899 }))).toEqual([]);
  });
});
