import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageUniqueness } from '../../../src/models/data/uniqueness.ts';
import { fitIsotonic } from '../../../src/models/validation/calibrate.ts';
import { combinations } from '../../../src/models/validation/overfit-probability.ts';
import { logLoss } from '../../../src/models/validation/pointwise.ts';
import { areaUnderCurve, rankCorrelation, ranks } from '../../../src/models/validation/ranking.ts';

/** Few values, so that many are equal. */
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1 })), {
    minLength: 2,
    maxLength: 40,
  })
  .map((all) => ({
    scores: Float64Array.from(all, ([score]) => score / 8),
    outcomes: Float64Array.from(all, ([, outcome]) => outcome),
  }));

describe('the area under the curve', () => {
  it('is the share of pairs in the right order, equals as halves', () => {
    fc.assert(
      fc.property(scored, ({ scores, outcomes }) => {
        let sum = 0;
        let pairs = 0;
        scores.forEach((high, a) => {
          scores.forEach((low, b) => {
            if (outcomes[a] !== 1 || outcomes[b] !== 0) return;
            pairs += 1;
            sum += high > low ? 1 : high === low ? 0.5 : 0;
          });
        });
        const area = areaUnderCurve(scores, outcomes);

        if (pairs === 0) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(sum / pairs, 12);
      }),
    );
  });

  it('does not change by what keeps the order, and turns round with it', () => {
    fc.assert(
      fc.property(scored, ({ scores, outcomes }) => {
        const area = areaUnderCurve(scores, outcomes);
        const curved = scores.map((score) => score * score * score - 2);

        expect(areaUnderCurve(curved, outcomes)).toBe(area);
        if (!Number.isNaN(area)) {
          const turned = scores.map((score) => -score);
          expect(areaUnderCurve(turned, outcomes)).toBeCloseTo(1 - area, 12);
        }
      }),
    );
  });
});

describe('ranks', () => {
  it('add up to those of a row, and a row goes with itself', () => {
    fc.assert(
      fc.property(scored, ({ scores }) => {
        const count = scores.length;
        const sum = ranks(scores).reduce((total, rank) => total + rank, 0);
        expect(sum).toBe((count * (count + 1)) / 2);
        if (new Set(scores).size > 1) expect(rankCorrelation(scores, scores)).toBeCloseTo(1, 12);
        else expect(rankCorrelation(scores, scores)).toBeNaN();
      }),
    );
  });

  it('are none where something is missing', () => {
    const missing = Float64Array.from([1, Number.NaN, 3]);
    expect(rankCorrelation(missing, Float64Array.from([1, 2, 3]))).toBeNaN();
  });
});

/** Half of those at 1 came true: one of them that did not was once pooled with those at 0. */
const TIES: [{ scores: Float64Array; outcomes: Float64Array }, number[]] = [
  { scores: Float64Array.of(1, 1, 0, 0), outcomes: Float64Array.of(0, 1, 0, 0) },
  [0, 0, 0, 0, 0, 0, 0, 0, 0.5],
];

describe('isotonic steps', () => {
  it('rise, are inside 0 to 1, and no rising steps cost less', () => {
    fc.assert(
      fc.property(
        scored,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
        ({ scores, outcomes }, other) => {
          const { at, value } = fitIsotonic(scores, outcomes);
          const rises = (row: readonly number[]) =>
            row.every((x, k) => k === 0 || x >= (row[k - 1] ?? x));
          expect(at.every((x, k) => k === 0 || x > (at[k - 1] ?? x))).toBe(true);
          expect(rises(value)).toBe(true);
          expect(value.every((level) => level > 0 && level < 1)).toBe(true);

          // Of unlimited steps; ours may not reach nought and one.
          const edge = 1 / (scores.length + 2);
          const steps = other
            .toSorted((a, b) => a - b)
            .map((x) => Math.min(1 - edge, Math.max(edge, x)));
          const levelOf = (score: number) => {
            const knot = at.findLastIndex((x) => x <= score);
            return value[knot] ?? NaN;
          };
          const own = logLoss(scores.map(levelOf), outcomes);
          const theirs = logLoss(
            scores.map((score) => steps[score * 8] ?? NaN),
            outcomes,
          );
          expect(own).toBeLessThanOrEqual(theirs + 1e-12);
        },
      ),
      { examples: [TIES] },
    );
  });
});

describe('uniqueness', () => {
  it('is what counting moment by moment gives', () => {
    const spans = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 9 })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(spans, (all) => {
        const from = Float64Array.from(all, ([first]) => first);
        const to = Float64Array.from(all, ([first, length]) => first + length);
        const found = averageUniqueness(from, to);

        all.forEach(([first, length], at) => {
          let sum = 0;
          for (let moment = first; moment < first + length; moment += 1) {
            sum += 1 / all.filter(([a, b]) => a <= moment && moment < a + b).length;
          }
          expect(found[at]).toBeCloseTo(sum / length, 12);
        });
      }),
    );
  });
});

describe('the uniqueness of an outcome that is known at once', () => {
  it('is shared with those that are open then', () => {
    const found = averageUniqueness(Float64Array.from([0, 1, 5]), Float64Array.from([2, 1, 5]));

    expect([...found]).toEqual([1, 0.5, 1]);
  });
});

describe('combinations', () => {
  it('are all ways, each once', () => {
    const all = combinations(8, 4);
    expect(all.length).toBe(70);
    expect(new Set(all.map((of) => of.join())).size).toBe(70);
    expect(all.every((of) => of.every((x, at) => at === 0 || x > (of[at - 1] ?? x)))).toBe(true);
    expect(combinations(3, 0)).toEqual([[]]);
  });
});
