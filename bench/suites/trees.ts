import { trainTrees, TreeTraining } from '../../src/models/trees/train-trees.ts';
import { TreePredictor } from '../../src/models/trees/predict.ts';
import type { BoostingOptions, TreeRows } from '../../src/models/trees/tree-options.ts';
import { DEPTH_WISE, LEAF_WISE } from '../../src/models/trees/tree-options.ts';
import type { Scale, Suite, Outcome } from '../harness/suite.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { trainNatively } from '../models/trees-native.ts';

const ROWS: Readonly<Record<Scale, number>> = { full: 50_000, quick: 4_000 };
const WIDTH = 60;
const TREES = 100;

const DEPTH_SIX: BoostingOptions = { ...DEPTH_WISE, trees: TREES, learningRate: 0.1 };
const LEAVES_63: BoostingOptions = { ...LEAF_WISE, trees: TREES, leavesMax: 63 };

/** Boosted trees: how long they take to train, beside the native libraries, and to answer. */
export const trees: Suite = {
  name: 'trees',
  measures: `training ${TREES} trees on ${ROWS.full} x ${WIDTH} doubles with labels 0 and 1, binning
included, beside the native library on the same rows with one thread, each in turn; then one answer
at a time, and in batches. CPU time, in milliseconds and microseconds.`,
  leavesOut: `reading data and, for the native ones, starting Python and copying the rows.`,
  target: `train 3,500 ms of CPU, at most twice XGBoost with one thread; one row 5 us`,
  variants: [
    { name: 'depth-wise beside XGBoost', run: (scale) => beside(DEPTH_SIX, 'xgboost', scale) },
    { name: 'leaf-wise beside LightGBM', run: (scale) => beside(LEAVES_63, 'lightgbm', scale) },
    { name: 'answers, 100 trees of depth 6', run: answers },
    { name: 'no-op floor: every value once a tree', run: floor },
  ],
};

async function beside(
  options: BoostingOptions,
  library: 'xgboost' | 'lightgbm',
  scale: Scale,
): Promise<Outcome> {
  const data = seededRows(ROWS[scale]);
  const watch = new Stopwatch();
  const training = new TreeTraining({ data, options });
  const binCpuMs = watch.read().cpuMs;
  while (training.step());
  const { cpuMs } = watch.read();
  const loss = training.result().progress.at(-1)?.loss ?? Number.NaN;
  const native = await trainNatively(library, data);
  if (typeof native === 'string') return { figures: { cpuMs, binCpuMs, loss }, note: native };
  return {
    figures: {
      cpuMs,
      binCpuMs,
      loss,
      nativeCpuMs: native.cpuMs,
      nativeBinCpuMs: native.binCpuMs,
      nativeLoss: native.loss,
      ratio: cpuMs / native.cpuMs,
    },
    note: native.version,
  };
}

function answers(scale: Scale): Outcome {
  const rows = ROWS[scale];
  const data = seededRows(rows);
  const { model } = trainTrees({ data, options: DEPTH_SIX });
  const predictor = new TreePredictor(model);
  const out = new Float64Array(rows);
  let sum = 0;
  const oneByOne = (): void => {
    for (let row = 0; row < rows; row += 1) sum += predictor.predictRow(data.features, row * WIDTH);
  };
  // Compiled before it is timed, as in a session that has run for a while.
  oneByOne();
  const alone = new Stopwatch();
  for (let turn = 0; turn < 4; turn += 1) oneByOne();
  const rowCpuUs = (alone.read().cpuMs / (4 * rows)) * 1_000;
  const together = new Stopwatch();
  for (let turn = 0; turn < 4; turn += 1) predictor.predict(data.features, rows, out);
  const batchCpuUs = (together.read().cpuMs / (4 * rows)) * 1_000;
  const nodes = model.feature.length;
  return { figures: { rowCpuUs, batchCpuUs, nodes, meanAnswer: sum / (5 * rows) } };
}

function floor(scale: Scale): Outcome {
  const { features } = seededRows(ROWS[scale]);
  const watch = new Stopwatch();
  let sum = 0;
  for (let tree = 0; tree < TREES; tree += 1) for (const value of features) sum += value;
  return { figures: { cpuMs: watch.read().cpuMs, sum } };
}

/** Sixty normal values a row, of which five have a part in the label; the fixtures' generator. */
function seededRows(rows: number): TreeRows {
  let x = 7;
  const z = (): number => {
    let sum = -6;
    for (let at = 0; at < 12; at += 1) {
      x = (Math.imul(1_664_525, x) + 1_013_904_223) >>> 0;
      sum += (x + 0.5) / 4_294_967_296;
    }
    return sum;
  };
  const features = Float64Array.from({ length: rows * WIDTH }, z);
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = features.subarray(row * WIDTH, row * WIDTH + 5);
    return Number(a + 0.5 * b * c + 0.3 * d + 0.2 * e * e - 0.2 + z() > 0);
  });
  const names = Array.from({ length: WIDTH }, (_, at) => `f${at}`);
  return { rows, names, features, labels };
}
