import { describe, expect, it } from 'vitest';
import {
  chronologicalParts,
  purgedFolds,
  walkForward,
} from '../../../../src/models/validation/splits.ts';

/** A sample a moment, whose outcome is known three later. */
const atUs = Float64Array.from({ length: 40 }, (_, at) => at);
const times = { atUs, knownUs: atUs.map((us) => us + 3) };

describe('purged folds', () => {
  it('keep all samples of one moment together', () => {
    const panel = Float64Array.from({ length: 60 }, (_, at) => Math.floor(at / 6));
    const splits = purgedFolds({ atUs: panel, knownUs: panel }, { folds: 3 });
    const momentsOf = (places: Int32Array) => new Set([...places].map((at) => panel[at]));

    for (const { train, test } of splits) {
      expect([...momentsOf(test)].filter((moment) => momentsOf(train).has(moment))).toEqual([]);
    }
  });

  it('say how much was left out and why', () => {
    const [, middle] = purgedFolds(times, { folds: 4, embargoShare: 0.05 });

    expect(middle).toMatchObject({ fold: 1, purged: 6, embargoed: 2 });
    expect(middle?.train.length).toBe(40 - 10 - 6 - 2);
  });

  it('without the purge learn from everything that is not tested', () => {
    const [, middle] = purgedFolds(times, { folds: 4, embargoShare: 0.05, isPurged: false });

    expect(middle).toMatchObject({ purged: 0, embargoed: 0 });
    expect(middle?.train.length).toBe(30);
  });

  it('need a moment each', () => {
    expect(() => purgedFolds(times, { folds: 41 })).toThrow(/moment for each fold/);
  });
});

describe('walking forward', () => {
  it('learns from outcomes known a gap before the test, and goes on by its length', () => {
    const splits = walkForward(times, { firstTestUs: 20, testUs: 10, gapUs: 2 });

    expect(splits.map(({ test }) => [test[0], test.at(-1)])).toEqual([
      [20, 29],
      [30, 39],
    ]);
    // Decided at 14, known at 17: below 20 - 2.
    expect(splits.map(({ train }) => [train[0], train.at(-1)])).toEqual([
      [0, 14],
      [0, 24],
    ]);
    expect(splits.map(({ purged }) => purged)).toEqual([5, 5]);
  });

  it('looks back no further than it is told', () => {
    const [, second] = walkForward(times, { firstTestUs: 20, testUs: 10, gapUs: 0, trainUs: 8 });

    expect([...(second?.train ?? [])]).toEqual([22, 23, 24, 25, 26]);
  });
});

describe('parts of a data set', () => {
  it('follow each other, and no outcome reaches into the next', () => {
    const parts = chronologicalParts(times, { train: 0.5, validation: 0.2, calibration: 0.1 });
    const ends = [parts.train, parts.validation, parts.calibration, parts.test].map((part) => [
      part[0],
      part.at(-1),
    ]);

    expect(ends).toEqual([
      [0, 16],
      [20, 24],
      [28, 28],
      [32, 39],
    ]);
    expect(parts.purged).toBe(9);
  });

  it('may be left out, but for what is learned from and tested', () => {
    const parts = chronologicalParts(times, {
      train: 0.5,
      validation: 0,
      calibration: 0,
      gapUs: 1,
    });

    expect(parts.validation.length + parts.calibration.length).toBe(0);
    expect([parts.train.at(-1), parts.test[0]]).toEqual([15, 20]);
    expect(() =>
      chronologicalParts(times, { train: 0.8, validation: 0.2, calibration: 0 }),
    ).toThrow(/left to test on/);
  });
});
