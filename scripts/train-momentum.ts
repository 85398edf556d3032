import { mkdirSync, writeFileSync } from 'node:fs';
import { hashModel, type Model, score, versionOf } from '../src/gpu/plain/model.ts';
import { type Dataset, makeDataset, momentum } from './momentum/dataset.ts';
import { measure, type Metrics } from './momentum/metrics.ts';
import { train, type TrainingOptions, type Weights } from './momentum/training.ts';

/**
 * Trains the small model of the demo on seeded markets and writes `config/models/momentum-1.json`.
 *
 * The markets are made (src/venue/market/market-model.ts): what the metrics say is that features,
 * training and inference work, not that anything can be earned.
 */
const NAME = 'momentum-1';
const PATH = `config/models/${NAME}.json`;
const MARKET = { symbols: 80, days: 2, tradesPerDay: 1_500, horizonBars: 5 };
const TRAIN_SEEDS = [101, 102, 103, 104, 105, 106, 107, 108];
const TEST_SEEDS = [901, 902, 903, 904];
/** The test suite makes this one again and compares. */
const CHECK = { ...MARKET, seeds: [990], symbols: 30, days: 1 };
const TRAINING = { seed: 1, hidden: 8, epochs: 6, batch: 256, rate: 0.004, decay: 0.001 };
/** One unit on a hidden layer of one is a logistic regression but for the tanh: the yardstick. */
const YARDSTICK = { ...TRAINING, hidden: 1 };

const training = makeDataset({ ...MARKET, seeds: TRAIN_SEEDS });
const test = makeDataset({ ...MARKET, seeds: TEST_SEEDS });
const check = makeDataset(CHECK);
say(`rows: ${training.rows} for training, ${test.rows} for test, ${check.rows} for the check`);

const baseRate = mean(training.labels);
const model = fit(TRAINING);
const yardstick = fit(YARDSTICK);
const metrics = {
  train: judge(model, training),
  test: judge(model, test),
  check: judge(model, check),
  oneUnitTest: judge(yardstick, test),
  naiveTest: judgeNaive(test),
};
report();
write();

function fit(options: TrainingOptions): Model {
  return modelOf(train(training, options));
}

function modelOf(weights: Weights): Model {
  const { hidden, parameters } = weights;
  const biasAt = hidden * momentum.width;
  const contents = {
    name: NAME,
    layoutHash: momentum.layoutHash,
    features: momentum.layout.names,
    hidden,
    horizonBars: MARKET.horizonBars,
    mean: weights.mean,
    deviation: weights.deviation,
    weights1: parameters.slice(0, biasAt),
    bias1: parameters.slice(biasAt, biasAt + hidden),
    weights2: parameters.slice(biasAt + hidden, biasAt + 2 * hidden),
    bias2: parameters[biasAt + 2 * hidden] ?? 0,
  };
  const contentHash = hashModel(contents);
  return { ...contents, contentHash, version: versionOf(NAME, contentHash) };
}

function judge(judged: Model, data: Dataset): Metrics {
  const scores = new Float64Array(data.rows);
  score(judged, data.features, data.rows, scores);
  return measure(scores, data.labels, baseRate);
}

/** The last bar's direction goes on; where it had none, a coin's half. And the opposite of it. */
function judgeNaive(data: Dataset) {
  const column = momentum.layout.names.indexOf('return1');
  const scores = Float64Array.from({ length: data.rows }, (_, row) => {
    const change = data.features[row * data.width + column] ?? 0;
    return 0.5 + 0.01 * Math.sign(change);
  });
  const { accuracy, auc } = measure(scores, data.labels, baseRate);
  const opposite = measure(
    scores.map((value) => 1 - value),
    data.labels,
    baseRate,
  );
  return { accuracy, auc, oppositeAccuracy: opposite.accuracy, oppositeAuc: opposite.auc };
}

function report(): void {
  for (const part of ['train', 'test', 'check', 'oneUnitTest'] as const) {
    const { rows, logLoss, baseLogLoss, accuracy, auc, calibrationError } = metrics[part];
    say(
      `${part.padEnd(12)} rows ${rows}  log loss ${logLoss.toFixed(5)} (base rate ` +
        `${baseLogLoss.toFixed(5)})  accuracy ${accuracy.toFixed(4)}  AUC ${auc.toFixed(4)}  ` +
        `calibration error ${calibrationError.toFixed(4)}`,
    );
  }
  for (const { said, seen } of metrics.test.calibration) {
    say(`  said ${said.toFixed(4)}  seen ${seen.toFixed(4)}`);
  }
  const { accuracy, auc, oppositeAccuracy, oppositeAuc } = metrics.naiveTest;
  say(`naive        accuracy ${accuracy.toFixed(4)}  AUC ${auc.toFixed(4)}`);
  say(`opposite     accuracy ${oppositeAccuracy.toFixed(4)}  AUC ${oppositeAuc.toFixed(4)}`);
  const beats = metrics.test.auc > Math.max(auc, oppositeAuc);
  say(`${beats ? 'beats' : 'does NOT beat'} the naive baseline and its opposite on the test seeds`);
}

function write(): void {
  const file = {
    format: 'plain-mlp/1',
    name: model.name,
    contentHash: model.contentHash,
    layoutHash: model.layoutHash,
    features: model.features,
    hidden: model.hidden,
    horizonBars: model.horizonBars,
    mean: [...model.mean],
    deviation: [...model.deviation],
    weights1: [...model.weights1],
    bias1: [...model.bias1],
    weights2: [...model.weights2],
    bias2: model.bias2,
    training: {
      source: 'seeded market; says nothing about a real one',
      market: MARKET,
      trainSeeds: TRAIN_SEEDS,
      testSeeds: TEST_SEEDS,
      check: CHECK,
      options: TRAINING,
      baseRate,
    },
    metrics,
  };
  mkdirSync('config/models', { recursive: true });
  writeFileSync(PATH, `${JSON.stringify(file, undefined, 2)}\n`);
  say(`wrote ${PATH}, ${model.version}`);
}

function mean(labels: Uint8Array): number {
  let sum = 0;
  for (const label of labels) sum += label;
  return sum / labels.length;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
