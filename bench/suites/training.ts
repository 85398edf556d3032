import { createOnnxRunner } from '../../src/gpu/training/onnx-runner.ts';
import type { Architecture } from '../../src/models/nets/architecture.ts';
import { attentiveLstm } from '../../src/models/nets/attentive-lstm.ts';
import { mlp } from '../../src/models/nets/mlp.ts';
import { scorer } from '../../src/models/nets/scorer.ts';
import { transformer } from '../../src/models/nets/transformer.ts';
import type { Examples } from '../../src/models/training/examples.ts';
import { trainNetwork } from '../../src/models/training/train-network.ts';
import type { Suite, Figures, Outcome, Scale, Variant } from '../harness/suite.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const SHAPE = { rows: 64, window: 64, features: 60 };
const EXAMPLES = 10_000;
/** Of the one epoch that is run where it is only to be seen that it runs. */
const EXAMPLES_QUICK = 320;
const STEPS = Math.ceil(EXAMPLES / SHAPE.rows);
/** A whole epoch of the peer takes minutes. */
const PEER_STEPS: Readonly<Record<Scale, number>> = { full: 5, quick: 1 };

/** What an epoch of 10,000 windows of 64 steps and 60 features costs. */
export const training: Suite = {
  name: 'training',
  measures:
    'an epoch of 10,000 windows of 64 x 60, 64 a batch, with Adam: forward, backward, shuffling, ' +
    'dropout masks and copies; one thread. The peer takes five steps after its first, and its ' +
    'epoch is those scaled to 157.',
  leavesOut:
    'opening (`openCpuMs`, once a training) and evaluation. The peer drops nothing, and its ' +
    'GELU is the cheaper approximation by a sigmoid.',
  target: 'epochCpuS at most 6 for the LSTM and the transformer',
  variants: [
    own('mlp 128-64', mlp({ hidden: [128, 64], dropout: 0.1 })),
    own('lstm 64 both ways', attentiveLstm({ hidden: 64, dropout: 0.1 })),
    peer('lstm 64 both ways, tfjs-wasm', 'lstmStep'),
    own(
      'transformer 64, 4 heads, 2 layers',
      transformer({ width: 64, heads: 4, layers: 2, inner: 128, dropout: 0.1 }),
    ),
    peer('transformer 64, 4 heads, 2 layers, tfjs-wasm', 'transformerStep'),
  ],
};

function own(name: string, architecture: Architecture): Variant {
  return {
    name,
    async run(scale): Promise<Outcome> {
      const examples = scale === 'quick' ? EXAMPLES_QUICK : EXAMPLES;
      const opening = new Stopwatch();
      let openCpuMs = Number.NaN;
      let watch = opening;
      const { features } = SHAPE;
      await trainNetwork({
        network: scorer(architecture, {
          window: SHAPE.window,
          features,
          scaling: {
            mean: Array.from({ length: features }, () => 0),
            deviation: Array.from({ length: features }, () => 1),
            clip: 5,
          },
          outputs: ['probability', 'return', 'confidence'],
        }),
        openRunner: createOnnxRunner(),
        training: windows(examples),
        rows: SHAPE.rows,
        epochs: 1,
        seed: 1,
        optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
        rate: 1e-3,
        schedule: { kind: 'constant' },
        onProgress({ step }) {
          if (step !== 1) return;
          openCpuMs = opening.read().cpuMs;
          watch = new Stopwatch();
        },
      });
      return { figures: { openCpuMs, ...perEpoch(watch, Math.ceil(examples / SHAPE.rows) - 1) } };
    },
  };
}

function peer(name: string, step: 'lstmStep' | 'transformerStep'): Variant {
  return {
    name,
    async run(scale): Promise<Outcome> {
      const opening = new Stopwatch();
      // Loaded here alone: it would slow every other bench down.
      const tensorflow = await import('../models/training-peer.ts');
      const runtime = await tensorflow.openPeer();
      const take = tensorflow[step](SHAPE);
      await take();
      const openCpuMs = opening.read().cpuMs;
      const watch = new Stopwatch();
      for (let at = 0; at < PEER_STEPS[scale]; at += 1) await take();
      return { figures: { openCpuMs, ...perEpoch(watch, PEER_STEPS[scale]) }, note: runtime };
    },
  };
}

function perEpoch(watch: Stopwatch, steps: number): Figures {
  const { cpuMs, wallMs } = watch.read();
  return {
    stepCpuMs: cpuMs / steps,
    stepWallMs: wallMs / steps,
    epochCpuS: ((cpuMs / steps) * STEPS) / 1_000,
    epochWallS: ((wallMs / steps) * STEPS) / 1_000,
  };
}

/** Noise: what it costs does not depend on what is learned. A thousand rows stand for all. */
function windows(examples: number): Examples {
  const kept = 1_000;
  const width = SHAPE.window * SHAPE.features;
  const values = Float32Array.from({ length: kept * width }, (_, at) => Math.sin(at * 1.7));
  return {
    count: examples,
    read(example, row, inputs) {
      const from = (example % kept) * width;
      inputs.get('features')?.set(values.subarray(from, from + width), row * width);
      const label = inputs.get('label');
      const back = inputs.get('return');
      if (label !== undefined) label[row] = example % 2;
      if (back !== undefined) back[row] = (example % 7) - 3;
    },
  };
}
