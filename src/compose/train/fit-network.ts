import type { Family } from '../../models/artefact/card.ts';
import type { Samples } from '../../models/data/samples.ts';
import type { Architecture } from '../../models/nets/architecture.ts';
import { attentiveLstm } from '../../models/nets/attentive-lstm.ts';
import { dlinear } from '../../models/nets/dlinear.ts';
import { mlp } from '../../models/nets/mlp.ts';
import { nhits } from '../../models/nets/nhits.ts';
import { patchTst } from '../../models/nets/patchtst.ts';
import { scorer } from '../../models/nets/scorer.ts';
import { transformer } from '../../models/nets/transformer.ts';
import { writeOnnx } from '../../models/onnx/write-onnx.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../models/training/checkpoint.ts';
import { tableExamples } from '../../models/training/examples.ts';
import { trainNetwork } from '../../models/training/train-network.ts';
import { type FitOptions, type Fitted, STOPPED } from './fit.ts';
import { openRunnerOf } from './native-or-plain.ts';
import type { TrainPlan } from './train-plan.ts';

export type NetworkFamily = Extract<
  Family,
  'mlp' | 'dlinear' | 'lstm' | 'transformer' | 'nhits' | 'patchtst'
>;

const OUTPUTS = ['probability', 'return', 'confidence'] as const;

/** Trains a network over windows of rows, and writes it with its scaling in it. */
export async function fitNetwork(
  family: NetworkFamily,
  options: FitOptions,
): Promise<Fitted | typeof STOPPED> {
  const { dataset, plan, checkpoints, progress, goesOn, shouldStop } = options;
  const { networks, checkpointSteps, runner } = plan.training;
  const window = windowOf(family, dataset.window);
  const samples = window === 1 ? dataset.rows : dataset.windows;
  const { parts, features } = dataset;
  const network = scorer(architectureOf(family, window, plan), {
    window,
    features,
    scaling: scalingOf(dataset.rows, parts.train, features),
    outputs: OUTPUTS,
    returns: momentsOf(dataset.rows.forwardReturn, parts.train),
  });
  const table = {
    count: samples.count,
    columns: {
      features: samples.features,
      label: samples.label,
      return: samples.forwardReturn,
    },
    weights: samples.weight,
  };
  const kept = checkpoints.read(family);
  const from = kept === undefined ? undefined : decodeCheckpoint(kept);
  if (from !== undefined) goesOn(`step ${from.step}`);
  const trained = await trainNetwork({
    network,
    openRunner: openRunnerOf(runner),
    training: tableExamples(table, parts.train),
    validation: tableExamples(table, parts.validation),
    rows: Math.min(networks.batch, parts.train.length),
    epochs: networks.epochs,
    seed: plan.seed,
    optimiser: { ...ADAMW, weightDecay: networks.decay, clipNorm: networks.clipNorm },
    rate: networks.rate,
    schedule: { kind: 'cosine', warmUp: WARM_UP_STEPS },
    patience: networks.patience,
    data: dataset.hash,
    ...(from === undefined ? {} : { from }),
    checkpointEverySteps: checkpointSteps,
    onCheckpoint: (checkpoint) => checkpoints.write(family, encodeCheckpoint(checkpoint)),
    onProgress: ({ step, steps, loss, validationLoss }) =>
      progress({
        at: step,
        of: steps,
        loss,
        ...(validationLoss === undefined ? {} : { validationLoss }),
      }),
    shouldStop,
  });
  checkpoints.write(family, encodeCheckpoint(trained.checkpoint));
  if (trained.stopped === 'asked') return STOPPED;
  const { graph } = network.build('serving');
  return {
    family,
    model: writeOnnx(graph, { parameters: trained.parameters }),
    window,
    outputs: OUTPUTS,
    curve: trained.history.map(({ step, loss, validationLoss }) => ({
      at: step,
      loss,
      ...(validationLoss === undefined ? {} : { validationLoss }),
    })),
    runtime: trained.runtime,
    end: `${trained.stopped}, step ${trained.bestStep ?? trained.steps} of ${trained.steps}`,
  };
}

const ADAMW = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const WARM_UP_STEPS = 20;

/** A network of dense layers sees the row of now, all others how it came about. */
function windowOf(family: NetworkFamily, window: number): number {
  return family === 'mlp' ? 1 : window;
}

/** Sizes follow from one width, so that a setting makes all of them small or large. */
function architectureOf(family: NetworkFamily, window: number, plan: TrainPlan): Architecture {
  const { width, dropout } = plan.training.networks;
  const half = Math.max(2, width >> 1);
  const encoder = { width, heads: headsOf(width), layers: 1, inner: 2 * width, dropout };
  switch (family) {
    case 'mlp':
      return mlp({ hidden: [width, half], dropout });
    case 'dlinear':
      return dlinear({ kernel: oddBelow(window) });
    case 'lstm':
      return attentiveLstm({ hidden: half, dropout });
    case 'transformer':
      return transformer(encoder);
    case 'nhits':
      return nhits({
        pools: [4, 2, 1].map((pool) => Math.min(pool, window)),
        frequencies: [4, 2, 1],
        hidden: [width, width],
        dropout,
      });
    case 'patchtst': {
      const patch = Math.max(1, Math.min(8, window >> 1));
      return patchTst({
        ...encoder,
        width: half,
        heads: headsOf(half),
        inner: width,
        patch,
        stride: Math.max(1, patch >> 1),
      });
    }
  }
}

function headsOf(width: number): number {
  return width % 4 === 0 ? 4 : 1;
}

/** A moving average of about half the window, with a middle. */
function oddBelow(window: number): number {
  return Math.max(1, (window >> 1) | 1);
}

const CLIP = 8;

function scalingOf(rows: Samples, places: Int32Array, features: number) {
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let feature = 0; feature < features; feature += 1) {
    const column = places.length === 0 ? [] : places;
    const values = Float64Array.from(column, (at) => rows.features[at * features + feature] ?? 0);
    const moments = momentsOf(values);
    mean.push(moments.mean);
    deviation.push(moments.deviation);
  }
  return { mean, deviation, clip: CLIP };
}

function momentsOf(values: Float64Array, places?: Int32Array) {
  const own = places === undefined ? values : Float64Array.from(places, (at) => values[at] ?? 0);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const squares = own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = Math.sqrt(squares / own.length);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}
