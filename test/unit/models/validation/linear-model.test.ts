import { describe, expect, it } from 'vitest';
import type { Samples } from '../../../../src/models/data/samples.ts';
import {
  fitLogistic,
  fitRidge,
  predictLinear,
} from '../../../../src/models/validation/linear-model.ts';
import { logLoss } from '../../../../src/models/validation/pointwise.ts';
import { areaUnderCurve } from '../../../../src/models/validation/ranking.ts';
import { noiseSamples } from './noise-samples.ts';

const samples = noiseSamples({ seed: 2, days: 20, symbols: 10, perDay: 5, skill: 1 });

/** Loss and ridge of a fitted line: what no other line has less of. */
function cost(of: Samples, coefficients: readonly number[], intercept: number, ridge: number) {
  const { means, scales } = fitLogistic(of, { ridge });
  const said = new Float64Array(of.count).map((_, at) => {
    let z = intercept;
    coefficients.forEach((coefficient, k) => {
      const value = (of.features[at * of.width + k] ?? NaN) - (means[k] ?? NaN);
      z += coefficient * value * (scales[k] ?? NaN);
    });
    return 1 / (1 + Math.exp(-z));
  });
  const squares = coefficients.reduce((sum, value) => sum + value * value, 0);
  return logLoss(said, of.label) + (ridge / 2) * squares;
}

describe('a logistic line', () => {
  it('is where its loss and ridge are least', () => {
    const ridge = 0.01;
    const { coefficients, intercept } = fitLogistic(samples, { ridge });
    const least = cost(samples, coefficients, intercept, ridge);

    for (const step of [-0.01, 0.01]) {
      coefficients.forEach((_, k) => {
        const moved = coefficients.map((value, at) => (at === k ? value + step : value));
        expect(cost(samples, moved, intercept, ridge)).toBeGreaterThan(least);
      });
      expect(cost(samples, coefficients, intercept + step, ridge)).toBeGreaterThan(least);
    }
  });

  it('finds the feature that says something', () => {
    const model = fitLogistic(samples);
    const fresh = noiseSamples({ seed: 9, days: 20, symbols: 10, perDay: 5, skill: 1 });

    expect(areaUnderCurve(predictLinear(model, fresh), fresh.label)).toBeGreaterThan(0.7);
    const [first = 0, ...others] = model.coefficients;
    expect(others.every((value) => Math.abs(value) < first / 4)).toBe(true);
  });

  it('puts what is missing at its mean, and takes a column without spread', () => {
    const features = samples.features.slice();
    for (let at = 0; at < samples.count; at += 1) features[at * 3 + 2] = 7;
    features[0] = Number.NaN;
    const model = fitLogistic({ ...samples, features });

    expect(model.coefficients[2]).toBe(0);
    expect(predictLinear(model, { ...samples, features }).every(Number.isFinite)).toBe(true);
  });

  it('counts weights as so many samples', () => {
    const places = Int32Array.from(samples.atUs.keys());
    const twice = Int32Array.from([...places, ...places.filter((at) => at % 3 === 0)]);
    const weight = samples.weight.map((_, at) => (at % 3 === 0 ? 2 : 1));
    const column = (of: Float64Array) => Float64Array.from(twice, (at) => of[at] ?? NaN);
    const repeated: Samples = {
      ...samples,
      count: twice.length,
      features: Float64Array.from(twice, (at) => at).reduce(
        (all, at, to) => {
          all.set(samples.features.subarray(at * 3, at * 3 + 3), to * 3);
          return all;
        },
        new Float64Array(3 * twice.length),
      ),
      label: column(samples.label),
      weight: column(samples.weight),
    };
    const [weighted, counted] = [fitLogistic({ ...samples, weight }), fitLogistic(repeated)];

    weighted.coefficients.forEach((value, at) => {
      expect(value).toBeCloseTo(counted.coefficients[at] ?? NaN, 9);
    });
    expect(weighted.intercept).toBeCloseTo(counted.intercept, 9);
  });

  it('stays finite where the classes can be told apart', () => {
    const label = samples.label.map((_, at) => Number((samples.features[at * 3] ?? 0) > 0));
    const model = fitLogistic({ ...samples, label });
    const said = predictLinear(model, samples);

    expect(said.every((value) => value > 0 && value < 1)).toBe(true);
    expect(areaUnderCurve(said, label)).toBeGreaterThan(0.999);
  });

  it('sees only the numbers that it is given', () => {
    const model = fitLogistic(samples, { from: 1 });
    expect(model.coefficients.length).toBe(2);
    expect(areaUnderCurve(predictLinear(model, samples), samples.label)).toBeLessThan(0.58);
  });
});

describe('a ridge line', () => {
  it('finds a line that is there', () => {
    const target = samples.features
      .filter((_, at) => at % 3 === 0)
      .map((first, at) => 2 + 3 * first - (samples.features[at * 3 + 1] ?? NaN));
    const said = predictLinear(fitRidge(samples, target, { ridge: 1e-9 }), samples);

    said.forEach((value, at) => expect(value).toBeCloseTo(target[at] ?? NaN, 6));
  });
});
