import { describe, expect, it } from 'vitest';
import { describeAppending } from './time-series-append.ts';
import { describeArranging } from './time-series-arrange.ts';
import { describeMigrating } from './time-series-migrate.ts';
import { describeReading } from './time-series-read.ts';
import {
  answersOf,
  batchOf,
  DAY_US,
  everyKind,
  everything,
  readBatches,
  readRows,
  row,
  START_US,
  type StoreRig,
  withStore,
} from './time-series-rig.ts';

/** What every store of time series does: J5, one contract for all. */
export function describeTimeSeriesStore(rig: StoreRig): void {
  describe(`${rig.name} as a store of time series (J5)`, () => {
    describeMigrating(rig);
    describeAppending(rig);
    describeReading(rig);
    describeParts(rig);
    describeArranging(rig);
    describeSql(rig);
    describeDenied(rig);
    describeLife(rig);
    describeReopening(rig);
  });
}

function describeParts(rig: StoreRig): void {
  const days = [0, 1, 2, 3].flatMap((day) =>
    [0, 1].map((number) => row({ atUs: START_US + day * DAY_US + number, number })),
  );

  it('tells the parts of a table by time, oldest first, and their rows', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      await store.append(batchOf(table, days.toReversed()));
      await rig.settled(store, table);
      const parts = await store.parts(table);

      expect(parts.map(({ fromUs, untilUs, rows }) => [fromUs, untilUs, rows])).toEqual(
        [0, 1, 2, 3].map((day) => [START_US + day * DAY_US, START_US + (day + 1) * DAY_US, 2]),
      );
      expect(parts.every(({ bytes }) => Number.isNaN(bytes) || bytes >= 0)).toBe(true);
    }));

  it('drops whole parts between two times, and leaves a part that is not wholly there', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      await store.append(batchOf(table, days));
      await rig.settled(store, table);
      const gone = await store.drop(table, START_US + 1, START_US + 3 * DAY_US);

      expect(gone).toBe(4);
      expect(await readRows(rig, store, everything(table))).toEqual([
        ...days.slice(0, 2),
        ...days.slice(6),
      ]);
      expect(await store.drop(table, START_US + 1, START_US + 3 * DAY_US)).toBe(0);
      expect(await store.parts(table)).toHaveLength(2);
    }));

  it('takes rows again into a part that was dropped', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      await store.append(batchOf(table, days));
      await rig.settled(store, table);
      await store.drop(table, START_US, START_US + DAY_US);
      await store.append(batchOf(table, days.slice(0, 2)));

      expect(await readRows(rig, store, everything(table))).toEqual(days);
    }));
}

function describeSql(rig: StoreRig): void {
  it("answers a person's question, page by page", () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = [
        row({ number: 1, price: 1.5, note: "it's", isOpen: true, atUs: START_US + 1 }),
        row({ number: 2, price: Number.NaN, note: 'two', atUs: START_US + 2 }),
      ];
      await store.append(batchOf(table, rows));
      await rig.settled(store, table);
      const text = `SELECT at_us, symbol, number, note, price, is_open FROM ${table.name}
        ORDER BY number`;

      expect(await answersOf(store, text)).toEqual({
        names: ['at_us', 'symbol', 'number', 'note', 'price', 'is_open'],
        rows: [
          ['2026-01-02T00:00:00.000001Z', 'AAPL', 1, "it's", 1.5, true],
          ['2026-01-02T00:00:00.000002Z', 'AAPL', 2, 'two', undefined, false],
        ],
      });
      expect((await answersOf(store, `SELECT count(price) AS n FROM ${table.name}`)).rows).toEqual([
        [1],
      ]);
    }));

  it('names the columns of an answer without rows', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);

      expect(
        await answersOf(store, `SELECT symbol, price FROM ${table.name} WHERE number = 5`),
      ).toEqual({ names: ['symbol', 'price'], rows: [] });
    }));
}

function describeDenied(rig: StoreRig): void {
  it('lets a question change nothing', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      await store.append(batchOf(table, [row()]));
      await rig.settled(store, table);
      const writes = [
        `DROP TABLE ${table.name}`,
        `INSERT INTO ${table.name} (at_us, symbol, number) VALUES (now(), 'EVIL', 1)`,
        `UPDATE ${table.name} SET price = 0`,
        `ALTER TABLE ${table.name} DROP COLUMN price`,
        `TRUNCATE TABLE ${table.name}`,
        `CREATE TABLE ${table.name}_more (a INT)`,
      ];
      for (const text of writes) {
        await expect(answersOf(store, text), text).rejects.toMatchObject({
          code: 'STORE_REFUSED',
        });
      }

      expect(await readRows(rig, store, everything(table))).toEqual([row()]);
    }));

  it('says what is wrong with a question that it does not understand', () =>
    withStore(rig, async (store) => {
      for (const text of ['SELEKT 1', 'SELECT a FROM no_such_table', '', '-- nothing']) {
        const refused = answersOf(store, text);

        await expect(refused, text).rejects.toMatchObject({ code: 'STORE_REFUSED' });
        await expect(refused, text).rejects.toThrow(/\w{4}/);
      }
      // It is as well as it was.
      expect((await answersOf(store, 'SELECT 1 AS one')).rows).toEqual([[1]]);
    }));
}

function describeLife(rig: StoreRig): void {
  it('tells its place and of each table how many rows there are, and from when', () =>
    withStore(rig, async (store) => {
      const [table, empty] = [everyKind(), everyKind()];
      await store.migrate([table, empty]);
      await store.append(batchOf(table, [row({ atUs: START_US + 5 }), row({ number: 1 })]));
      await rig.settled(store, table);
      const { place, tables } = await store.status();

      expect(place).toContain(rig.name);
      expect(tables.find(({ name }) => name === table.name)).toMatchObject({
        rows: 2,
        firstUs: START_US,
        lastUs: START_US + 5,
      });
      expect(tables.find(({ name }) => name === empty.name)).toMatchObject({
        rows: 0,
        firstUs: Number.NaN,
        lastUs: Number.NaN,
      });
    }));

  it('is closed as often as anybody likes, and answers nothing after that', async () => {
    const table = everyKind();
    const store = await rig.open();
    await store.migrate([table]);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    const away = { code: 'STORE_AWAY' };

    await expect(store.migrate([table])).rejects.toMatchObject(away);
    await expect(store.append(batchOf(table, [row()]))).rejects.toMatchObject(away);
    await expect(readBatches(store, everything(table))).rejects.toMatchObject(away);
    await expect(answersOf(store, 'SELECT 1')).rejects.toMatchObject(away);
    await expect(store.parts(table)).rejects.toMatchObject(away);
    await expect(store.drop(table, 0, 1)).rejects.toMatchObject(away);
    await expect(store.status()).rejects.toMatchObject(away);
  });

  it('keeps what was appended before a close that did not wait for it', async () => {
    const table = everyKind();
    const store = await rig.open();
    await store.migrate([table]);
    const appended = store.append(batchOf(table, [row()]));
    const [answer] = await Promise.all([appended, store.close()]);

    expect(answer.accepted).toBe(1);
    await withStore(rig, async (again) => {
      expect(await readRows(rig, again, everything(table))).toEqual([row()]);
    });
  });
}

function describeReopening(rig: StoreRig): void {
  it('has after a close and an open what it had before', async () => {
    const table = everyKind();
    const rows = [row({ number: 1, price: -0 }), row({ number: 2, state: [1, Number.NaN, -0] })];
    await withStore(rig, async (store) => {
      await store.migrate([table]);
      await store.append(batchOf(table, rows));
      await rig.settled(store, table);
    });
    await withStore(rig, async (store) => {
      expect(await store.migrate([table])).toEqual([]);
      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    });
  });

  it('has lists of nothing but zeros with their signs after a close and an open', async () => {
    const table = everyKind();
    const rows = Array.from({ length: 300 }, (_, number) =>
      row({ number, state: [0, -0, number % 2 === 0 ? 0 : -0] }),
    );
    await withStore(rig, async (store) => {
      await store.migrate([table]);
      await store.append(batchOf(table, rows));
      await rig.settled(store, table);
    });
    await withStore(rig, async (store) => {
      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    });
  });
}
