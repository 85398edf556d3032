import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeDataset, momentum } from '../../scripts/momentum/dataset.ts';
import { measure } from '../../scripts/momentum/metrics.ts';
import { train } from '../../scripts/momentum/training.ts';
import { loadModel } from '../../src/gpu/plain/load-model.ts';
import { score } from '../../src/gpu/plain/model.ts';

const text = readFileSync(new URL('../../config/models/momentum-1.json', import.meta.url), 'utf8');
const Metrics = z.object({ rows: z.number(), logLoss: z.number(), auc: z.number() });
const File = z.object({
  training: z.object({
    baseRate: z.number(),
    trainSeeds: z.array(z.number()),
    testSeeds: z.array(z.number()),
    check: z.object({
      seeds: z.array(z.number()),
      symbols: z.number(),
      days: z.number(),
      tradesPerDay: z.number(),
      horizonBars: z.number(),
    }),
  }),
  metrics: z.object({
    test: Metrics.extend({ baseLogLoss: z.number(), calibrationError: z.number() }),
    check: Metrics,
    naiveTest: z.object({ auc: z.number(), oppositeAuc: z.number() }),
  }),
});
const file = File.parse(JSON.parse(text));
const { check, baseRate, trainSeeds, testSeeds } = file.training;

describe('config/models/momentum-1.json', () => {
  const data = makeDataset(check);

  it('scores a market it has not seen as well as it states', () => {
    const model = loadModel(text, momentum.layoutHash);
    const scores = new Float64Array(data.rows);
    score(model, data.features, data.rows, scores);
    const { rows, logLoss, auc } = measure(scores, data.labels, baseRate);

    expect(rows).toBe(file.metrics.check.rows);
    expect(logLoss).toBeCloseTo(file.metrics.check.logLoss, 9);
    expect(auc).toBeCloseTo(file.metrics.check.auc, 9);
  });

  it('was tested on other seeds, where it knows something and not much', () => {
    const { test, naiveTest } = file.metrics;

    expect(testSeeds.filter((seed) => trainSeeds.includes(seed))).toEqual([]);
    expect(check.seeds.filter((seed) => trainSeeds.includes(seed))).toEqual([]);
    expect(test.logLoss).toBeLessThan(test.baseLogLoss);
    expect(test.auc).toBeGreaterThan(Math.max(naiveTest.auc, naiveTest.oppositeAuc) + 0.02);
    expect(test.auc).toBeLessThan(0.65);
  });

  it('comes from a training that is the same again for the same data', () => {
    const options = { seed: 3, hidden: 2, epochs: 2, batch: 128, rate: 0.01, decay: 0.001 };
    const once = train(data, options);

    expect(train(data, options).parameters).toEqual(once.parameters);
    expect(train(data, { ...options, seed: 4 }).parameters).not.toEqual(once.parameters);
  });
});

describe('measure', () => {
  it('knows the textbook values', () => {
    const labels = Uint8Array.of(1, 0, 1, 0);
    const { auc, accuracy, logLoss, upShare } = measure(
      Float64Array.of(0.9, 0.1, 0.4, 0.4),
      labels,
      0.5,
    );

    // Pairs: (0.9, 0.1), (0.9, 0.4) and (0.4, 0.1) are in order, (0.4, 0.4) is half.
    expect(auc).toBe(3.5 / 4);
    expect(accuracy).toBe(0.75);
    expect(upShare).toBe(0.5);
    expect(logLoss).toBeCloseTo(-(2 * Math.log(0.9) + Math.log(0.4) + Math.log(0.6)) / 4, 12);
  });
});
