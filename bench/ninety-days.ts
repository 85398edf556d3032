import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { RowBatch, TimeSeriesStore } from '../src/ports/time-series.ts';
import { openDuckDbStore } from '../src/store/duckdb/duckdb-store.ts';
import { readBars } from '../src/store/reading/read-market.ts';
import { bars } from '../src/store/tables/market.ts';
import type { Outcome } from './bench.ts';
import { inScratchFolder } from './scratch-folder.ts';

const SYMBOLS = 100;
const DAYS = 90;
const MINUTES = 390;
const READS = 31;
const BATCH_ROWS = 8_192;
const MINUTE_US = 60_000_000;
const DAY_US = 1_440 * MINUTE_US;
/** 2026-01-05 14:30 UTC; weekends are traded through, which is as long to read. */
const BEGIN_US = 1_767_623_400_000_000;

/** As sessions wrote them, or after `strata store compact`. */
export function readNinetyDays(isArranged: boolean): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const store = await openDuckDbStore({ file: join(folder, 'bars.duckdb') });
    await store.migrate([bars]);
    const rows = SYMBOLS * DAYS * MINUTES;
    for (let from = 0; from < rows; from += BATCH_ROWS) {
      await store.append(minutes(from, Math.min(BATCH_ROWS, rows - from)));
    }
    const arrangeMs = isArranged ? await arrange(store) : Number.NaN;
    const wallMs: number[] = [];
    for (let read = 0; read < READS; read += 1) wallMs.push(await readOne(store));
    await store.close();
    wallMs.sort((left, right) => left - right);
    const [leastMs = NaN, medianMs = NaN] = [wallMs[0], wallMs[Math.floor(READS / 2)]];
    const [load = NaN] = loadavg();
    return {
      figures: { rows: DAYS * MINUTES, medianMs, leastMs, arrangeMs },
      note: `one symbol of ${SYMBOLS}, ${READS} reads, load of the machine ${load.toFixed(1)}`,
    };
  });
}

async function arrange(store: TimeSeriesStore): Promise<number> {
  const beganMs = performance.now();
  for (const { fromUs, untilUs } of await store.unarranged(bars, Number.MAX_SAFE_INTEGER)) {
    await store.arrange(bars, fromUs, untilUs);
  }
  return performance.now() - beganMs;
}

async function readOne(store: TimeSeriesStore): Promise<number> {
  const query = {
    symbols: ['S7'],
    feed: 'bench',
    timeframe: '1m',
    fromUs: BEGIN_US,
    untilUs: BEGIN_US + DAYS * DAY_US,
  };
  const beganMs = performance.now();
  let found = 0;
  for await (const batch of readBars(store, query)) found += batch.rows;
  const wallMs = performance.now() - beganMs;
  if (found !== DAYS * MINUTES) throw new Error(`${found} rows were read`);
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
