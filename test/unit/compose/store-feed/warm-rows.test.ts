import { describe, expect, it } from 'vitest';
import { readWarmRows } from '../../../../src/compose/store-feed/warm-rows.ts';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { symbolStates } from '../../../../src/store/tables/rows.ts';
import { goldenMarket } from '../../../golden/golden-session.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { learnedOf, questionOf, secondDay, SECOND_OPEN_US, statesOf } from './two-days.ts';

const CLOSE_US = tradingDay(20240603)?.closeUs ?? 0;

async function storeOf(batches: readonly RowBatch[]): Promise<MemorySeries> {
  const store = new MemorySeries();
  await store.migrate([symbolStates]);
  for (const batch of batches) await store.append(batch);
  return store;
}

interface Told {
  readonly us: number;
  readonly symbol: string;
  readonly value: number;
  readonly feed?: string;
  readonly layout?: string;
}

function statesTold(rows: readonly Told[]): RowBatch {
  const { feed, row: own } = questionOf(new MemorySeries());
  return {
    table: symbolStates,
    rows: rows.length,
    columns: [
      Float64Array.from(rows, ({ us }) => us),
      rows.map(({ symbol }) => symbol),
      rows.map((row) => row.feed ?? feed),
      rows.map(() => 'yesterday'),
      Float64Array.from(rows, (_, place) => place + 1),
      rows.map((row) => row.layout ?? own.layout),
      rows.map(({ value }) => Float64Array.of(value)),
    ],
  };
}

async function ask(rows: readonly Told[], of: { nowUs?: number; areBarsSent?: boolean } = {}) {
  const store = await storeOf([statesTold(rows)]);
  return readWarmRows({ ...questionOf(store), names: ['AAA', 'BBB'], ...of });
}

describe('rows that are warmed from the store', () => {
  it('are to the bit those of an engine that never stopped', async () => {
    const never = learnedOf(await statesOf(goldenMarket({ days: 2 })));
    const first = await statesOf(goldenMarket());
    const { rows, reason } = await readWarmRows(questionOf(await storeOf(first.batches)));
    const warm = learnedOf(await statesOf(secondDay(rows)));
    const cold = learnedOf(await statesOf(secondDay([])));

    expect(reason).toBeUndefined();
    expect(rows).toHaveLength(3 * 18);
    expect(never.length).toBeGreaterThan(500);
    expect(warm).toEqual(never);
    expect(cold).not.toEqual(never);
  }, 60_000);
});

describe('what is read of the store for them', () => {
  it("is each symbol's last state, wherever in the day it is", async () => {
    const { rows, reason } = await ask([
      { us: CLOSE_US - 5 * HOUR, symbol: 'BBB', value: 1 },
      { us: CLOSE_US - 4 * HOUR, symbol: 'BBB', value: 2 },
      { us: CLOSE_US - MINUTE, symbol: 'AAA', value: 3 },
      { us: CLOSE_US, symbol: 'AAA', value: 4 },
    ]);

    expect(reason).toBeUndefined();
    expect(rows.map(({ symbol, values, mayLack }) => [symbol, values[0], mayLack])).toEqual([
      [0, 4, false],
      [1, 2, false],
    ]);
    expect(rows[0]).toMatchObject({ kind: 'rowWarmed', session: 'yesterday', sequence: 4 });
  });

  it('is nothing of another feed, another layout, or a day that has a hole before it', async () => {
    const state = { us: CLOSE_US, symbol: 'AAA', value: 1 };

    expect((await ask([{ ...state, feed: 'sip' }])).rows).toEqual([]);
    expect((await ask([{ ...state, layout: 'older' }])).rows).toEqual([]);
    expect((await ask([state], { nowUs: SECOND_OPEN_US + 20 * HOUR })).reason).toMatch(/none of/);
    expect((await ask([])).reason).toMatch(/none of the trading day before/);
  });

  it('is nothing of a day that ended before its close: nobody knows what came then', async () => {
    const { rows, reason } = await ask([{ us: CLOSE_US - MINUTE, symbol: 'AAA', value: 1 }]);

    expect(rows).toEqual([]);
    expect(reason).toMatch(/ends before the close/);
  });

  it('is of today where bars that were missed are sent again, and may lack some', async () => {
    const today = [{ us: SECOND_OPEN_US + 30 * MINUTE, symbol: 'BBB', value: 7 }];
    const nowUs = SECOND_OPEN_US + HOUR;
    const sent = await ask(today, { nowUs, areBarsSent: true });

    expect(sent.rows.map(({ symbol, mayLack }) => [symbol, mayLack])).toEqual([[1, true]]);
    expect((await ask(today, { nowUs, areBarsSent: false })).reason).toMatch(/nobody sends them/);
  });
});
