import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { calibrated } from '../../../../src/models/artefact/calibration.ts';
import {
  fitCalibration,
  fitPlatt,
  type Scored,
} from '../../../../src/models/validation/calibrate.ts';
import { calibrationError, logLoss } from '../../../../src/models/validation/pointwise.ts';
import { areaUnderCurve } from '../../../../src/models/validation/ranking.ts';

/** A model that says too much: its logits are three times what they are worth. */
function boastful(seed: number, count: number): Scored {
  const random = new Random(seed);
  const logits = new Float64Array(count).map(() => random.normal());
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  return {
    probability: logits.map((z) => sigmoid(3 * z + 0.5)),
    outcome: logits.map((z) => Number(random.unit() < sigmoid(z))),
    atUs: logits.map((_, at) => 1_000 + at),
    independent: count,
  };
}

function fittedTo(...of: Parameters<typeof fitCalibration>) {
  const learned = fitCalibration(...of);
  if (learned.kind === 'none') throw new Error(learned.why);
  return learned.calibration;
}

describe.each(['isotonic', 'platt'] as const)('a calibration, %s,', (kind) => {
  const learned = boastful(1, 4_000);
  const fresh = boastful(2, 4_000);
  const fitted = fittedTo(kind, learned, 999);

  it('makes a probability mean what it says, on samples it has not seen', () => {
    const said = fresh.probability.map((value) => calibrated(fitted, value));

    expect(calibrationError(fresh.probability, fresh.outcome)).toBeGreaterThan(0.1);
    expect(calibrationError(said, fresh.outcome)).toBeLessThan(0.03);
    expect(logLoss(said, fresh.outcome)).toBeLessThan(logLoss(fresh.probability, fresh.outcome));
    const order = areaUnderCurve(fresh.probability, fresh.outcome);
    expect(areaUnderCurve(said, fresh.outcome)).toBeCloseTo(order, 2);
  });

  it('survives being written down', () => {
    expect(JSON.parse(JSON.stringify(fitted))).toEqual(fitted);
  });

  it('is not learned from samples of the training', () => {
    expect(() => fitCalibration(kind, learned, 1_000)).toThrow(/later samples than the model/);
  });

  it('is not learned where all came out alike, nor from what was not answered', () => {
    const alike = { ...learned, outcome: learned.outcome.map(() => 1) };
    expect(fitCalibration(kind, alike, 0)).toEqual({ kind: 'none', why: 'all came out alike' });

    const silent = { ...learned, probability: learned.probability.map(() => Number.NaN) };
    expect(fitCalibration(kind, silent, 0).kind).toBe('none');
    const first = learned.probability.map((value, at) => (at % 2 === 0 ? value : Number.NaN));
    const even = (column: Float64Array) => column.filter((_, at) => at % 2 === 0);
    const halved = {
      probability: even(learned.probability),
      outcome: even(learned.outcome),
      atUs: even(learned.atUs),
      independent: learned.independent / 2,
    };
    expect(fitCalibration(kind, { ...learned, probability: first }, 0)).toEqual(
      fitCalibration(kind, halved, 0),
    );
  });
});

describe('what Platt finds', () => {
  it('is the line that was hidden', () => {
    const fitted = fittedTo('platt', boastful(3, 40_000), 0);
    if (fitted.kind !== 'platt') throw new Error('nothing was fitted');

    // z = (logit - 0.5) / 3.
    expect(fitted.slope).toBeCloseTo(1 / 3, 1);
    expect(fitted.intercept).toBeCloseTo(-0.5 / 3, 1);
  });

  it('stays finite where classes are far apart, and where all scores are one', () => {
    const classes = Float64Array.from([0, 0, 1, 1]);
    const apart = fitPlatt(classes, classes, 4);
    // Targets of two samples a side are 3/4 and 1/4.
    expect(calibrated(apart, 1)).toBeCloseTo(0.75, 6);
    expect(calibrated(apart, 0)).toBeCloseTo(0.25, 6);

    const scores = Float64Array.from([0.7, 0.7, 0.7, 0.7]);
    const level = fitPlatt(scores, Float64Array.from([0, 1, 0, 0]), 4);
    // Targets 2/3 of one sample and 1/5 of three: 0.3167 on average.
    expect(calibrated(level, 0.7)).toBeCloseTo((2 / 3 + 3 / 5) / 4, 6);
  });
});

describe.each(['isotonic', 'platt'] as const)('no calibration, %s,', (kind) => {
  it('turns a model round: scores that came true the less the higher they were have none', () => {
    const reversed = boastful(5, 4_000);
    const outcome = reversed.outcome.map((value) => 1 - value);

    expect(fitCalibration(kind, { ...reversed, outcome }, 0)).toEqual({
      kind: 'none',
      why: 'higher scores did not come true more often',
    });
  });

  it('rests on fewer than 50 independent outcomes, however many samples overlap in them', () => {
    const many = boastful(6, 4_000);

    expect(fitCalibration(kind, { ...many, independent: 49.9 }, 0)).toEqual({
      kind: 'none',
      why: '49 independent outcomes, and 50 are needed',
    });
    expect(fitCalibration(kind, { ...many, independent: 50 }, 0).kind).toBe('calibration');
  });

  it('is made of scores that are all one', () => {
    const level = boastful(7, 4_000);
    const probability = level.probability.map(() => 0.7);

    expect(fitCalibration(kind, { ...level, probability }, 0).kind).toBe('none');
  });

  it('of outcomes that nothing foretold falls, whatever their luck', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const random = new Random(seed);
      const noise = boastful(seed, 60);
      const outcome = noise.outcome.map(() => Number(random.unit() < 0.5));
      const learned = fitCalibration(kind, { ...noise, outcome }, 0);
      if (learned.kind === 'none') continue;
      const said = [0.01, 0.3, 0.7, 0.99].map((value) => calibrated(learned.calibration, value));

      expect(said).toEqual(said.toSorted((left, right) => left - right));
    }
  });
});

describe('a line through few outcomes', () => {
  it('changes the less of what a model says the fewer they are', () => {
    const scored = boastful(8, 4_000);
    const slopes = [50, 150, 300, 4_000].map((independent) => {
      const fitted = fittedTo('platt', { ...scored, independent }, 0);
      return fitted.kind === 'platt' ? fitted.slope : Number.NaN;
    });

    // A third of what is said is right: the whole of it is taken from 300 on.
    expect(slopes[0]).toBeGreaterThan(0.85);
    expect(slopes[1]).toBeCloseTo(2 / 3, 1);
    expect(slopes[2]).toBeCloseTo(1 / 3, 1);
    expect(slopes[3]).toBeCloseTo(1 / 3, 1);
  });
});
