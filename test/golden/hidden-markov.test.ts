import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import {
  fitGaussianHmm,
  type GaussianHmm,
  logDensitiesOf,
  sortedStates,
  startOf,
} from '../../src/domain/features/gaussian-hmm.ts';
import {
  filterStates,
  filterStep,
  likeliestPath,
  smoothStates,
} from '../../src/domain/features/hidden-markov.ts';
import { PortableNoise } from '../reference/portable-noise.ts';

const golden: {
  readonly hmm_umbrella: {
    readonly ll: number;
    readonly posterior: readonly (readonly number[])[];
  };
  readonly hmm_gauss: {
    readonly ll_first5: readonly number[];
    readonly iters: number;
    readonly ll_final: number;
    readonly mu: readonly number[];
    readonly sd: readonly number[];
    readonly A: readonly (readonly number[])[];
    readonly viterbi_ll: number;
    readonly viterbi_acc_vs_true: number;
    readonly switches: number;
  };
} = JSON.parse(readFileSync(new URL('finance.json', import.meta.url), 'utf8'));

describe('hidden chains', () => {
  const umbrella = {
    states: 2,
    initial: Float64Array.of(0.5, 0.5),
    transition: Float64Array.of(0.7, 0.3, 0.3, 0.7),
  };
  // An umbrella is carried on nine rainy days of ten and on two dry ones.
  const carried = [true, true, false, true, true];
  const densities = Float64Array.from(
    carried.flatMap((is) => (is ? [0.9, 0.2] : [0.1, 0.8])),
    Math.log,
  );

  it('tell rain from umbrellas as Russell and Norvig do', () => {
    const { probabilities, logLikelihood } = smoothStates(umbrella, densities);
    expect(logLikelihood).toBeCloseTo(golden.hmm_umbrella.ll, 12);
    golden.hmm_umbrella.posterior.forEach((row, at) => {
      row.forEach((value, state) => {
        expect(probabilities[2 * at + state]).toBeCloseTo(value, 12);
      });
    });
  });

  it('find the likeliest way', () => {
    const path = likeliestPath(umbrella, densities);
    expect([...path.states]).toEqual([0, 0, 1, 0, 0]);
    expect(path.logLikelihood).toBeCloseTo(-4.459, 4);
  });

  it('know nothing of the future: what is filtered stays as it is when rows are added', () => {
    const rows = fc.array(fc.double({ min: -8, max: 0, noNaN: true }), {
      minLength: 2,
      maxLength: 60,
    });
    const property = fc.property(rows, fc.nat(), (values, cut) => {
      const all = Float64Array.from(values.length % 2 === 0 ? values : values.slice(1));
      const count = all.length / 2;
      const kept = 1 + (cut % count);
      const whole = filterStates(umbrella, all).probabilities;
      const part = filterStates(umbrella, all.subarray(0, 2 * kept)).probabilities;
      expect([...part]).toEqual([...whole.subarray(0, 2 * kept)]);

      // Row by row it is the same to the bit, as a session has it.
      const last = part.slice(0, 2);
      for (let row = 1; row < kept; row += 1) {
        filterStep(umbrella, last, all.subarray(2 * row, 2 * row + 2), last);
        expect([...last]).toEqual([...part.subarray(2 * row, 2 * row + 2)]);
      }
    });
    fc.assert(property);
  });

  it('survive rows that no state explains', () => {
    const { probabilities, logLikelihood } = filterStates(
      umbrella,
      densities.map((v) => v - 1e5),
    );
    expect(logLikelihood).toBeCloseTo(golden.hmm_umbrella.ll - 5e5, 6);
    expect(probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('normal states', () => {
  const noise = new PortableNoise(77);
  const blocks = [
    [0.001, 0.008, 200],
    [-0.002, 0.025, 80],
    [0.0005, 0.01, 170],
    [-0.001, 0.03, 50],
  ] as const;
  const rows = Float64Array.from(
    blocks.flatMap(([mean, deviation, count]) =>
      Array.from({ length: count }, () => mean + deviation * noise.normal()),
    ),
  );
  const wild = blocks.flatMap(([, deviation, count]) =>
    Array.from({ length: count }, () => (deviation > 0.02 ? 1 : 0)),
  );
  const start: GaussianHmm = {
    states: 2,
    dimensions: 1,
    initial: Float64Array.of(0.5, 0.5),
    transition: Float64Array.of(0.95, 0.05, 0.05, 0.95),
    means: Float64Array.of(0, 0),
    variances: Float64Array.of(1e-4, 1e-3),
  };
  const fitted = present(fitGaussianHmm(rows, [start]), 'a fit');
  const { hmm_gauss: expected } = golden;

  it('are fitted step by step as in Python, and never get less likely', () => {
    const { logLikelihoods } = fitted;
    expected.ll_first5.forEach((value, at) => {
      expect(logLikelihoods[at]).toBeCloseTo(value, 6);
    });
    logLikelihoods.slice(1).forEach((value, at) => {
      expect(value - (logLikelihoods[at] ?? NaN)).toBeGreaterThan(-1e-9);
    });
    expect(logLikelihoods.at(-1)).toBeCloseTo(expected.ll_final, 5);
    expect(fitted.hasConverged).toBe(true);
  });

  it('end where Python ends', () => {
    const { means, variances, transition } = fitted.model;
    expected.mu.forEach((value, at) => expect(means[at]).toBeCloseTo(value, 6));
    expected.sd.forEach((value, at) => {
      expect(Math.sqrt(variances[at] ?? NaN)).toBeCloseTo(value, 6);
    });
    expected.A.flat().forEach((value, at) => expect(transition[at]).toBeCloseTo(value, 5));
  });

  it('are told apart along the way', () => {
    const path = likeliestPath(fitted.model, logDensitiesOf(fitted.model, rows));
    const right = [...path.states].filter((state, at) => state === wild[at]).length;
    const switches = path.states.filter((state, at) => at > 0 && state !== path.states[at - 1]);
    expect(path.logLikelihood).toBeCloseTo(expected.viterbi_ll, 3);
    expect(right / rows.length).toBeCloseTo(expected.viterbi_acc_vs_true, 10);
    expect(switches.length).toBe(expected.switches);
  });

  it('are found from a start without chance too, and the likeliest of several is kept', () => {
    const own = startOf(rows, 1, 2);
    const both = present(fitGaussianHmm(rows, [own, start]), 'a fit');
    expect(both.logLikelihoods.at(-1)).toBeCloseTo(expected.ll_final, 4);
    const single = present(fitGaussianHmm(rows, [startOf(rows, 1, 1)]), 'a fit');
    expect(both.logLikelihoods.at(-1)).toBeGreaterThan(single.logLikelihoods.at(-1) ?? NaN);
  });

  it('have numbers that mean something once they are sorted', () => {
    const turned = sortedStates(fitted.model, (_, [variance = NaN]) => -variance);
    expect([...turned.means]).toEqual([...fitted.model.means].toReversed());
    expect(turned.transition[0]).toBe(fitted.model.transition[3]);
    expect(turned.transition[1]).toBe(fitted.model.transition[2]);
    const [one, other] = [fitted.model, turned].map((model) =>
      filterStates(model, logDensitiesOf(model, rows)),
    );
    expect(other?.logLikelihood).toBeCloseTo(one?.logLikelihood ?? NaN, 9);
  });

  it('are not fitted to what does not move', () => {
    expect(fitGaussianHmm(new Float64Array(50).fill(0.01), [start])).toBeUndefined();
  });

  it('see two dimensions at once, and never get less likely', () => {
    const pairs = Float64Array.from([...rows].flatMap((value) => [value, Math.abs(value)]));
    const { logLikelihoods, model } = present(
      fitGaussianHmm(pairs, [startOf(pairs, 2, 3)], { iterationsMax: 60 }),
      'a fit',
    );
    logLikelihoods.slice(1).forEach((value, at) => {
      expect(value - (logLikelihoods[at] ?? NaN)).toBeGreaterThan(-1e-9);
    });
    expect(model.means.length).toBe(6);
  });
});
