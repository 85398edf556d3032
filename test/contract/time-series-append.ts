import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

/** Exact values, each row once, and the refusal of one row is not that of another. */
export function describeAppending(rig: StoreRig): void {
  describe('appending', () => {
    describeValues(rig);
    describeLists(rig);
    describeLarge(rig);
    describeRepeats(rig);
    describeRefusals(rig);
    describeAnyOrder(rig);
  });
}

const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.1,
  1 / 3,
  1e308,
  -1.7976931348623157e308,
  5e-324,
  -2.225073858507201e-308,
  2 ** 53 + 2,
  123_456_789.123_456_79,
  Number.NaN,
];

const TEXTS = [
  '',
  ' ',
  'plain',
  "it's",
  'a "quoted" one',
  'back\\slash, comma = equals',
  'two\nlines\r\nand\ttabs',
  'Grüße, 株式, 🚀',
  "'; DROP TABLE trades; --",
  'null',
  'NaN',
  'x'.repeat(10_000),
];

const WHOLES = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1)];

function describeValues(rig: StoreRig): void {
  it('keeps every double to the bit: both zeros, the smallest, the largest and NaN', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = DOUBLES.map((price, number) => row({ number, price }));

      expect(await store.append(batchOf(table, rows))).toEqual({
        accepted: rows.length,
        refused: [],
      });
      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));

  it('keeps every text as it is, in symbols and in other texts', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = TEXTS.map((text, number) =>
        row({ atUs: START_US + number, number, symbol: text, note: text }),
      );
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));

  it('keeps whole numbers to 2^53, microseconds, and truths', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = WHOLES.map((number, place) =>
        row({
          number,
          atUs: START_US + place,
          seenUs: [0, 1, START_US + 999_999, Date.UTC(2255, 0) * 1_000 - 1][place % 4] ?? 0,
          isOpen: place % 2 === 1,
        }),
      );
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));
}

function describeLists(rig: StoreRig): void {
  it('keeps lists of doubles bit for bit, of any length, NaN and infinities too', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const lists = [
        [],
        [Number.NaN],
        [-0, 0, Infinity, -Infinity, ...DOUBLES],
        Array.from({ length: 1_000 }, (_, at) => Math.sqrt(at) * (at % 2 === 0 ? 1 : -1)),
      ];
      const rows = lists.map((state, number) => row({ number, state }));
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));

  it('takes a batch without rows', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);

      expect(await store.append(batchOf(table, []))).toEqual({ accepted: 0, refused: [] });
      expect(await readRows(rig, store, everything(table))).toEqual([]);
    }));

  it('takes thousands of symbols in one batch', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = Array.from({ length: 5_000 }, (_, at) =>
        row({ symbol: `S${String(at).padStart(4, '0')}`, price: at / 8 }),
      );
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));
}

function describeLarge(rig: StoreRig): void {
  it('takes thousands of rows of everything at once, with repeats among them', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = Array.from({ length: 7_000 }, (_, at) =>
        row({
          atUs: START_US + (at % 5_000),
          symbol: at % 5 === 0 ? 'A' : `a name of more than twelve bytes ${at % 10}`,
          number: at % 2,
          note: 'ä'.repeat(at % 40),
          price: at % 5 === 0 ? Number.NaN : at / 8,
          isOpen: at % 4 === 0,
          state: Array.from({ length: at % 9 }, (_none, place) => at + place / 4),
        }),
      );
      const wanted = new Map(rows.map((one) => [keyOf(one), one]));
      expect(wanted.size).toBeLessThan(rows.length);
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(
        [...wanted.values()].toSorted(byTimeAndKeys),
      );
    }));

  it('takes the states of hundreds of symbols at once, each of thousands of doubles', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = Array.from({ length: 200 }, (_, number) =>
        row({
          number,
          state: Array.from({ length: 3_000 }, (_none, at) => Math.sqrt(at + number)),
        }),
      );
      await store.append(batchOf(table, rows));

      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));
}

function describeRepeats(rig: StoreRig): void {
  it('has once what is appended twice', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const rows = Array.from({ length: 500 }, (_, number) => row({ number, price: number }));
      const batch = batchOf(table, rows);
      await store.append(batch);

      expect(await store.append(batch)).toEqual({ accepted: 500, refused: [] });
      expect(await readRows(rig, store, everything(table))).toEqual(rows);
    }));

  it('has a later row instead of an earlier one of the same time and keys', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const first = row({ price: 1, note: 'first', state: [1], isOpen: true });
      const second = row({ price: Number.NaN, note: '', state: [2, 3] });
      const later = row({ atUs: START_US + 1, price: 7 });
      await store.append(batchOf(table, [first, later]));
      await store.append(batchOf(table, [second]));

      expect(await readRows(rig, store, everything(table))).toEqual([second, later]);
    }));

  it('has the last of several alike in one batch', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const prices = [3, 1, 2];
      await store.append(
        batchOf(
          table,
          prices.map((price) => row({ price })),
        ),
      );

      expect(await readRows(rig, store, everything(table))).toEqual([row({ price: 2 })]);
    }));

  it('takes batches that come all at once, one after the other', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const batches = Array.from({ length: 20 }, (_, price) =>
        batchOf(table, [row({ price }), row({ number: price + 1, price })]),
      );
      await Promise.all(batches.map((batch) => store.append(batch)));

      expect(await readRows(rig, store, everything(table))).toEqual([
        row({ price: 19 }),
        ...batches.map((_, price) => row({ number: price + 1, price })),
      ]);
    }));
}

const BAD: readonly (readonly [column: string, bad: Partial<Row>])[] = [
  ['at_us', { atUs: START_US + 0.5 }],
  ['at_us', { atUs: Number.NaN }],
  ['at_us', { atUs: -1 }],
  ['price', { price: Infinity }],
  ['price', { price: -Infinity }],
  ['number', { number: 1.5 }],
  ['number', { number: 2 ** 53 }],
  ['number', { number: Number.NaN }],
  ['note', { note: 'lone \ud800 half' }],
  ['symbol', { symbol: 'a\0b' }],
];

function describeRefusals(rig: StoreRig): void {
  it('refuses a row for its own values, with the reason, and takes the others', () =>
    withStore(rig, async (store) => {
      const table = everyKind();
      await store.migrate([table]);
      const good = Array.from({ length: BAD.length + 1 }, (_, number) => row({ number }));
      const bad = BAD.map(([, parts]) => row(parts));
      const mixed = good.flatMap((one, at) => [one, ...bad.slice(at, at + 1)]);
      const { accepted, refused } = await store.append(batchOf(table, mixed));

      expect(accepted).toBe(good.length);
      expect(refused.map((one) => one.row)).toEqual(BAD.map((_, at) => at * 2 + 1));
      for (const [at, [column]] of BAD.entries()) {
        expect(refused[at]?.reason).toContain(column);
      }
      expect(await readRows(rig, store, everything(table))).toEqual(good);
    }));

  it('takes nothing into a table that is not there', () =>
    withStore(rig, async (store) => {
      const table = everyKind();

      await expect(store.append(batchOf(table, [row()]))).rejects.toMatchObject({
        code: 'STORE_SCHEMA',
      });
      expect(await store.migrate([table])).toEqual([{ table: table.name, what: 'create table' }]);
    }));
}

const anyRow = fc.record({
  atUs: fc.nat({ max: 40 }).map((at) => START_US + at * (DAY_US / 8)),
  symbol: fc.constantFrom('A', 'B', 'BRK.B', 'ÄÖ'),
  number: fc.integer({ min: -2, max: 2 }),
  note: fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\0', ' ')),
  price: fc.double({ noDefaultInfinity: true }),
  seenUs: fc.nat().map((at) => START_US + at),
  isOpen: fc.boolean(),
  state: fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0)), { maxLength: 5 }),
});

function describeAnyOrder(rig: StoreRig): void {
  it(
    'is a map by time and keys, whatever batches come in whatever order, repeats too',
    () =>
      withStore(rig, async (store) => {
        const batches = fc.array(fc.array(anyRow, { minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 6,
        });
        const repeats = fc.array(fc.nat({ max: 5 }), { maxLength: 4 });
        await fc.assert(
          fc.asyncProperty(batches, repeats, async (given, again) => {
            const table = everyKind();
            await store.migrate([table]);
            const order = [...given, ...again.flatMap((at) => given.slice(at, at + 1))];
            const wanted = new Map<string, Row>();
            for (const rows of order) {
              await store.append(batchOf(table, rows));
              for (const one of rows) wanted.set(keyOf(one), one);
            }

            expect(await readRows(rig, store, everything(table))).toEqual(
              [...wanted.values()].toSorted(byTimeAndKeys),
            );
          }),
          { numRuns: rig.runs, includeErrorInReport: true },
        );
      }),
    120_000,
  );
}

function keyOf({ atUs, symbol, number }: Row): string {
  return JSON.stringify([atUs, symbol, number]);
}

function byTimeAndKeys(left: Row, right: Row): number {
  if (left.atUs !== right.atUs) return left.atUs - right.atUs;
  if (left.symbol !== right.symbol) return left.symbol < right.symbol ? -1 : 1;
  return left.number - right.number;
}
