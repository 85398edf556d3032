import { describe, expect, it } from 'vitest';
import {
  batchOf,
  DAY_US,
  everyKind,
  everything,
  readBatches,
  readRows,
  row,
  rowsOf,
  START_US,
  type StoreRig,
  withStore,
} from './time-series-rig.ts';

/** Order, range, choice, batches; and who stops reading leaves nothing behind. */
export function describeReading(rig: StoreRig): void {
  describe('reading', () => {
    it('gives rows by time, then by the keys, whatever order they came in', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = [0, 1, DAY_US].flatMap((after) =>
          ['AAPL', 'MSFT'].flatMap((symbol) =>
            [-5, 3, 20].map((number) => row({ atUs: START_US + after, symbol, number })),
          ),
        );
        for (const at of [2, 0, 1]) {
          const some = rows.filter((_, place) => place % 3 === at).toReversed();
          await store.append(batchOf(table, some));
        }

        expect(await readRows(rig, store, everything(table))).toEqual(rows);
      }));

    it('begins with the first moment and ends before the last', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = [0, 1, 2, 3].map((after) => row({ atUs: START_US + after }));
        await store.append(batchOf(table, rows));
        const between = (from: number, until: number) =>
          readRows(rig, store, { table, fromUs: START_US + from, untilUs: START_US + until });

        expect(await between(1, 3)).toEqual(rows.slice(1, 3));
        expect(await between(3, 4)).toEqual(rows.slice(3));
        expect(await between(2, 2)).toEqual([]);
        expect(await between(3, 1)).toEqual([]);
        expect(await between(4, 100)).toEqual([]);
      }));

    it('gives only the rows whose texts are among those named', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = ['A', "B'", 'C', ''].flatMap((symbol, place) =>
          ['x', 'y'].map((note, number) => row({ atUs: START_US + place, symbol, note, number })),
        );
        await store.append(batchOf(table, rows));
        const only = (choice: Record<string, readonly string[]>) =>
          readRows(rig, store, { ...everything(table), only: choice });

        expect(await only({ symbol: ["B'"] })).toEqual(rows.slice(2, 4));
        expect(await only({ symbol: ['C', 'A', 'none'] })).toEqual([
          ...rows.slice(0, 2),
          ...rows.slice(4, 6),
        ]);
        expect(await only({ symbol: ['A', 'C'], note: ['y'] })).toEqual([rows[1], rows[5]]);
        expect(await only({ symbol: [''] })).toEqual(rows.slice(6));
        expect(await only({ symbol: [] })).toEqual([]);
        expect(await only({})).toEqual(rows);
      }));

    it('gives batches of at most the rows that were asked for', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = Array.from({ length: 5_001 }, (_, number) => row({ number }));
        await store.append(batchOf(table, rows));
        await rig.settled(store, table);
        for (const batchRows of [1_000, 2_048, 5_001, 100_000]) {
          const batches = await readBatches(store, { ...everything(table), batchRows });

          expect(batches.every((batch) => batch.rows > 0 && batch.rows <= batchRows)).toBe(true);
          expect(batches.every((batch) => batch.table === table)).toBe(true);
          expect(batches.flatMap(rowsOf)).toEqual(rows);
        }
        const single = await readBatches(store, {
          ...everything(table),
          untilUs: START_US + 1,
          only: { symbol: ['AAPL'] },
          batchRows: 1_667,
        });

        expect(single.reduce((sum, batch) => sum + batch.rows, 0)).toBe(5_001);
      }));

    it('gives no batch where there are no rows', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);

        expect(await readBatches(store, everything(table))).toEqual([]);
      }));

    it('is left in the middle as often as anybody likes, and works on', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = Array.from({ length: 3_000 }, (_, number) => row({ number }));
        await store.append(batchOf(table, rows));
        await rig.settled(store, table);
        for (let time = 0; time < 50; time += 1) {
          let batches = 0;
          for await (const batch of store.read({ ...everything(table), batchRows: 10 })) {
            expect(rowsOf(batch)).toEqual(rows.slice(0, 10));
            batches += 1;
            break;
          }
          expect(batches).toBe(1);
        }
        await store.append(batchOf(table, [row({ number: 3_000 })]));

        expect(await readRows(rig, store, everything(table))).toHaveLength(3_001);
      }));

    it('reads two at once, and takes rows while somebody reads', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const rows = Array.from({ length: 2_000 }, (_, number) => row({ number }));
        await store.append(batchOf(table, rows));
        await rig.settled(store, table);
        const one = store.read({ ...everything(table), batchRows: 300 })[Symbol.asyncIterator]();
        const other = store.read({ ...everything(table), batchRows: 500 })[Symbol.asyncIterator]();
        const found: [number, number] = [0, 0];
        await store.append(batchOf(table, [row({ atUs: START_US - 2 * DAY_US })]));
        for (let turn = 0; turn < 10; turn += 1) {
          const [left, right] = await Promise.all([one.next(), other.next()]);
          if (left.done !== true) found[0] += left.value.rows;
          if (right.done !== true) found[1] += right.value.rows;
        }

        // Whether it sees what came after it was asked is the store's own affair.
        expect(Math.min(...found)).toBeGreaterThanOrEqual(2_000);
        expect(Math.max(...found)).toBeLessThanOrEqual(2_001);
      }));

    it('refuses a table that is not there', () =>
      withStore(rig, async (store) => {
        await expect(readBatches(store, everything(everyKind()))).rejects.toMatchObject({
          code: 'STORE_SCHEMA',
        });
      }));
  });
}
