import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Disk } from '../../src/ports/disk.ts';
import type { RowBatch, TableDeclaration, TimeSeriesStore } from '../../src/ports/time-series.ts';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import { createSeriesSink } from '../../src/store/sink/series-sink.ts';
import type { SeriesSink } from '../../src/store/sink/sink-types.ts';
import { spoolDisk } from '../../src/store/sink/spool-disk.ts';
import { layoutTable, symbolStates } from '../../src/store/tables/rows.ts';
import { TABLES } from '../../src/store/tables/tables.ts';
import { describeWith } from './describe-with.ts';
import { type QuestDbServer, startQuestDb } from './questdb.ts';

const START_US = Date.UTC(2026, 0, 5, 15) * 1_000;
const ROWS_A_BATCH = 200;
const STATE_LENGTH = 40;
const MINUTES = 60;

const LAYOUT = layoutTable('indicators', 'abc123', ['sma20', 'macd12-26-9.histogram', 'RSI']);

/** A row of every symbol and minute: what the table's keys tell apart. */
function rowsOf(table: TableDeclaration, minute: number): RowBatch {
  const places = Array.from({ length: ROWS_A_BATCH }, (_, at) => at);
  const columns = table.columns.map(({ name, kind }) => {
    switch (kind) {
      case 'symbol':
      case 'text':
        return places.map((place) =>
          name === 'symbol' ? `S${place}` : `${name} of minute ${minute}`,
        );
      case 'time':
        return new Float64Array(ROWS_A_BATCH).fill(START_US + minute * 60_000_000);
      case 'doubles':
        return places.map((place) =>
          Float64Array.from({ length: STATE_LENGTH }, (_, at) => stateAt(minute, place, at)),
        );
      case 'truth':
        return Uint8Array.from(places, (place) => place % 2);
      case 'whole':
        return Float64Array.from(places);
      case 'double':
        return Float64Array.from(places, (place) =>
          place % 9 === 0 ? Number.NaN : place / minute,
        );
    }
  });
  return { table, rows: ROWS_A_BATCH, columns };
}

/** Among them what a learned state may hold: infinities, NaN and both zeros. */
function stateAt(minute: number, place: number, at: number): number {
  return [Infinity, -Infinity, Number.NaN, -0, 0][(place + at) % 17] ?? Math.sqrt(minute * at) / 3;
}

function sinkBefore(store: TimeSeriesStore, disk: Disk): SeriesSink {
  return createSeriesSink({
    store,
    disk,
    folder: 'spool',
    limits: { backoffMsMax: 500, segmentBytes: 1 << 18 },
    clock: { wallMs: () => performance.now() },
    timers: {
      after(afterMs, run) {
        const timer = setTimeout(run, afterMs);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    log: () => {},
    failed: (error) => {
      throw error;
    },
  });
}

async function allOf(
  store: TimeSeriesStore,
  table: TableDeclaration,
): Promise<readonly RowBatch[]> {
  const found: RowBatch[] = [];
  const query = { table, fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER, batchRows: ROWS_A_BATCH };
  for await (const batch of store.read(query)) found.push(batch);
  return found;
}

await describeWith(['questdb'], 'a sink before a real QuestDB', () => {
  it('makes every table of ours, and puts right what was changed of them', async () => {
    await using server = await startQuestDb();
    const store = openQuestDb({ url: urlOf(server) });
    const tables = [...TABLES, LAYOUT];

    expect(await store.migrate(tables)).toEqual(
      tables.map(({ name }) => ({ table: name, what: 'create table' })),
    );
    expect(await store.migrate(tables)).toEqual([]);
    for (const statement of [
      'ALTER TABLE trades SET TTL 1 WEEK',
      'ALTER TABLE trades DEDUP DISABLE',
      'ALTER TABLE symbol_states SET TTL 6 WEEKS',
    ]) {
      await fetch(`${urlOf(server)}/exec?query=${encodeURIComponent(statement)}`);
    }
    expect(await store.migrate(tables)).toEqual([
      { table: 'trades', what: 'keep one row of venue_us, symbol, feed, exchange, trade_id' },
      { table: 'trades', what: 'keep rows for ever' },
      { table: 'symbol_states', what: 'keep rows for 3 DAYS' },
    ]);
    expect(await store.migrate(tables)).toEqual([]);
    await store.close();
  }, 120_000);

  it('loses nothing while it is dead, nor by a crash of ours, and drains then (J1)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-sink-'));
    try {
      await outlive(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});

async function outlive(folder: string): Promise<void> {
  await using server = await startQuestDb();
  const store = openQuestDb({ url: urlOf(server) });
  await store.migrate([symbolStates, LAYOUT]);
  const sink = sinkBefore(store, spoolDisk(folder));
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    if (minute === 10) await server.kill('SIGKILL');
    sink.offer(rowsOf(symbolStates, minute));
    sink.offer(rowsOf(LAYOUT, minute));
    await wait(40);
  }
  await wait(1_400);
  const { offers, offersSafe, lost, isAway, spooled } = sink.counters();

  expect({ offers, offersSafe, lost, isAway }).toEqual({
    offers: 2 * MINUTES,
    offersSafe: 2 * MINUTES,
    lost: 0,
    isAway: true,
  });
  expect(spooled).toBeGreaterThan(1.6 * MINUTES * ROWS_A_BATCH);
  // Nobody tells this one that it died: another goes on with its folder.
  const heir = openQuestDb({ url: urlOf(server) });
  const next = sinkBefore(heir, spoolDisk(folder));
  await server.restart();
  await heir.migrate([symbolStates, LAYOUT]);
  await drained(next);
  await expectAll(heir);
  await Promise.all([sink.close(0), next.close(0)]);
  await Promise.all([store.close(), heir.close()]);
}

async function drained(sink: SeriesSink): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (sink.counters().spooled > 0 && performance.now() < deadline) await wait(50);
  const none = { spooled: 0, lost: 0, refused: 0, damagedBytes: 0 };
  expect(sink.counters()).toMatchObject(none);
}

async function expectAll(store: TimeSeriesStore): Promise<void> {
  for (const table of [symbolStates, LAYOUT]) {
    const found = await allOf(store, table);
    expect(found.map(({ rows }) => rows)).toEqual(
      Array.from({ length: MINUTES }, () => ROWS_A_BATCH),
    );
    for (const [at, { columns }] of found.entries()) {
      expect(sorted(columns)).toEqual(sorted(rowsOf(table, at + 1).columns));
    }
  }
}

function urlOf({ httpPort }: QuestDbServer): string {
  return `http://127.0.0.1:${httpPort}`;
}

/** Rows by symbol, as texts that tell every double: the store's order is by symbol's name. */
function sorted(columns: RowBatch['columns']): readonly string[] {
  return Array.from({ length: ROWS_A_BATCH }, (_, row) =>
    columns
      .map((values) => values[row])
      .map((value) =>
        value instanceof Float64Array ? Array.from(value, bits).join() : bits(value),
      )
      .join('|'),
  ).toSorted();
}

function bits(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
