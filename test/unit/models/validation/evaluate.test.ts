import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { wilsonInterval } from '../../../../src/core/wilson.ts';
import { lastOutcomes, naiveBaselines } from '../../../../src/models/validation/baselines.ts';
import { dayBlocks, meanInterval } from '../../../../src/models/validation/day-blocks.ts';
import { evaluate, figuresOf } from '../../../../src/models/validation/evaluate.ts';
import { noiseSamples } from './noise-samples.ts';

const MARKET = { seed: 1, days: 30, symbols: 10, perDay: 4 };

describe('an evaluation', () => {
  const samples = noiseSamples({ ...MARKET, skill: 0.5 });
  const half = new Float64Array(samples.count).fill(0.5);
  // What the first feature says, as the normal distribution would have it, roughly.
  const skilled = Float64Array.from({ length: samples.count }, (_, at) => {
    const logit = 0.85 * (samples.features[at * samples.width] ?? 0);
    return 1 / (1 + Math.exp(-logit));
  });
  const baselines = [{ name: 'coin', predictions: half }];

  it('calls a model better that is, with the interval of the difference', () => {
    const metrics = evaluate(skilled, samples, { predicted: 'probability', baselines, seed: 3 });

    expect(metrics).toMatchObject({
      primary: 'logLoss',
      samples: 1_200,
      unanswered: 0,
      days: 30,
      verdict: 'better',
    });
    expect(metrics.areaUnderCurve).toBeGreaterThan(0.6);
    expect(metrics.logLoss).toBeLessThan(Math.LN2);
    expect(metrics.informationCoefficient.days).toBe(30);
    expect(metrics.informationCoefficient.value).toBeGreaterThan(0.3);
    const [coin] = metrics.comparisons;
    expect(coin).toMatchObject({ name: 'coin', level: 0.95, blocks: 30, verdict: 'better' });
    expect(coin?.difference).toBeCloseTo(metrics.logLoss - Math.LN2, 12);
    expect(coin?.loss).toBeCloseTo(Math.LN2, 12);
  });

  it('calls the other worse, and neither of two that are alike', () => {
    const options = { predicted: 'probability', seed: 3 } as const;
    const against = (predictions: Float64Array) => [{ name: 'other', predictions }];

    const worse = evaluate(half, samples, { ...options, baselines: against(skilled) });
    expect(worse.verdict).toBe('worse');
    const same = evaluate(half, samples, { ...options, baselines: against(half) });
    expect(same.verdict).toBe('no better');
    expect(evaluate(half, samples, { ...options, baselines: [] }).verdict).toBe('no better');
  });

  it('is better only where it is better than each', () => {
    const both = [...baselines, { name: 'itself', predictions: skilled }];
    const metrics = evaluate(skilled, samples, {
      predicted: 'probability',
      baselines: both,
      seed: 3,
    });

    expect(metrics.comparisons.map(({ verdict }) => verdict)).toEqual(['better', 'no better']);
    expect(metrics.verdict).toBe('no better');
  });

  it('is the same from the same seed', () => {
    const options = { predicted: 'probability', baselines, seed: 3 } as const;
    const first = evaluate(skilled, samples, options);

    expect(evaluate(skilled, samples, options)).toEqual(first);
    const other = evaluate(skilled, samples, { ...options, seed: 4 });
    expect(other.comparisons[0]?.low).not.toBe(first.comparisons[0]?.low);
    expect(other.logLoss).toBe(first.logLoss);
  });

  it('counts what was not answered and leaves it out on both sides', () => {
    const partly = skilled.map((value, at) => (at < 200 ? Number.NaN : value));
    const metrics = evaluate(partly, samples, { predicted: 'probability', baselines, seed: 3 });

    expect(metrics).toMatchObject({ samples: 1_000, unanswered: 200, days: 25 });
  });

  it('of a return is by squared error, and has no figures of probabilities', () => {
    const metrics = evaluate(new Float64Array(samples.count), samples, {
      predicted: 'return',
      baselines: [{ name: 'mean', predictions: half.map(() => 0.02) }],
      seed: 3,
    });

    expect(metrics).toMatchObject({ primary: 'squaredError', verdict: 'better' });
    const figures = figuresOf(metrics);
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
    expect(Object.keys(figures)).not.toContain('logLoss');
    expect(figures['squaredError']).toBe(metrics.loss);
  });

  it('says nothing of few days, however large the difference', () => {
    const few = noiseSamples({ ...MARKET, days: 5, skill: 5 });
    const said = few.label.map((label) => (label === 1 ? 0.9 : 0.1));
    const metrics = evaluate(said, few, {
      predicted: 'probability',
      baselines: [{ name: 'coin', predictions: new Float64Array(few.count).fill(0.5) }],
      seed: 3,
    });

    expect(metrics.comparisons[0]).toMatchObject({ blocks: 5, verdict: 'no better' });
  });

  it('counts outcomes that overlap once', () => {
    const open = noiseSamples({ ...MARKET, openMinutes: 20 });
    const metrics = evaluate(half, open, { predicted: 'probability', baselines, seed: 3 });

    // Four decisions ten minutes apart, each open for twenty: spans of 10 alone and 30 shared.
    expect(metrics.independentSamples).toBeCloseTo((30 * 10 * 50) / 20, 9);
    expect(metrics.effectiveSamples).toBe(1_200);
    const { accuracy, accuracyLow, accuracyHigh } = metrics;
    const expected = wilsonInterval(750 * accuracy, 750);
    expect(accuracyLow).toBeCloseTo(expected.low, 12);
    expect(accuracyHigh).toBeCloseTo(expected.high, 12);
  });

  it('refuses what is no probability', () => {
    const wild = half.map((value, at) => (at === 7 ? 1.5 : value));
    const options = { predicted: 'probability', baselines: [], seed: 1 } as const;

    expect(() => evaluate(wild, samples, options)).toThrow(/between 0 and 1/);
    expect(() => evaluate(half.subarray(1), samples, options)).toThrow(/for each sample/);
  });
});

describe('an interval of days', () => {
  /** Shocks that `length` days share, and noise of each sample. */
  function covered(days: number, length: number, seed: number): 'below' | 'in' | 'above' {
    const random = new Random(seed);
    const shocks = new Float64Array(days + length).map(() => random.normal());
    const day = Int32Array.from({ length: 4 * days }, (_, at) => Math.floor(at / 4));
    const values = Float64Array.from(day, (of) =>
      shocks.subarray(of, of + length).reduce((sum, shock) => sum + shock, random.normal()),
    );
    const blocks = dayBlocks(
      day,
      day.map((of) => of + length - 1),
    );
    const { low, high } = meanInterval(values, blocks, { seed, level: 0.95, repetitions: 200 });
    return high < 0 ? 'below' : low > 0 ? 'above' : 'in';
  }

  it.each([
    [10, 1],
    [60, 1],
    [60, 4],
  ])('of %i days with outcomes over %i holds the truth as often as it says', (days, length) => {
    const found = Array.from({ length: 400 }, (_, seed) => covered(days, length, seed));
    const held = found.filter((where) => where === 'in').length / found.length;
    const better = found.filter((where) => where === 'below').length / found.length;

    // 95 % and 2.5 %, each three standard errors of 400 drawings and what few blocks cost.
    expect(held).toBeGreaterThan(0.91);
    expect(held).toBeLessThan(0.985);
    expect(better).toBeLessThan(0.06);
  });
});

describe('naive baselines', () => {
  const samples = noiseSamples({ ...MARKET, days: 20 });
  const places = Int32Array.from(samples.atUs.keys());
  const cut = 10 * 4 * 10;
  const parts = { train: places.subarray(0, cut), test: places.subarray(cut) };

  it('of noise are no better than one another', () => {
    const [base, ...others] = naiveBaselines(samples, {
      ...parts,
      predicted: 'probability',
      line: { features: 3 },
    });

    expect(others.map(({ name }) => name)).toEqual(['persistence', 'seasonal', 'logistic']);
    const share = samples.label.subarray(0, cut).reduce((sum, value) => sum + value, 0) / cut;
    expect(base?.predictions.every((value) => value === share)).toBe(true);
    for (const { predictions } of others) {
      expect(predictions.length).toBe(parts.test.length);
      expect(predictions.every((value) => value > 0 && value < 1)).toBe(true);
    }
  });

  it('persistence of a class finds one that persists', () => {
    const label = samples.label.map((_, at) => (at % 10 < 5 ? 1 : 0));
    const found = naiveBaselines({ ...samples, label }, { ...parts, predicted: 'probability' });
    const persistence = found[1]?.predictions ?? new Float64Array();

    // The first five symbols have always 1, the others 0.
    persistence.forEach((value, at) => {
      // So often 1 followed itself, and two more as often as 1 came at all: not quite always.
      const isOne = at % 10 < 5;
      expect(isOne ? value : 1 - value).toBeGreaterThan(0.98);
      expect(isOne ? value : 1 - value).toBeLessThan(1);
    });
  });

  it('of a return is that the price stays, and by season what it did at that time', () => {
    const forwardReturn = samples.forwardReturn.map((_, at) => Math.floor(at / 10) % 4);
    const found = naiveBaselines({ ...samples, forwardReturn }, { ...parts, predicted: 'return' });

    expect(found[1]?.predictions.every((value) => value === 0)).toBe(true);
    expect([...(found[2]?.predictions ?? [])]).toEqual([...forwardReturn.subarray(cut)]);
  });

  it('know an outcome from the moment on at which it was known', () => {
    const times = {
      atUs: Float64Array.from([0, 5, 6, 7]),
      knownUs: Float64Array.from([6, 9, 7, 9]),
    };
    const target = Float64Array.from([10, 20, 30, 40]);

    expect([...lastOutcomes(times, target, () => 0)]).toEqual([NaN, NaN, 10, 30]);
    expect([...lastOutcomes(times, target, (at) => at % 2)]).toEqual([NaN, NaN, 10, NaN]);
  });

  it('know no outcome before it was known', () => {
    const late = { ...samples, knownUs: samples.knownUs.map(() => Number.MAX_SAFE_INTEGER) };
    const found = naiveBaselines(late, { ...parts, predicted: 'value' });

    expect(found[1]?.predictions).toEqual(found[0]?.predictions);
  });
});
