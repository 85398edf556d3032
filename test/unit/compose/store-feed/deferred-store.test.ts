import { describe, expect, it } from 'vitest';
import { deferredStore } from '../../../../src/compose/store-feed/deferred-store.ts';
import { StoreError, type StoreErrorCode } from '../../../../src/ports/store-error.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { latency } from '../../../../src/store/tables/latency.ts';
import { layoutTable } from '../../../../src/store/tables/rows.ts';
import { MemorySeries, type MemorySeriesContent } from '../../../memory-series.ts';

const OTHER = layoutTable('indicators', 'abc', ['sma20']);

function batchOf(table: typeof latency): RowBatch {
  const columns = table.columns.map(({ kind }) =>
    kind === 'symbol' || kind === 'text' ? ['a'] : Float64Array.of(1),
  );
  return { table, rows: 1, columns };
}

/** Opens a store anew each time over the same content; counts, and fails as it is told. */
function scene() {
  const content: MemorySeriesContent = new Map();
  const said: string[] = [];
  const faults: { open: StoreErrorCode | undefined; append: StoreErrorCode | undefined } = {
    open: undefined,
    append: undefined,
  };
  const store = deferredStore({
    tables: [latency],
    async open() {
      said.push('open');
      if (faults.open !== undefined) throw new StoreError(faults.open, 'no');
      const inner = new MemorySeries(content);
      return Object.assign(Object.create(inner), {
        migrate: (...asked: Parameters<MemorySeries['migrate']>) => inner.migrate(...asked),
        read: (query: Parameters<MemorySeries['read']>[0]) => inner.read(query),
        append(batch: RowBatch) {
          if (faults.append !== undefined) throw new StoreError(faults.append, 'no');
          return inner.append(batch);
        },
        close() {
          said.push('close');
          return inner.close();
        },
      });
    },
  });
  return { store, said, faults };
}

describe('a store that is opened when it is needed', () => {
  it('is opened once, with its tables, by the first that asks', async () => {
    const { store, said } = scene();
    expect(said).toEqual([]);
    await Promise.all([store.append(batchOf(latency)), store.append(batchOf(latency))]);

    expect(said).toEqual(['open']);
  });

  it('makes a table of a session before it, whose rows the spool still has', async () => {
    const { store } = scene();

    expect(await store.append(batchOf(OTHER))).toEqual({ accepted: 1, refused: [] });
  });

  it('is tried again by the next call where it could not be opened', async () => {
    const { store, said, faults } = scene();
    for (const code of ['STORE_AWAY', 'STORE_REFUSED'] as const) {
      faults.open = code;
      await expect(store.append(batchOf(latency))).rejects.toMatchObject({ code });
    }
    faults.open = undefined;

    expect((await store.append(batchOf(latency))).accepted).toBe(1);
    expect(said).toEqual(['open', 'open', 'open']);
  });

  it('is opened anew where it went or changed, and stays open where it is full', async () => {
    const { store, said, faults } = scene();
    for (const code of ['STORE_FULL', 'STORE_AWAY', 'STORE_SCHEMA'] as const) {
      faults.append = code;
      await expect(store.append(batchOf(latency))).rejects.toMatchObject({ code });
    }
    faults.append = undefined;
    await store.append(batchOf(latency));

    expect(said.filter((word) => word === 'open')).toHaveLength(3);
    expect(said.filter((word) => word === 'close')).toHaveLength(2);
  });

  it('is away for good once it is closed, and reads what was written before', async () => {
    const { store } = scene();
    await store.append(batchOf(latency));
    const query = { table: latency, fromUs: 0, untilUs: 10 };
    const found: number[] = [];
    for await (const { rows } of store.read(query)) found.push(rows);
    await store.close();

    expect(found).toEqual([1]);
    await expect(store.append(batchOf(latency))).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });
});
