import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import type { RowBatch, TableDeclaration, TimeSeriesStore } from '../../src/ports/time-series.ts';
import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import { describeWith } from './describe-with.ts';
import { type QuestDbServer, startQuestDb } from './questdb.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const KILLS = isLong ? 50 : 5;
const ROWS = isLong ? 5_000_000 : 200_000;
const SENDERS = 4;
const SYMBOLS_A_SENDER = 25;
const BATCH_ROWS = isLong ? 2_500 : 500;
/** Every so many batches a row is written again: the last version must win. */
const LATEST_EVERY = 5;
const SEED = Number(process.env['STRATA_SEED'] ?? Date.now() % 2 ** 31);
const START_US = Date.UTC(2026, 0, 5) * 1_000;
/** Five million rows end in several partitions. */
const STEP_US = 1_000_000;

const TICKS: TableDeclaration = {
  name: 'killed_ticks',
  tells: 'A row of a sender.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'when' },
    { name: 'symbol', kind: 'symbol', tells: 'which' },
    { name: 'number', kind: 'whole', tells: 'counts the rows of a symbol' },
    { name: 'price', kind: 'double', tells: 'dollars' },
    { name: 'note', kind: 'text', tells: 'in words' },
  ],
  time: 'at_us',
  partition: 'day',
  keys: ['symbol'],
};

const LATEST: TableDeclaration = { ...TICKS, name: 'killed_latest' };

/** Rows of one batch of a sender: its symbols in turn. */
function rowsOf(sender: number, from: number, rows: number): RowBatch {
  const places = Array.from({ length: rows }, (_, at) => from + at);
  const numbers = places.map((place) => Math.floor(place / SYMBOLS_A_SENDER));
  return {
    table: TICKS,
    rows,
    columns: [
      Float64Array.from(numbers, (number) => START_US + number * STEP_US),
      places.map((place) => `S${sender}_${place % SYMBOLS_A_SENDER}`),
      Float64Array.from(numbers),
      Float64Array.from(places, (place) => place / 7),
      places.map((place) => (place % 3 === 0 ? '' : `row ${place}`)),
    ],
  };
}

function latestOf(sender: number, number: number): RowBatch {
  const [symbols, notes] = [[`S${sender}`], ['']];
  const times = Float64Array.of(START_US);
  const numbers = Float64Array.of(number);
  const columns = [times, symbols, numbers, Float64Array.of(0), notes];
  return { table: LATEST, rows: 1, columns };
}

interface Progress {
  rows: number;
  repeats: number;
}

/** One batch at a time, each sent until the server has said that it has it. */
async function send(sender: number, store: TimeSeriesStore, progress: Progress): Promise<void> {
  const rows = ROWS / SENDERS;
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const batch = rowsOf(sender, from, Math.min(BATCH_ROWS, rows - from));
    await sendOne(store, batch, progress);
    progress.rows += batch.rows;
    if ((from / BATCH_ROWS) % LATEST_EVERY === 0) {
      await sendOne(store, latestOf(sender, from), progress);
    }
  }
  await sendOne(store, latestOf(sender, rows), progress);
}

async function sendOne(store: TimeSeriesStore, batch: RowBatch, progress: Progress): Promise<void> {
  for (;;) {
    try {
      const { refused } = await store.append(batch);
      expect(refused).toEqual([]);
      return;
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'STORE_AWAY')) throw error;
      progress.repeats += 1;
      await wait(50);
    }
  }
}

/** Kills are spread over the rows, at moments of chance. */
async function killAll(server: QuestDbServer, progress: Progress): Promise<number> {
  const random = new Random(SEED);
  for (let kills = 0; kills < KILLS; kills += 1) {
    const after = Math.floor((ROWS * 0.98 * (kills + random.unit())) / KILLS);
    while (progress.rows < after) await wait(2);
    await wait(random.below(30));
    await server.kill('SIGKILL');
    await wait(random.below(200));
    await server.restart();
  }
  return KILLS;
}

/** Every row once, each symbol's in the order in which they were sent. */
async function countInOrder(store: TimeSeriesStore): Promise<number> {
  const next = new Map<string, number>();
  let rows = 0;
  for await (const batch of store.read({
    table: TICKS,
    fromUs: 0,
    untilUs: Number.MAX_SAFE_INTEGER,
  })) {
    const [, symbols = [], numbers = []] = batch.columns;
    for (let at = 0; at < batch.rows; at += 1) {
      const symbol = String(symbols[at]);
      const number = next.get(symbol) ?? 0;
      if (numbers[at] !== number) {
        throw new Error(`${symbol}: row ${String(numbers[at])} where ${number} is next`);
      }
      next.set(symbol, number + 1);
    }
    rows += batch.rows;
  }
  expect(next.size).toBe(SENDERS * SYMBOLS_A_SENDER);
  return rows;
}

async function latest(store: TimeSeriesStore): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const everything = { fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER };
  for await (const { columns } of store.read({ table: LATEST, ...everything })) {
    found.push(...(columns[2] ?? []));
  }
  return found;
}

await describeWith(['questdb'], 'a real QuestDB that is killed while it is written to', () => {
  it(
    'has every row once and in order, whenever it died (J2)',
    async () => {
      await using server = await startQuestDb();
      const url = `http://127.0.0.1:${server.httpPort}`;
      const stores = Array.from({ length: SENDERS }, () =>
        openQuestDb({ url, applyMsMax: 300_000 }),
      );
      for (const store of stores) await store.migrate([TICKS, LATEST]);
      const progress = { rows: 0, repeats: 0 };
      const from = performance.now();
      const [kills] = await Promise.all([
        killAll(server, progress),
        ...stores.map((store, sender) => send(sender, store, progress)),
      ]);
      const seconds = ((performance.now() - from) / 1_000).toFixed(1);
      const [reader] = stores;
      expect(reader).toBeDefined();
      if (reader === undefined) return;
      const rows = await countInOrder(reader);
      process.stdout.write(
        `\n${kills} kills, ${SENDERS} senders, ${ROWS} rows sent in batches of ${BATCH_ROWS}, ` +
          `${progress.repeats} batches sent again, ${seconds} s: ${rows} distinct rows in the ` +
          `table, in order (seed ${SEED})\n`,
      );

      expect(rows).toBe(ROWS);
      expect(await latest(reader)).toEqual(Array.from(stores, () => ROWS / SENDERS));
      for (const store of stores) await store.close();
    },
    isLong ? 3_600_000 : 300_000,
  );
});
