import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import {
  RUN_ROWS_MAX,
  spansDue,
  TAIL_ROWS_MIN,
  type Unit,
} from '../../../../src/store/duckdb/arranging-plan.ts';

type Run = Unit;

function day(place: number, rows: number): Unit {
  return { fromUs: place * DAY, untilUs: (place + 1) * DAY, rows, bytes: rows };
}

/** As the marks are kept: a span that is arranged takes the place of those that it meets. */
function arranged(runs: readonly Run[], span: Run): readonly Run[] {
  const others = runs.filter(
    ({ fromUs, untilUs }) => untilUs <= span.fromUs || fromUs >= span.untilUs,
  );
  return [...others, span].toSorted((left, right) => left.fromUs - right.fromUs);
}

function rowsOf(units: readonly Unit[]): number {
  return units.reduce((sum, { rows }) => sum + rows, 0);
}

/** Lives through the days of a part, and arranges at the end of each what is due. */
function live(days: readonly Unit[]) {
  let runs: readonly Run[] = [];
  let written = 0;
  for (let count = 1; count <= days.length; count += 1) {
    const units = days.slice(0, count);
    for (const span of spansDue(units, runs, false)) {
      runs = arranged(runs, span);
      written += span.rows;
    }
    expect(spansDue(units, runs, false)).toEqual([]);
    const open = rowsOf(units) - rowsOf(runs);
    const least = Math.max(TAIL_ROWS_MIN, runs.at(-1)?.rows ?? 0);
    expect(open).toBeLessThan(least);
  }
  for (const span of spansDue(days, runs, true)) {
    runs = arranged(runs, span);
    written += span.rows;
  }
  return { runs, written };
}

const monthsOf = (rows: fc.Arbitrary<number>) =>
  fc
    .array(rows, { minLength: 1, maxLength: 31 })
    .map((all) => all.map((count, place) => day(place, count)));

describe('what of a part is put in order', () => {
  it('is all of it when it is over, in runs that are long and not too long', () => {
    const sizes = fc.constantFrom(1, 1_000, 39_000, 390_000, 3_900_000, 9_000_000);
    fc.assert(
      fc.property(monthsOf(sizes), (days) => {
        const { runs } = live(days);

        expect(rowsOf(runs)).toBe(rowsOf(days));
        expect(spansDue(days, runs, true)).toEqual([]);
        const isOneDay = ({ fromUs, untilUs }: Run) => untilUs - fromUs === DAY;
        expect(runs.every((run) => run.rows <= RUN_ROWS_MAX || isOneDay(run))).toBe(true);
        if (rowsOf(days) <= RUN_ROWS_MAX) expect(runs).toHaveLength(1);
      }),
    );
  });

  it('writes a row of a month three times on average, however many a day has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), (rows) => {
        const days = Array.from({ length: 22 }, (_, place) => day(place, rows));

        expect(live(days).written / rowsOf(days)).toBeLessThan(3.1);
      }),
    );
  });

  it('begins anew at a day that was written to, or that another build has filled', () => {
    const days = [0, 1, 2, 3].map((place) => day(place, 200_000));
    const whole = { ...day(0, 800_000), untilUs: 4 * DAY };
    const [first, second, ...others] = days;

    expect(spansDue(days, [whole], true)).toEqual([]);
    // Its mark is gone, or does not tell the rows that are there.
    expect(spansDue(days, [], true)).toMatchObject([{ fromUs: 0, untilUs: 4 * DAY }]);
    expect(spansDue(days, [{ ...whole, rows: 799_999 }], true)).toHaveLength(1);
    const marks = [first, ...others].filter((one) => one !== undefined);
    expect(second).toBeDefined();
    expect(spansDue(days, marks, false)).toMatchObject([{ fromUs: 0, rows: 800_000 }]);
  });
});
