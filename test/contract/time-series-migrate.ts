import { describe, expect, it } from 'vitest';
import {
  batchOf,
  everyKind,
  everything,
  readBatches,
  readRows,
  row,
  rowsOf,
  type StoreRig,
  withColumns,
  withStore,
} from './time-series-rig.ts';

/** Tables become what their declarations say, and nothing is ever taken away. */
export function describeMigrating(rig: StoreRig): void {
  describe('migrating', () => {
    it('makes the tables that are missing, says so, and does nothing the second time', () =>
      withStore(rig, async (store) => {
        const [one, other] = [everyKind(), everyKind()];

        expect(await store.migrate([one, other])).toEqual([
          { table: one.name, what: 'create table' },
          { table: other.name, what: 'create table' },
        ]);
        expect(await store.migrate([one, other])).toEqual([]);
        expect(await readRows(rig, store, everything(one))).toEqual([]);
      }));

    it('says in a dry run what it would do, and does not', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        const expected = [{ table: table.name, what: 'create table' }];

        expect(await store.migrate([table], { isDryRun: true })).toEqual(expected);
        expect(await store.migrate([table], { isDryRun: true })).toEqual(expected);
        expect(await store.migrate([table])).toEqual(expected);
        const later = withColumns(table, [{ name: 'spread', kind: 'double', tells: 'dollars' }]);
        const added = [{ table: table.name, what: 'add column spread' }];

        expect(await store.migrate([later], { isDryRun: true })).toEqual(added);
        expect(await store.migrate([later])).toEqual(added);
      }));

    it('adds the columns of a later version, unknown in rows of before (J4)', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        await store.append(batchOf(table, [row()]));
        const later = withColumns(table, [
          { name: 'spread', kind: 'double', tells: 'dollars' },
          { name: 'reason', kind: 'text', tells: 'why' },
          { name: 'venue', kind: 'symbol', tells: 'where' },
          { name: 'more', kind: 'doubles', tells: 'a list' },
        ]);

        expect(await store.migrate([later])).toEqual(
          ['spread', 'reason', 'venue', 'more'].map((name) => ({
            table: table.name,
            what: `add column ${name}`,
          })),
        );
        const next = batchOf(table, [row({ number: 1 })]);
        const added = [Float64Array.of(-0), ['because'], ['XNYS'], [Float64Array.of(1, 2)]];
        await store.append({ ...next, table: later, columns: [...next.columns, ...added] });
        await rig.settled(store, later);
        const [read] = await readBatches(store, everything(later));

        expect(read?.columns.slice(8)).toEqual([
          Float64Array.of(Number.NaN, -0),
          ['', 'because'],
          ['', 'XNYS'],
          [new Float64Array(0), Float64Array.of(1, 2)],
        ]);
      }));

    it('is written and read by a build of before, which knows less columns (J4)', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        const later = withColumns(table, [{ name: 'spread', kind: 'double', tells: 'dollars' }]);
        await store.migrate([later]);

        expect(await store.migrate([table])).toEqual([]);
        await store.append(batchOf(table, [row()]));
        expect(await readRows(rig, store, everything(table))).toEqual([row()]);
        const [read] = await readBatches(store, everything(later));
        expect(read?.columns[8]).toEqual(Float64Array.of(Number.NaN));
        expect(read === undefined ? [] : rowsOf(read)).toEqual([row()]);
      }));

    it('refuses to add a column that rows of before could not know', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        const later = withColumns(table, [{ name: 'turns', kind: 'whole', tells: 'how many' }]);

        await expect(store.migrate([later])).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
        await expect(store.migrate([later])).rejects.toThrow(/turns/);
      }));

    it.each(rig.alterations)(
      'refuses a table $what, and names what differs',
      async (alteration) => {
        const table = everyKind();
        await withStore(rig, async (store) => void (await store.migrate([table])));
        await rig.alter(alteration.statement(table.name));
        await withStore(rig, async (store) => {
          for (const isDryRun of [true, false]) {
            const refused = store.migrate([table], { isDryRun });

            await expect(refused).rejects.toMatchObject({ code: 'STORE_SCHEMA' });
            for (const name of [table.name, ...alteration.names]) {
              await expect(refused).rejects.toThrow(name);
            }
          }
        });
      },
    );

    it('changes no table where one of them is refused', async () => {
      const [altered, fresh] = [everyKind(), everyKind()];
      await withStore(rig, async (store) => void (await store.migrate([altered])));
      const [alteration] = rig.alterations;
      await rig.alter(alteration?.statement(altered.name) ?? '');
      await withStore(rig, async (store) => {
        await expect(store.migrate([fresh, altered])).rejects.toMatchObject({
          code: 'STORE_SCHEMA',
        });
        expect(await store.migrate([fresh])).toEqual([{ table: fresh.name, what: 'create table' }]);
      });
    });
  });
}
