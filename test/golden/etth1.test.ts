import { expect, it, type TestContext } from 'vitest';
import {
  CHANNELS,
  errorsOf,
  type Etth1,
  persistence,
  readEtth1,
  seasonalNaive,
} from '../../bench/models/etth1-data.ts';
import { forecasts } from '../../bench/models/etth1-forecasts.ts';
import { createOnnxRunner } from '../../src/gpu/training/onnx-runner.ts';
import { dlinear } from '../../src/models/nets/dlinear.ts';
import { forecaster } from '../../src/models/nets/forecaster.ts';
import { trainNetwork } from '../../src/models/training/train-network.ts';

const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const [LENGTH, HORIZON] = [336, 96];

function known(context: TestContext): Etth1 {
  const etth1 = readEtth1(DATA);
  if (etth1 === undefined) context.skip(`no ETTh1 in ${DATA}: set STRATA_DATA to its folder`);
  return etth1;
}

it('splits ETTh1 as everyone does: naive forecasts have their known errors', (context) => {
  const etth1 = known(context);
  const test = etth1.part('test', LENGTH, HORIZON);
  const last = errorsOf(test, LENGTH, HORIZON, persistence(LENGTH, HORIZON));
  const season = errorsOf(test, LENGTH, HORIZON, seasonalNaive(LENGTH, HORIZON, 24));

  expect(etth1.part('training', LENGTH, HORIZON).count).toBe(8_209);
  expect([last.windows, etth1.part('validation', LENGTH, HORIZON).count]).toEqual([2_785, 2_785]);
  expect([last.mse, last.mae].map((error) => error.toFixed(3))).toEqual(['1.294', '0.713']);
  expect([season.mse, season.mae].map((error) => error.toFixed(3))).toEqual(['0.512', '0.433']);
});

it('forecasts ETTh1 better than the day before, and not too well to be true', async (context) => {
  const etth1 = known(context);
  const network = forecaster(dlinear(), {
    channels: CHANNELS,
    length: LENGTH,
    horizon: HORIZON,
    loss: { kind: 'squared' },
  });
  const openRunner = createOnnxRunner();
  const { parameters } = await trainNetwork({
    network,
    openRunner,
    training: etth1.part('training', LENGTH, HORIZON),
    rows: 64,
    epochs: 2,
    seed: 1,
    optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    rate: 5e-3,
    schedule: { kind: 'decay', factor: 0.2, after: 1 },
  });
  const test = etth1.part('test', LENGTH, HORIZON);
  const judged = { network, openRunner, parameters, length: LENGTH, horizon: HORIZON };

  const { mse } = await forecasts(test, judged);
  expect(mse).toBeGreaterThan(0.33);
  expect(mse).toBeLessThan(0.45);
});
