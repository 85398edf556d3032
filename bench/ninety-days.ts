import { join } from 'node:path';
import type { RowBatch } from '../src/ports/time-series.ts';
import { openDuckDbStore } from '../src/store/duckdb/duckdb-store.ts';
import { readBars } from '../src/store/reading/read-market.ts';
import { bars } from '../src/store/tables/market.ts';
import type { Outcome } from './bench.ts';
import { inScratchFolder } from './scratch-folder.ts';

const SYMBOLS = 20;
const DAYS = 90;
const MINUTES = 390;
const READS = 15;
const BATCH_ROWS = 8_192;
const MINUTE_US = 60_000_000;
const DAY_US = 1_440 * MINUTE_US;
/** 2026-01-05 14:30 UTC; weekends are traded through, which is as long to read. */
const BEGIN_US = 1_767_623_400_000_000;

export function readNinetyDays(): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const store = await openDuckDbStore({ file: join(folder, 'bars.duckdb') });
    await store.migrate([bars]);
    const rows = SYMBOLS * DAYS * MINUTES;
    for (let from = 0; from < rows; from += BATCH_ROWS) {
      await store.append(minutes(from, Math.min(BATCH_ROWS, rows - from)));
    }
    const query = {
      symbols: ['S7'],
      feed: 'bench',
      timeframe: '1m',
      fromUs: BEGIN_US,
      untilUs: BEGIN_US + DAYS * DAY_US,
    };
    const wallMs: number[] = [];
    for (let read = 0; read < READS; read += 1) {
      const beganMs = performance.now();
      let found = 0;
      for await (const batch of readBars(store, query)) found += batch.rows;
      wallMs.push(performance.now() - beganMs);
      if (found !== DAYS * MINUTES) throw new Error(`${found} rows were read`);
    }
    await store.close();
    wallMs.sort((left, right) => left - right);
    const [leastMs = NaN, middleMs = NaN] = [wallMs[0], wallMs[Math.floor(READS / 2)]];
    return { figures: { rows: DAYS * MINUTES, medianMs: middleMs, leastMs } };
  });
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
    for (const price of prices) price[row] = 100 + (minute % 977) / 10;
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
