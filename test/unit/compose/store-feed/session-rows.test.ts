import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { retellSession } from '../../../../src/compose/store-feed/refill.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import type { StoreFeed } from '../../../../src/compose/store-feed/store-feed.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { GOLDEN_HASH, goldenFile, runGolden } from '../../../golden/golden-session.ts';
import { RowTaker } from './row-taker.ts';

const file = goldenFile();
const config = Config.parse(file.config);

function feedInto(taker: RowTaker, safe = 0): StoreFeed {
  return sessionFeed(file, config, { taken: taker.take, safe });
}

describe('the rows of a session', () => {
  it('leave its decisions as they are, and come again from its journal to the bit', async () => {
    const live = new RowTaker();
    const feed = feedInto(live);
    const { disk, hash } = await runGolden({ feed });
    feed.finish();
    const told = new RowTaker();
    const again = feedInto(told);
    retellSession(disk, file, again);

    expect(hash).toBe(GOLDEN_HASH);
    expect(live.tables.length).toBeGreaterThanOrEqual(8);
    expect(told.tables).toEqual(live.tables);
    for (const table of live.tables) {
      expect(bytesOf(told, table).equals(bytesOf(live, table)), table).toBe(true);
    }
    expect(again.passedOver).toEqual(feed.passedOver);
  }, 60_000);
});

function bytesOf(taker: RowTaker, table: string): Buffer {
  const batches = taker.batches.filter((batch) => batch.table.name === table);
  const width = batches[0]?.columns.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) =>
    Buffer.concat(batches.map((batch) => columnBytes(batch, column))),
  );
  return Buffer.concat(columns);
}

function columnBytes({ columns }: RowBatch, column: number): Buffer {
  const values = columns[column] ?? [];
  if (values instanceof Float64Array || values instanceof Uint8Array) {
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  }
  return Buffer.concat(
    values.map((value) =>
      typeof value === 'string'
        ? Buffer.from(`${JSON.stringify(value)};`)
        : Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    ),
  );
}
