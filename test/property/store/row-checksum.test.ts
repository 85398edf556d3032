import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RowBatch, TableDeclaration } from '../../../src/ports/time-series.ts';
import { pick } from '../../../src/store/lake/lake-pass.ts';
import { RowChecksum } from '../../../src/store/lake/row-checksum.ts';
import { symbolBucket } from '../../../src/store/lake/symbol-bucket.ts';
import { batchOf, everyKind, type Row, withColumns } from '../../contract/time-series-rig.ts';

const table: TableDeclaration = { ...everyKind(), name: 'sums' };
const someDouble = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(-0));
const someRow: fc.Arbitrary<Row> = fc.record({
  atUs: fc.nat(1e9),
  symbol: fc.constantFrom('A', 'B', 'ÄÖ', ''),
  number: fc.integer(),
  note: fc.string({ maxLength: 8 }),
  price: someDouble,
  seenUs: fc.nat(1e9),
  isOpen: fc.boolean(),
  state: fc.array(fc.double(), { maxLength: 3 }),
});
const someRows = fc.array(someRow, { minLength: 1, maxLength: 20 });

function sumOf(...batches: readonly RowBatch[]): RowChecksum {
  const sum = new RowChecksum();
  for (const batch of batches) sum.add(batch);
  return sum;
}

it('is the same in any order and in any batches', () => {
  fc.assert(
    fc.property(someRows, fc.nat(20), fc.integer(), (rows, cut, shuffle) => {
      const batch = batchOf(table, rows);
      const order = rows
        .map((_, row) => row)
        .toSorted((a, b) => ((a * shuffle) % 7) - ((b * shuffle) % 7));
      const parts = [pick(batch, order.slice(0, cut)), pick(batch, order.slice(cut))];
      const halves = sumOf();
      for (const part of parts) halves.addSum(sumOf(part));

      expect(sumOf(...parts).hex).toBe(sumOf(batch).hex);
      expect(halves.equals(sumOf(batch))).toBe(true);
    }),
  );
});

it('is another one where any bit of a row is another, a sign of zero too', () => {
  fc.assert(
    fc.property(someRow, someRow, (left, right) => {
      const isSame = Object.is(JSON.stringify(bits(left)), JSON.stringify(bits(right)));

      expect(sumOf(batchOf(table, [left])).hex === sumOf(batchOf(table, [right])).hex).toBe(isSame);
    }),
  );
  const zero = (price: number) => sumOf(batchOf(table, [{ ...BASE, price }])).hex;
  expect(zero(0)).not.toBe(zero(-0));
});

it('tells values that changed places between columns or rows', () => {
  const swapped = (number: number, price: number) =>
    sumOf(batchOf(table, [{ ...BASE, number, price }])).hex;
  expect(swapped(1, 2)).not.toBe(swapped(2, 1));
  const two = (a: number, b: number) =>
    sumOf(
      batchOf(table, [
        { ...BASE, symbol: 'A', price: a },
        { ...BASE, symbol: 'B', price: b },
      ]),
    ).hex;
  expect(two(1, 2)).not.toBe(two(2, 1));
});

it('does not change with a column that a later build added and nobody knows', () => {
  const later = withColumns(table, [{ name: 'spread', kind: 'double', tells: 'new' }]);
  fc.assert(
    fc.property(someRows, (rows) => {
      const batch = batchOf(table, rows);
      const columns = [...batch.columns, new Float64Array(rows.length).fill(Number.NaN)];

      expect(sumOf({ ...batch, table: later, columns }).hex).toBe(sumOf(batch).hex);
    }),
  );
});

it('puts a symbol into the same bucket for ever', () => {
  const counts = new Map<number, number>();
  for (let number = 0; number < 1_000; number += 1) {
    const bucket = symbolBucket(`S${number}`, 8);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  expect(Math.min(...counts.values())).toBeGreaterThan(80);
  const names = ['AAPL', 'MSFT', 'BRK.B', 'S000', ''];

  // Of files that are written already: these numbers never change.
  expect(names.map((name) => symbolBucket(name, 64))).toEqual(BUCKETS);
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (name, buckets) => {
      const bucket = symbolBucket(name, buckets);
      expect(Number.isInteger(bucket) && bucket >= 0 && bucket < buckets).toBe(true);
    }),
  );
});

const BUCKETS = [9, 24, 53, 29, 41];
const BASE: Row = {
  atUs: 1,
  symbol: 'A',
  number: 1,
  note: '',
  price: 1,
  seenUs: 1,
  isOpen: false,
  state: [],
};

/** As it is kept: every NaN is one, and zeros have their signs. */
function bits(row: Row): unknown {
  const plain = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
  return { ...row, price: plain(row.price), state: row.state.map(plain) };
}
