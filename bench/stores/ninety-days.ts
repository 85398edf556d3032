import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createSystemTime } from '../../src/actors/services/system-time.ts';
import { StoreArranger } from '../../src/compose/store-feed/store-arranger.ts';
import type { RowBatch, TimeSeriesStore } from '../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import { readBars } from '../../src/store/reading/read-market.ts';
import { bars, quotes, trades } from '../../src/store/tables/market.ts';
import type { Outcome } from '../harness/suite.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';

const SYMBOLS = 100;
const MINUTES = 390;
const READS = 31;
const BATCH_ROWS = 8_192;
const MINUTE_US = 60_000_000;
const DAY_US = 1_440 * MINUTE_US;
/** It ends at 21:30 UTC: its own day is over only tomorrow. */
const SESSION_US = 7 * 60 * MINUTE_US;
const ARRANGE_MS_MAX = 3_000;
/** 2026-01-05 14:30 UTC; weekends are traded through, which is as long to read. */
const BEGIN_US = 1_767_623_400_000_000;

/** As the sessions of those days leave them, or in the order in which the rows came. */
export function readNinetyDays(isLeftBySessions: boolean, days: number): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'bars.duckdb');
    let arrangeMs = Number.NaN;
    for (let day = 0; day < days; day += 1) {
      const spentMs = await writeDay(file, day, isLeftBySessions);
      if (isLeftBySessions) arrangeMs = Math.max(day === 0 ? 0 : arrangeMs, spentMs);
    }
    // As verbs open it.
    const store = await openDuckDbStore({ file, threads: 2 });
    const wallMs: number[] = [];
    for (let read = 0; read < READS; read += 1) wallMs.push(await readOne(store, days));
    await store.close();
    wallMs.sort((left, right) => left - right);
    const [leastMs = NaN, medianMs = NaN] = [wallMs[0], wallMs[Math.floor(READS / 2)]];
    const [load = NaN] = loadavg();
    return {
      figures: { rows: days * MINUTES, medianMs, leastMs, arrangeMsMax: arrangeMs },
      note: `one symbol of ${SYMBOLS}, ${READS} reads, load of the machine ${load.toFixed(1)}`,
    };
  });
}

/** A session of a day; answers how long its end took for the order of the days before. */
async function writeDay(file: string, day: number, isArranged: boolean): Promise<number> {
  const store = await openDuckDbStore({ file });
  await store.migrate([bars, trades, quotes]);
  const until = (day + 1) * SYMBOLS * MINUTES;
  for (let from = day * SYMBOLS * MINUTES; from < until; from += BATCH_ROWS) {
    await store.append(minutes(from, Math.min(BATCH_ROWS, until - from)));
  }
  const beganMs = performance.now();
  if (isArranged) await arrange(store, BEGIN_US + day * DAY_US + SESSION_US);
  const spentMs = performance.now() - beganMs;
  await store.close();
  return spentMs;
}

/** What the end of a session does. */
async function arrange(store: TimeSeriesStore, nowUs: number): Promise<void> {
  const { clock, timers } = createSystemTime();
  const arranger = new StoreArranger({
    store,
    reserve: () => Promise.resolve(),
    clock: { nowUs: () => nowUs, wallMs: () => clock.wallMs() },
    timers,
    log: (level, event, { error }) => {
      if (level === 'warn') throw new Error(`${event}: ${String(error)}`);
    },
  });
  await arranger.finish(clock.wallMs() + ARRANGE_MS_MAX);
}

async function readOne(store: TimeSeriesStore, days: number): Promise<number> {
  const query = {
    symbols: ['S7'],
    feed: 'bench',
    timeframe: '1m',
    fromUs: BEGIN_US,
    untilUs: BEGIN_US + days * DAY_US,
  };
  const beganMs = performance.now();
  let found = 0;
  for await (const batch of readBars(store, query)) found += batch.rows;
  const wallMs = performance.now() - beganMs;
  if (found !== days * MINUTES) throw new Error(`${found} rows were read`);
  return wallMs;
}

/** Minute by minute, all symbols of each, as a session writes them. */
function minutes(from: number, rows: number): RowBatch {
  const symbols: string[] = [];
  const startUs = new Float64Array(rows);
  const prices = Array.from({ length: 4 }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row += 1) {
    const minute = Math.floor((from + row) / SYMBOLS);
    symbols.push(`S${(from + row) % SYMBOLS}`);
    startUs[row] =
      BEGIN_US + Math.floor(minute / MINUTES) * DAY_US + (minute % MINUTES) * MINUTE_US;
    const cents = (minute * 7 + ((from + row) % SYMBOLS) * 13) % 9_770;
    for (const [place, price] of prices.entries()) price[row] = 100 + (cents + place) / 100;
  }
  const same = (value: string) => Array.from({ length: rows }, () => value);
  const filled = (value: number) => new Float64Array(rows).fill(value);
  const known = startUs.map((us) => us + MINUTE_US);
  const columns = [startUs, symbols, same('bench'), same('1m'), ...prices];
  return {
    table: bars,
    rows,
    columns: [...columns, filled(1_000), filled(NaN), filled(NaN), known],
  };
}
