import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chronologicalParts,
  purgedFolds,
  type Split,
  walkForward,
} from '../../../src/models/validation/splits.ts';

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 })), {
    minLength: 30,
    maxLength: 80,
  })
  .filter((all) => new Set(all.map(([at]) => at)).size >= 10)
  .map((all) => ({
    atUs: Float64Array.from(all, ([at]) => at),
    knownUs: Float64Array.from(all, ([at, open]) => at + open),
  }));

type Times = { readonly atUs: Float64Array; readonly knownUs: Float64Array };

function overlaps(times: Times, a: number, b: number): boolean {
  const [fromA, toA] = [times.atUs[a] ?? NaN, times.knownUs[a] ?? NaN];
  const [fromB, toB] = [times.atUs[b] ?? NaN, times.knownUs[b] ?? NaN];
  return fromA <= toB && fromB <= toA;
}

function expectApart(times: Times, { train, test }: Pick<Split, 'train' | 'test'>): void {
  const shared = train.filter((learned) => test.some((tested) => overlaps(times, learned, tested)));
  expect([...shared]).toEqual([]);
}

describe('of any samples', () => {
  it('purged folds test each once, and share no time between learning and testing', () => {
    const embargoes = fc.double({ min: 0, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(spans, fc.integer({ min: 2, max: 10 }), embargoes, (times, folds, embargo) => {
        const splits = purgedFolds(times, { folds, embargoShare: embargo });

        const tested = splits.flatMap(({ test }) => [...test]).toSorted((a, b) => a - b);
        expect(tested).toEqual([...times.atUs.keys()]);
        for (const split of splits) {
          expectApart(times, split);
          const { train, test, purged, embargoed } = split;
          expect(train.length + test.length + purged + embargoed).toBe(times.atUs.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a walk learns only from what was known before its test', () => {
    const gaps = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 5, max: 20 }), gaps, (times, length, gapUs) => {
        for (const { train, test } of walkForward(times, {
          firstTestUs: 15,
          testUs: length,
          gapUs,
        })) {
          const firstUs = Math.min(...Array.from(test, (at) => times.atUs[at] ?? NaN));
          const lastUs = Math.max(...Array.from(train, (at) => times.knownUs[at] ?? NaN));
          expect(lastUs + gapUs).toBeLessThan(firstUs);
          expectApart(times, { train, test });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('parts are apart from one another', () => {
    fc.assert(
      fc.property(spans, (times) => {
        const { train, validation, calibration, test } = chronologicalParts(times, {
          train: 0.4,
          validation: 0.2,
          calibration: 0.2,
        });
        expectApart(times, { train, test: validation });
        expectApart(times, { train: validation, test: calibration });
        expectApart(times, { train: calibration, test });
        expectApart(times, { train, test });
      }),
      { numRuns: 60 },
    );
  });
});
