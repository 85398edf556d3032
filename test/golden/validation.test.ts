import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../src/core/wilson.ts';
import { tripleBarrier } from '../../src/models/data/triple-barrier.ts';
import { averageUniqueness } from '../../src/models/data/uniqueness.ts';
import { overfitProbability } from '../../src/models/validation/overfit-probability.ts';
import {
  calibrationError,
  logLoss,
  meanSquaredError,
} from '../../src/models/validation/pointwise.ts';
import {
  deflatedSharpe,
  expectedMaximum,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeOfLuck,
} from '../../src/models/validation/sharpe.ts';
import { purgedFolds } from '../../src/models/validation/splits.ts';
import { noise } from '../reference/portable-noise.ts';

type Barrier = readonly [label: number, bars: number, change: number] | null;

const golden: {
  readonly wilson: Readonly<Record<string, readonly [number, number]>>;
  readonly calib: {
    readonly p: readonly number[];
    readonly y: readonly number[];
    readonly brier: number;
    readonly ece10: number;
    readonly ece5: number;
    readonly logloss: number;
  };
  readonly dsr: {
    readonly 'paper: annual SR 2.5, T=1250,N=100,V=.5/250,skew -3,kurt 10': {
      readonly SR0_daily: number;
      readonly DSR: number;
    };
    readonly 'N=46': number;
    readonly 'N=88 normal': number;
    readonly emax_N: Readonly<Record<string, number>>;
    readonly 'PSR sr=.1,T=250,sk=0,ku=3 vs 0': number;
    readonly minTRL: number;
  };
  readonly triple_barrier: {
    readonly px: readonly number[];
    readonly 'up=.02,dn=.02,h=5': readonly Barrier[];
  };
  readonly uniqueness: {
    readonly intervals_inclusive: readonly (readonly [number, number])[];
    readonly avg_uniq: readonly number[];
  };
  readonly purged_kfold: readonly {
    readonly test: readonly [number, number];
    readonly train: readonly number[];
  }[];
  readonly pbo: {
    readonly 'M=240x20 of .01*z from LCG(99) row-major, S=8': readonly [number, number];
    readonly 'same +.004 on column 7': readonly [number, number];
  };
} = JSON.parse(readFileSync(new URL('validation.json', import.meta.url), 'utf8'));

const DIGITS = 10;

describe('shares and probabilities', () => {
  it.each(Object.entries(golden.wilson))('Wilson of %s', (counts, [low, high]) => {
    const [successes = NaN, trials = NaN] = counts.split('/').map(Number);
    const interval = wilsonInterval(successes, trials);

    expect(interval.low).toBeCloseTo(low, DIGITS);
    expect(interval.high).toBeCloseTo(high, DIGITS);
  });

  it('loss, Brier score and calibration error of ten probabilities', () => {
    const said = Float64Array.from(golden.calib.p);
    const seen = Float64Array.from(golden.calib.y);

    expect(logLoss(said, seen)).toBeCloseTo(golden.calib.logloss, DIGITS);
    expect(meanSquaredError(said, seen)).toBeCloseTo(golden.calib.brier, DIGITS);
    expect(calibrationError(said, seen)).toBeCloseTo(golden.calib.ece10, DIGITS);
    expect(calibrationError(said, seen, 5)).toBeCloseTo(golden.calib.ece5, DIGITS);
  });
});

describe('Sharpe ratios', () => {
  const paper = { sharpe: 2.5 / Math.sqrt(250), periods: 1_250, skewness: -3, kurtosis: 10 };
  const variance = 0.5 / 250;
  const dsr = golden.dsr;
  const example = dsr['paper: annual SR 2.5, T=1250,N=100,V=.5/250,skew -3,kurt 10'];

  it('deflates the example of the paper', () => {
    expect(sharpeOfLuck({ count: 100, variance })).toBeCloseTo(example.SR0_daily, DIGITS);
    expect(deflatedSharpe(paper, { count: 100, variance })).toBeCloseTo(example.DSR, DIGITS);
    expect(deflatedSharpe(paper, { count: 46, variance })).toBeCloseTo(dsr['N=46'], DIGITS);
    const normal = { ...paper, skewness: 0, kurtosis: 3 };
    expect(deflatedSharpe(normal, { count: 88, variance })).toBeCloseTo(dsr['N=88 normal'], DIGITS);
  });

  it.each(Object.entries(golden.dsr.emax_N))('expects of the best of %s', (count, expected) => {
    expect(expectedMaximum(Number(count))).toBeCloseTo(expected, DIGITS);
  });

  it('says how probable a ratio is, and how long it takes to be sure', () => {
    const record = { sharpe: 0.1, periods: 250, skewness: 0, kurtosis: 3 };

    expect(probabilisticSharpe(record)).toBeCloseTo(dsr['PSR sr=.1,T=250,sk=0,ku=3 vs 0'], DIGITS);
    expect(minimumTrackRecord(record, 0, 0.95)).toBeCloseTo(dsr.minTRL, 9);
  });
});

describe('labels and folds', () => {
  it('meets the barriers of ten prices', () => {
    const { px, 'up=.02,dn=.02,h=5': expected } = golden.triple_barrier;
    const close = Float64Array.from(px);
    const closeUs = close.map((_, at) => at);
    const labels = tripleBarrier(
      { closeUs, open: close, high: close, low: close, close },
      {
        up: 0.02,
        down: 0.02,
        horizonBars: 5,
        trigger: 'close',
        timeout: 'zero',
        sessions: 'across',
      },
    );

    expected.forEach((row, at) => {
      const [label, bars, change] = row ?? [NaN, NaN, NaN];
      expect(labels.label[at]).toBe(label);
      expect(labels.bars[at]).toBe(bars);
      if (row === null) expect(labels.forwardReturn[at]).toBeNaN();
      else expect(labels.forwardReturn[at]).toBeCloseTo(change, 6);
    });
  });

  it('shares what overlaps', () => {
    const spans = golden.uniqueness.intervals_inclusive;
    const from = Float64Array.from(spans, ([first]) => first);
    const to = Float64Array.from(spans, ([, last]) => last + 1);

    averageUniqueness(from, to).forEach((value, at) => {
      expect(value).toBeCloseTo(golden.uniqueness.avg_uniq[at] ?? NaN, DIGITS);
    });
  });

  it('keeps from training what touches the test, and the embargo', () => {
    const atUs = Float64Array.from({ length: 20 }, (_, at) => at);
    const times = { atUs, knownUs: atUs.map((us) => us + 2) };
    const splits = purgedFolds(times, { folds: 4, embargoShare: 0.05 });

    expect(splits.map(({ train }) => [...train])).toEqual(
      golden.purged_kfold.map((of) => of.train),
    );
    expect(splits.map(({ test }) => [test[0], test.at(-1)])).toEqual(
      golden.purged_kfold.map((of) => of.test),
    );
  });
});

describe('the probability of overfitting', () => {
  const { pbo } = golden;
  const values = noise(99, 240 * 20).map((z) => 0.01 * z);
  const better = values.map((value, at) => (at % 20 === 7 ? value + 0.004 : value));

  it.each([
    ['noise', values, pbo['M=240x20 of .01*z from LCG(99) row-major, S=8']],
    ['one that is better', better, pbo['same +.004 on column 7']],
  ] as const)('of %s', (_, of, [probability, splits]) => {
    const found = overfitProbability({ values: of, periods: 240, trials: 20 }, 8);

    expect(found.probability).toBeCloseTo(probability, DIGITS);
    expect(found.splits).toBe(splits);
  });
});
