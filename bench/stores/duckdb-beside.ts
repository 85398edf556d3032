import { join } from 'node:path';
import { openDuckDbStore } from '../../src/store/duckdb/duckdb-store.ts';
import type { RowBatch } from '../../src/ports/time-series.ts';
import type { Outcome } from '../harness/suite.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { bestOf, type Turn, turnOf } from './store-turns.ts';
import { TEN_COLUMNS, tenColumnRows } from './ten-column-rows.ts';

const TURNS = 3;
const BATCH_ROWS = 8_192;

/** So many batches a turn. */
export function besideRowAppender(many: number): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const store = await openDuckDbStore({ file: join(folder, 'ours.duckdb') });
    await store.migrate([TEN_COLUMNS]);
    const peer = await rowAppender(join(folder, 'theirs.duckdb'));
    const ours: Turn[] = [];
    const theirs: Turn[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      // Ours may transfer what it is given, so each has batches of its own.
      const mine = batches(turn, many);
      const watch = new Stopwatch();
      for (const batch of mine) await store.append(batch);
      ours.push(turnOf(watch, many * BATCH_ROWS));
      const others = batches(turn, many);
      const peerWatch = new Stopwatch();
      for (const batch of others) peer.append(batch);
      theirs.push(turnOf(peerWatch, many * BATCH_ROWS));
    }
    const { tables } = await store.status();
    const rows = tables.find(({ name }) => name === TEN_COLUMNS.name)?.rows ?? 0;
    if (rows !== TURNS * many * BATCH_ROWS) throw new Error(`the store has ${rows} rows`);
    await store.close();
    peer.close();
    return { figures: bestOf(ours, theirs) };
  });
}

function batches(turn: number, many: number): readonly RowBatch[] {
  const from = turn * many * BATCH_ROWS;
  return Array.from({ length: many }, (_, place) =>
    tenColumnRows(from + place * BATCH_ROWS, BATCH_ROWS),
  );
}

/** DuckDB's own appender, a row at a time, as its documentation has it; no keys. */
async function rowAppender(file: string) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file, { threads: '2' });
  const connection = await instance.connect();
  await connection.run(
    'create table bench_rows (at_us timestamp, symbol varchar, place bigint, open double, ' +
      'high double, low double, "close" double, volume double, vwap double, spread double)',
  );
  const { DuckDBTimestampValue } = await import('@duckdb/node-api');
  const appender = await connection.createAppender('bench_rows');
  return {
    append({ rows, columns }: RowBatch): void {
      const [atUs, symbols, places, ...doubles] = columns;
      for (let row = 0; row < rows; row += 1) {
        appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Number(atUs?.[row]))));
        appender.appendVarchar(String(symbols?.[row]));
        appender.appendBigInt(BigInt(Number(places?.[row])));
        for (const column of doubles) appender.appendDouble(Number(column[row]));
        appender.endRow();
      }
      appender.flushSync();
    },
    close(): void {
      appender.closeSync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
