import { DAY, MINUTE } from '../../core/time.ts';
import { WINDOW_SPANS_APART_MAX } from '../../domain/features/window.ts';
import { dataHash } from '../../models/data/data-hash.ts';
import { SampleTable } from '../../models/data/sample-table.ts';
import { sampleWeights, type SampleWeights } from '../../models/data/sample-weights.ts';
import { type Samples, selectSamples } from '../../models/data/samples.ts';
import { chronologicalParts, type Parts } from '../../models/validation/splits.ts';
import type { Gathered } from './gather-rows.ts';
import { labelsOf } from './purposes.ts';
import { TrainError } from './train-error.ts';
import type { TrainPlan } from './train-plan.ts';

/** What all families of a training learn from and are judged by: the same samples. */
export interface Dataset {
  /** With whole windows, and with the last row of each alone; weighted for training. */
  readonly windows: Samples;
  readonly rows: Samples;
  /** Places in both. The test is looked at once, when everything else is decided. */
  readonly parts: Parts;
  /** Features of one row; a sample has `window` of them, oldest first. */
  readonly features: number;
  readonly window: number;
  readonly hash: string;
  /** Of the samples of training. */
  readonly weights: SampleWeights;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Throws `TrainError` where there is too little. */
export function datasetOf(gathered: Gathered, plan: TrainPlan): Dataset {
  const { wide, rows, universe } = gathered;
  const { training, timeframe } = plan;
  const features = wide.features.length;
  const { window } = training;
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const isOfDays = timeframe === '1d';
  const table = new SampleTable({
    features,
    window,
    gapUsMax: isOfDays ? DAYS_APART_MAX * DAY : WINDOW_SPANS_APART_MAX * MINUTE,
    acrossSessions: isOfDays,
    every: Math.max(1, Math.ceil(total / training.samplesMax)),
  });
  for (const one of rows) table.add(one, labelsOf(one, plan));
  const raw = table.samples();
  demand(raw.count, training.samplesMin, 'samples in all');
  const parts = chronologicalParts(raw, training.parts);
  demandParts(parts, training.samplesMin);
  const train = selectSamples(lastRows(raw, features), parts.train);
  const layers = train.symbols.map((symbol) => universe.layers.get(symbol));
  const weights = sampleWeights(train, {
    layers,
    layerWeights: { layers: layerWeights(plan), unknown: UNKNOWN_WEIGHT },
    halfLifeUs: training.halfLifeDays * DAY,
  });
  const weight = new Float64Array(raw.count).fill(1);
  parts.train.forEach((place, at) => {
    weight[place] = weights.weight[at] ?? Number.NaN;
  });
  const windows = { ...raw, weight };
  return {
    windows,
    rows: lastRows(windows, features),
    parts,
    features,
    window,
    hash: dataHash(raw),
    weights,
    dropped: droppedOf(gathered, table, parts.purged),
  };
}

/** Rows of days lie over a long weekend apart. */
const DAYS_APART_MAX = 6;
const UNKNOWN_WEIGHT = 0.1;

function layerWeights({ training }: TrainPlan): readonly number[] {
  const { layer0, layer1, layer2, layer3 } = training.layers;
  return [layer0, layer1, layer2, layer3].map(({ weight }) => weight);
}

/** A tenth of the least is enough to stop by, to calibrate by, and to test on. */
const PART_SHARE = 0.1;

function demandParts(parts: Parts, least: number): void {
  demand(parts.train.length, least / 2, 'samples to learn from');
  const few = Math.ceil(least * PART_SHARE);
  demand(parts.validation.length, few, 'samples for validation');
  demand(parts.calibration.length, few, 'samples for calibration');
  demand(parts.test.length, few, 'samples for the final test');
}

function demand(count: number, least: number, what: string): void {
  if (count >= least) return;
  const message = `there are ${count} ${what}, and ${Math.ceil(least)} are needed`;
  throw new TrainError('TRAIN_SAMPLES_FEW', message);
}

function droppedOf(
  gathered: Gathered,
  table: SampleTable,
  purged: number,
): Readonly<Record<string, number>> {
  const left = table.leftOut;
  const all = {
    ...gathered.dropped,
    'no label yet': left.noLabel,
    'gap in the window': left.gapInWindow,
    'feature is no number': left.missingFeature,
    'thinned out': left.thinnedOut,
    'too many': left.full,
    'outcome in the next part': purged,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

/** The same samples with the last row of each window alone. */
function lastRows(samples: Samples, features: number): Samples {
  const { width, count } = samples;
  if (width === features) return samples;
  const rows = new Float64Array(count * features);
  for (let at = 0; at < count; at += 1) {
    const end = (at + 1) * width;
    rows.set(samples.features.subarray(end - features, end), at * features);
  }
  return { ...samples, width: features, features: rows };
}
