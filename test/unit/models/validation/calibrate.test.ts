import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { calibrated } from '../../../../src/models/artefact/calibration.ts';
import { fitCalibration } from '../../../../src/models/validation/calibrate.ts';
import { calibrationError, logLoss } from '../../../../src/models/validation/pointwise.ts';
import { areaUnderCurve } from '../../../../src/models/validation/ranking.ts';

/** A model that says too much: its logits are three times what they are worth. */
function boastful(seed: number, count: number) {
  const random = new Random(seed);
  const logits = new Float64Array(count).map(() => random.normal());
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  return {
    probability: logits.map((z) => sigmoid(3 * z + 0.5)),
    outcome: logits.map((z) => Number(random.unit() < sigmoid(z))),
    atUs: logits.map((_, at) => 1_000 + at),
  };
}

describe.each(['isotonic', 'platt'] as const)('a calibration, %s,', (kind) => {
  const learned = boastful(1, 4_000);
  const fresh = boastful(2, 4_000);
  const fitted = fitCalibration(kind, learned, 999);

  it('makes a probability mean what it says, on samples it has not seen', () => {
    if (fitted === undefined) throw new Error('nothing was fitted');
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
    expect(fitCalibration(kind, alike, 0)).toBeUndefined();

    const silent = { ...learned, probability: learned.probability.map(() => Number.NaN) };
    expect(fitCalibration(kind, silent, 0)).toBeUndefined();
    const first = learned.probability.map((value, at) => (at % 2 === 0 ? value : Number.NaN));
    const even = (column: Float64Array) => column.filter((_, at) => at % 2 === 0);
    const halved = {
      probability: even(learned.probability),
      outcome: even(learned.outcome),
      atUs: even(learned.atUs),
    };
    expect(fitCalibration(kind, { ...learned, probability: first }, 0)).toEqual(
      fitCalibration(kind, halved, 0),
    );
  });
});

describe('what Platt finds', () => {
  it('is the line that was hidden', () => {
    const fitted = fitCalibration('platt', boastful(3, 40_000), 0);
    if (fitted?.kind !== 'platt') throw new Error('nothing was fitted');

    // z = (logit - 0.5) / 3.
    expect(fitted.slope).toBeCloseTo(1 / 3, 1);
    expect(fitted.intercept).toBeCloseTo(-0.5 / 3, 1);
  });

  it('stays finite where classes are far apart, and where all scores are one', () => {
    const apart = fitCalibration(
      'platt',
      {
        probability: Float64Array.from([0, 0, 1, 1]),
        outcome: Float64Array.from([0, 0, 1, 1]),
        atUs: Float64Array.from([1, 1, 1, 1]),
      },
      0,
    );
    if (apart === undefined) throw new Error('nothing was fitted');
    // Targets of two samples a side are 3/4 and 1/4.
    expect(calibrated(apart, 1)).toBeCloseTo(0.75, 6);
    expect(calibrated(apart, 0)).toBeCloseTo(0.25, 6);

    const level = fitCalibration(
      'platt',
      {
        probability: Float64Array.from([0.7, 0.7, 0.7, 0.7]),
        outcome: Float64Array.from([0, 1, 0, 0]),
        atUs: Float64Array.from([1, 1, 1, 1]),
      },
      0,
    );
    if (level === undefined) throw new Error('nothing was fitted');
    // Targets 2/3 of one sample and 1/5 of three: 0.3167 on average.
    expect(calibrated(level, 0.7)).toBeCloseTo((2 / 3 + 3 / 5) / 4, 6);
  });
});
