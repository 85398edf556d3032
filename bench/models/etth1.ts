import { createOnnxRunner } from '../../src/gpu/training/onnx-runner.ts';
import { parameterCount } from '../../src/models/graph/parameters.ts';
import { forecaster } from '../../src/models/nets/forecaster.ts';
import { trainNetwork } from '../../src/models/training/train-network.ts';
import {
  CHANNELS,
  type Errors,
  errorsOf,
  type Etth1,
  persistence,
  readEtth1,
  seasonalNaive,
} from './etth1-data.ts';
import { ETTH1_MODELS, type Etth1Model } from './etth1-models.ts';
import { forecasts } from './etth1-forecasts.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

/**
 * `node --import ./test/typescript-threads.mjs bench/models/etth1.ts [MODEL ...] [--seed N]`:
 * trains them on ETTh1 and prints their test errors beside those of forecasts that need no model.
 * Needs STRATA_DATA, the folder of the data; minutes of one core.
 */
const HORIZON = 96;
const SEASON = 24;
/** Nobody has been honestly below it. */
const LEAK_BELOW = 0.33;

const data = process.env['STRATA_DATA'] ?? '../shared/data';
const args = process.argv.slice(2);
const seedAt = args.indexOf('--seed');
const seed = seedAt < 0 ? 1 : Number(args[seedAt + 1]);
const names = args.filter((_, at) => seedAt < 0 || (at !== seedAt && at !== seedAt + 1));

const etth1 = readEtth1(data);
if (etth1 === undefined) {
  process.stdout.write(`no ETTh1 in ${data}: set STRATA_DATA to the folder of the data\n`);
} else {
  await table(etth1);
}

async function table(known: Etth1): Promise<void> {
  const unknown = names.filter((name) => ETTH1_MODELS.every((model) => model.name !== name));
  if (unknown.length > 0) throw new Error(`no model ${unknown.join(', ')} here`);
  const chosen = ETTH1_MODELS.filter(({ name, isAskedFor = false }) =>
    names.length === 0 ? !isAskedFor : names.includes(name),
  );
  const length = 336;
  const test = known.part('test', length, HORIZON);
  const lines = [
    line('persistence', errorsOf(test, length, HORIZON, persistence(length, HORIZON))),
    line(
      `seasonal-naive ${SEASON}`,
      errorsOf(test, length, HORIZON, seasonalNaive(length, HORIZON, SEASON)),
    ),
  ];
  for (const model of chosen) lines.push(await trained(known, model));
  process.stdout.write(
    [
      '| model | window | test windows | test MSE | test MAE | bar | validation MSE | at step | ' +
        'parameters | CPU s | wall s | seed |',
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
      ...lines,
      '',
    ].join('\n'),
  );
}

async function trained(known: Etth1, model: Etth1Model): Promise<string> {
  const { architecture, length, loss, rows, epochs, patience, rate, schedule } = model;
  const network = forecaster(architecture, { channels: CHANNELS, length, horizon: HORIZON, loss });
  const openRunner = createOnnxRunner();
  const watch = new Stopwatch();
  const result = await trainNetwork({
    network,
    openRunner,
    training: known.part('training', length, HORIZON),
    validation: known.part('validation', length, HORIZON),
    rows,
    epochs,
    patience,
    rate,
    schedule,
    seed,
    optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    ...(model.stepsMax === undefined ? {} : { stepsMax: model.stepsMax }),
    ...(model.evaluateEverySteps === undefined
      ? {}
      : { evaluateEverySteps: model.evaluateEverySteps }),
    onProgress({ step, steps, loss: own, validationLoss }) {
      if (validationLoss === undefined) return;
      const { cpuMs } = watch.read();
      process.stderr.write(
        `${model.name}: step ${step} of ${steps}, loss ${own.toFixed(4)}, ` +
          `validation ${validationLoss.toFixed(4)}, CPU ${(cpuMs / 1_000).toFixed(1)} s\n`,
      );
    },
  });
  const { cpuMs, wallMs } = watch.read();
  const { parameters } = result;
  const judged = { network, openRunner, parameters, length, horizon: HORIZON };
  const validation = await forecasts(known.part('validation', length, HORIZON), judged);
  const test = await forecasts(known.part('test', length, HORIZON), judged);
  return line(model.name, test, {
    length,
    bar: model.bar,
    validation: validation.mse,
    step: result.bestStep ?? result.steps,
    parameters: parameterCount(network.build('training').graph),
    cpuMs,
    wallMs,
  });
}

interface Run {
  readonly length: number;
  readonly bar: number;
  readonly validation: number;
  readonly step: number;
  readonly parameters: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

function line(name: string, { windows, mse, mae }: Errors, run?: Run): string {
  const verdict = mse < LEAK_BELOW ? ' LEAK' : run !== undefined && mse > run.bar ? ' missed' : '';
  const cells =
    run === undefined
      ? ['', windows, mse.toFixed(4), mae.toFixed(4), '', '', '', 0, '', '', '']
      : [
          run.length,
          windows,
          `${mse.toFixed(4)}${verdict}`,
          mae.toFixed(4),
          `<= ${run.bar}`,
          run.validation.toFixed(4),
          run.step,
          run.parameters.toLocaleString('en-US'),
          (run.cpuMs / 1_000).toFixed(1),
          (run.wallMs / 1_000).toFixed(1),
          seed,
        ];
  return `| ${[name, ...cells].join(' | ')} |`;
}
