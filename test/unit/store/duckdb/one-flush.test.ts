import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TableDeclaration } from '../../../../src/ports/time-series.ts';
import { appendChunks, isOneFlush } from '../../../../src/store/duckdb/chunk-writer.ts';
import { Database, rowsOf } from '../../../../src/store/duckdb/database.ts';
import { loadNative, type Native } from '../../../../src/store/duckdb/native.ts';
import { type PackedBatch, packBatch } from '../../../../src/store/duckdb/packed-batch.ts';

const LATER: TableDeclaration = {
  name: 'later',
  tells: 'A row of the test.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'a microsecond' },
    { name: 'note', kind: 'text', tells: 'a text' },
    { name: 'state', kind: 'doubles', tells: 'doubles' },
  ],
  time: 'at_us',
  partition: 'day',
  keys: [],
};

type Appender = InstanceType<Native['api']['DuckDBAppender']>;

const folder = mkdtempSync(join(tmpdir(), 'strata-flush-'));
let native: Native;
let database: Database;

beforeAll(async () => {
  native = await loadNative();
  const file = join(folder, 'flush.duckdb');
  database = await Database.open(native, { file, memoryBytesMax: 256 << 20, threads: 1 });
});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows that others see when all was given to the appender and it was not closed yet. */
async function seenBeforeClose(batch: PackedBatch): Promise<unknown> {
  await database.writer.run(
    'CREATE OR REPLACE TABLE later (at_us TIMESTAMP, note VARCHAR, s BLOB)',
  );
  const closing = vi.spyOn(native.api.DuckDBAppender.prototype, 'closeSync');
  const left: Appender[] = [];
  closing.mockImplementation(function (this: Appender) {
    left.push(this);
  });
  const reader = await database.connect();
  try {
    const { writer: connection } = database;
    const appending = { native, connection, table: 'later', isTemporary: false, batch };
    await appendChunks({ ...appending, places: [0, 1, 2], rows: undefined });
    const [[seen] = []] = await rowsOf(reader, 'SELECT count(*) FROM later');
    return seen;
  } finally {
    closing.mockRestore();
    for (const appender of left) appender.closeSync();
    reader.closeSync();
  }
}

function rowsWith(rows: number, noteLength: number, doubles: number): PackedBatch {
  const note = 'n'.repeat(noteLength);
  const state = new Float64Array(doubles).fill(1.5);
  return packBatch({
    table: LATER,
    rows,
    columns: [
      Float64Array.from({ length: rows }, (_, row) => row + 1),
      Array.from({ length: rows }, () => note),
      Array.from({ length: rows }, () => state),
    ],
  });
}

describe('a batch that is one flush', () => {
  it.each([
    ['many rows', 65_536, 4, 1],
    ['long texts', 1_000, 2_500, 1],
    ['long lists', 50, 4, 20_000],
  ])('is there whole or not at all: %s', async (_, rows, noteLength, doubles) => {
    const batch = rowsWith(rows, noteLength, doubles);

    expect(isOneFlush(batch)).toBe(true);
    expect(await seenBeforeClose(batch)).toBe(0n);
    expect(await rowsOf(database.writer, 'SELECT count(*) FROM later')).toEqual([[BigInt(rows)]]);
  });

  it('is none where the appender would write a part of it before', async () => {
    const batch = rowsWith(220_000, 4, 0);

    expect(isOneFlush(batch)).toBe(false);
    expect(await seenBeforeClose(batch)).not.toBe(0n);
    expect(isOneFlush(rowsWith(65_537, 4, 0))).toBe(false);
    expect(isOneFlush(rowsWith(1_000, 3_000, 0))).toBe(false);
    expect(isOneFlush(rowsWith(60, 4, 20_000))).toBe(false);
  });
});
