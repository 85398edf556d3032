import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableDeclaration, TimeSeriesStore } from '../../src/ports/time-series.ts';
import {
  batchOf,
  DAY_US,
  everyKind,
  everything,
  readRows,
  type Row,
  row,
  START_US,
  type StoreRig,
  withStore,
} from './time-series-rig.ts';

const DAYS = 3;
const END_US = START_US + (DAYS + 1) * DAY_US;

/** Rows in another order within the store: whoever reads must not be able to tell. */
export function describeArranging(rig: StoreRig): void {
  describe('arranging', () => {
    it('leaves every row as it is, bit for bit, and has nothing more to do then', () =>
      withStore(rig, async (store) => {
        const values = (lists: fc.Arbitrary<number>) =>
          fc.record({
            atUs: fc
              .integer({ min: 0, max: DAYS * 5 })
              .map((fifth) => START_US + fifth * (DAY_US / 5)),
            symbol: fc.constantFrom('A', 'AAPL', 'a symbol that is longer', 'Ω'),
            number: fc.integer({ min: -2, max: 2 }),
            note: fc.stringMatching(/^[ -~äΩ]{0,20}$/),
            price: fc.constantFrom(-0, 0, Number.NaN, 1.5, Number.MIN_VALUE, -Number.MAX_VALUE),
            isOpen: fc.boolean(),
            state: fc.array(lists, { maxLength: 3 }),
          });
        const batches = fc
          .constantFrom(
            fc.constantFrom(-0, 0),
            fc.constantFrom(-0, 0, 1, Number.NaN, Number.NEGATIVE_INFINITY),
          )
          .chain((lists) => fc.array(fc.array(values(lists), { maxLength: 30 }), { maxLength: 3 }));
        // Of plain doubles the embedded database keeps no signs in a block of nothing but zeros.
        const anchors = days([0, 1, 2, 3]).map((one) => ({ ...one, price: 1, number: 9 }));
        await fc.assert(
          fc.asyncProperty(batches, async (written) => {
            const table = everyKind();
            await store.migrate([table]);
            for (const rows of written) {
              await store.append(batchOf(table, [...anchors, ...rows.map(row)]));
            }
            const before = await readRows(rig, store, everything(table));
            const only = { ...everything(table), only: { symbol: ['AAPL'] } };
            const chosen = await readRows(rig, store, only);
            await arrangeAll(store, table, END_US);

            expect(await readRows(rig, store, everything(table))).toEqual(before);
            expect(await readRows(rig, store, only)).toEqual(chosen);
            expect(await store.unarranged(table, END_US)).toEqual([]);
          }),
          { numRuns: Math.ceil(rig.runs / 4) },
        );
      }));

    it('takes only parts that are over, and tells what each takes', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        await store.append(batchOf(table, days([0, 1, 2])));
        await rig.settled(store, table);
        const found = await store.unarranged(table, START_US + 2 * DAY_US);

        // A server that keeps its own order has none.
        expect(found.map(({ fromUs }) => fromUs)).toEqual(
          found.length === 0 ? [] : [START_US, START_US + DAY_US],
        );
        expect(found.every(({ rows, bytes }) => rows === 4 && bytes > 0)).toBe(true);
        expect(await store.arrange(table, END_US + DAY_US, END_US + 2 * DAY_US)).toBe(0);
        expect(await store.unarranged(table, START_US + DAY_US - 1)).toEqual([]);
      }));

    it('finds a part anew that was written to, replaced in or filled after a drop', () =>
      withStore(rig, async (store) => {
        const table = everyKind();
        await store.migrate([table]);
        await store.append(batchOf(table, days([0, 1, 2])));
        const first = await arrangeAll(store, table, END_US);
        const later = [row({ atUs: START_US + DAY_US + 9, symbol: 'ZZ', number: 7 })];
        await store.append(batchOf(table, later));
        const written = await arrangeAll(store, table, END_US);
        await store.append(
          batchOf(
            table,
            later.map((one) => ({ ...one, price: 5 })),
          ),
        );
        const replaced = await arrangeAll(store, table, END_US);
        await store.drop(table, START_US, START_US + DAY_US);
        await store.append(batchOf(table, days([0])));
        const filled = await arrangeAll(store, table, END_US);

        // Of four each, or of none in a server that keeps its own order.
        const isArranging = first > 0;
        expect([first, written, replaced, filled]).toEqual(
          isArranging ? [12, 5, 5, 4] : [0, 0, 0, 0],
        );
        const wanted = [
          ...days([0, 1]),
          ...later.map((one) => ({ ...one, price: 5 })),
          ...days([2]),
        ];
        expect(await readRows(rig, store, everything(table))).toEqual(wanted);
      }));
  });
}

/** Answers how many rows were written anew. */
async function arrangeAll(store: TimeSeriesStore, table: TableDeclaration, beforeUs: number) {
  let rows = 0;
  for (const { fromUs, untilUs } of await store.unarranged(table, beforeUs)) {
    rows += await store.arrange(table, fromUs, untilUs);
  }
  return rows;
}

/** Two moments of two symbols each, by time. */
function days(places: readonly number[]): readonly Row[] {
  return places.flatMap((day) =>
    [0, 1].flatMap((after) =>
      ['AAPL', 'MSFT'].map((symbol) => row({ atUs: START_US + day * DAY_US + after, symbol })),
    ),
  );
}
