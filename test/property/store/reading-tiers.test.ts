import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowBatch, SeriesQuery } from '../../../src/ports/time-series.ts';
import type { Source } from '../../../src/store/reading/known-actions.ts';
import { fromTiers } from '../../../src/store/reading/tiers.ts';
import {
  batchOf,
  everyKind,
  everything,
  type Row,
  row,
  rowsOf,
} from '../../contract/time-series-rig.ts';

const table = everyKind();

/** A place that has these rows, each once, and counts who still reads it. */
class Place implements Source {
  readonly rows: readonly Row[];
  reading = 0;

  constructor(rows: readonly Row[]) {
    const last = new Map(rows.map((one) => [keyOf(one), one]));
    this.rows = [...last.values()].toSorted(byTimeAndKeys);
  }

  async *read({ batchRows = 3 }: SeriesQuery): AsyncIterable<RowBatch> {
    this.reading += 1;
    try {
      for (let at = 0; at < this.rows.length; at += batchRows) {
        yield await Promise.resolve(batchOf(table, this.rows.slice(at, at + batchRows)));
      }
    } finally {
      this.reading -= 1;
    }
  }
}

function keyOf({ atUs, symbol, number }: Row): string {
  return JSON.stringify([atUs, symbol, number]);
}

function byTimeAndKeys(left: Row, right: Row): number {
  if (left.atUs !== right.atUs) return left.atUs - right.atUs;
  if (left.symbol !== right.symbol) return left.symbol < right.symbol ? -1 : 1;
  return left.number - right.number;
}

const anyRow = fc
  .record({
    atUs: fc.nat({ max: 6 }),
    symbol: fc.constantFrom('A', 'B'),
    number: fc.nat({ max: 2 }),
    price: fc.double(),
    note: fc.string(),
    isOpen: fc.boolean(),
    state: fc.array(fc.double(), { maxLength: 3 }),
  })
  .map((parts) => row(parts));
const anyPlace = fc.array(anyRow, { maxLength: 40 }).map((rows) => new Place(rows));

describe('several places read as one', () => {
  it('give each row once and in order, that of the later place, batch by batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPlace, { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (places, batchRows) => {
          const wanted = new Map(
            places.flatMap(({ rows }) => rows.map((one) => [keyOf(one), one] as const)),
          );
          const found: Row[] = [];
          const query = { ...everything(table), batchRows };
          for await (const batch of fromTiers(...places).read(query)) {
            expect(batch.rows).toBeGreaterThan(0);
            expect(batch.rows).toBeLessThanOrEqual(batchRows);
            found.push(...rowsOf(batch));
          }

          expect(found).toEqual([...wanted.values()].toSorted(byTimeAndKeys));
          expect(places.every(({ reading }) => reading === 0)).toBe(true);
        },
      ),
    );
  });

  it('are all let go of when the reader is left in the middle', async () => {
    const rows = Array.from({ length: 50 }, (_, number) => row({ number }));
    const places = [new Place(rows), new Place(rows.slice(25))];
    for await (const batch of fromTiers(...places).read({ ...everything(table), batchRows: 5 })) {
      expect(rowsOf(batch)).toEqual(rows.slice(0, 5));
      expect(places.map(({ reading }) => reading)).toEqual([1, 1]);
      break;
    }

    expect(places.map(({ reading }) => reading)).toEqual([0, 0]);
  });
});
