import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type {
  ColumnValues,
  RowBatch,
  TableDeclaration,
} from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-signs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signed: TableDeclaration = {
  name: 'signed',
  tells: 'Zeros of both signs.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'when' },
    { name: 'value', kind: 'double', tells: 'a double' },
    { name: 'state', kind: 'doubles', tells: 'a list' },
  ],
  time: 'at_us',
  partition: 'day',
  keys: [],
};

const ROWS = 20_000;

/** Long runs of zeros, and something else at the end; in lists there are nothing but zeros. */
function runs(): RowBatch {
  const at = (row: number) => (row > ROWS - 100 ? row : row % 3 === 0 ? -0 : 0);
  const value = Float64Array.from({ length: ROWS }, (_, row) => at(row));
  const state: ColumnValues = Array.from(value, (_, row) =>
    Float64Array.of(0, row % 3 === 0 ? -0 : 0, -0),
  );
  const times = Float64Array.from({ length: ROWS }, (_, row) => 1_767_225_600_000_000 + row);
  return { table: signed, rows: ROWS, columns: [times, value, state] };
}

/** Of the values, and of all lists. */
function negativeZeros({ columns: [, value = [], state = []] }: RowBatch): readonly number[] {
  const count = (values: readonly unknown[]) => values.filter((one) => Object.is(one, -0)).length;
  const lists = [...state].flatMap((list: unknown) =>
    list instanceof Float64Array ? [...list] : [],
  );
  return [count([...value]), count(lists)];
}

describe('doubles in the file of the embedded store', () => {
  it('keep the signs of zeros in long runs, as rows of states need them', async () => {
    const file = join(folder, 'strata.duckdb');
    const written = await openDuckDbStore({ file });
    await written.migrate([signed]);
    await written.append(runs());
    await written.close();
    const again = await openDuckDbStore({ file });
    const all = { table: signed, fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER, batchRows: ROWS };
    const batches: RowBatch[] = [];
    for await (const batch of again.read(all)) batches.push(batch);
    await again.close();

    expect(batches).toHaveLength(1);
    const [batch = runs()] = batches;
    expect([batch.rows, negativeZeros(batch)]).toEqual([ROWS, negativeZeros(runs())]);
  });
});
