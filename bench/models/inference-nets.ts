import { createHash } from 'node:crypto';
import {
  CARD_FORMAT,
  cardText,
  contentHashOf,
  type Family,
  fileOf,
  versionOf,
} from '../../src/models/artefact/card.ts';
import { initialise } from '../../src/models/graph/parameters.ts';
import type { Architecture } from '../../src/models/nets/architecture.ts';
import { attentiveLstm } from '../../src/models/nets/attentive-lstm.ts';
import { dlinear } from '../../src/models/nets/dlinear.ts';
import { mlp } from '../../src/models/nets/mlp.ts';
import { nhits } from '../../src/models/nets/nhits.ts';
import { patchTst } from '../../src/models/nets/patchtst.ts';
import { scorer, type ScorerOutput } from '../../src/models/nets/scorer.ts';
import { transformer } from '../../src/models/nets/transformer.ts';
import { writeOnnx } from '../../src/models/onnx/write-onnx.ts';
import type { ModelSource } from '../../src/ports/inference-backend.ts';

export const FEATURES = 60;
const LAYOUT = '0123456789abcdef';
const OUTPUTS: readonly ScorerOutput[] = ['probability', 'return', 'confidence'];

export type NetName = 'mlp' | 'lstm' | 'transformer' | 'dlinear' | 'nhits' | 'patchtst';

interface Net {
  readonly family: Family;
  readonly window: number;
  readonly architecture: Architecture;
}

/** The first three are those of the comparison with TensorFlow.js. */
export const NETS: Readonly<Record<NetName, Net>> = {
  mlp: { family: 'mlp', window: 1, architecture: mlp({ hidden: [128, 64] }) },
  lstm: { family: 'lstm', window: 64, architecture: attentiveLstm({ hidden: 64 }) },
  transformer: {
    family: 'transformer',
    window: 64,
    architecture: transformer({ width: 64, heads: 4, layers: 2, inner: 128 }),
  },
  dlinear: { family: 'dlinear', window: 64, architecture: dlinear() },
  nhits: {
    family: 'nhits',
    window: 64,
    architecture: nhits({ pools: [8, 4, 1], frequencies: [4, 2, 1], hidden: [64, 64] }),
  },
  patchtst: {
    family: 'patchtst',
    window: 64,
    architecture: patchTst({ patch: 16, stride: 8, width: 16, heads: 4, layers: 2, inner: 32 }),
  },
};

/** Untrained: arithmetic does not depend on what the weights say. */
export function netSource(name: NetName): ModelSource {
  const { family, window, architecture } = NETS[name];
  const at = Array.from({ length: FEATURES }, (_, place) => place);
  const scaling = { mean: at.map((place) => place / 10), deviation: at.map(() => 1), clip: 8 };
  const options = { window, features: FEATURES, scaling, outputs: OUTPUTS };
  const { graph } = scorer(architecture, options).build('serving');
  const model = writeOnnx(graph, { parameters: initialise(graph, 5) });
  return { card: cardFor(family, window, model), model, layoutHash: LAYOUT, width: window * 60 };
}

function cardFor(family: Family, window: number, model: Uint8Array): string {
  const sha256 = createHash('sha256').update(model).digest('hex');
  const features = Array.from({ length: FEATURES }, (_, place) => `feature${place}`);
  const answering = {
    name: `bench-${family}`,
    family,
    purpose: 'momentum',
    file: { name: fileOf(family), bytes: model.length, sha256 },
    input: { layoutHash: LAYOUT, features, window },
    outputs: OUTPUTS,
    label: { kind: 'none', horizonBars: 1, text: 'untrained' },
  } as const;
  const contentHash = contentHashOf(answering);
  const none = { fromUs: 0, toUs: 0, effectiveRows: 0 };
  const hash = '0000000000000000';
  return cardText({
    format: CARD_FORMAT,
    ...answering,
    version: versionOf(answering.name, contentHash),
    contentHash,
    data: {
      ...none,
      source: 'none',
      hash,
      timeframe: '1m',
      symbols: [],
      universe: { strategy: 'none', text: 'none' },
      rows: {},
      dropped: {},
    },
    config: { hash, values: {} },
    seeds: { weights: 5 },
    curve: [],
    runtime: 'none',
    madeUs: 0,
    wallSeconds: 0,
    cpuSeconds: 0,
    metrics: {
      ...none,
      primary: 'none',
      rows: 0,
      table: [{ name: 'none', role: 'model', figures: {} }],
      verdict: 'untrained',
      beatsBaselines: false,
      trials: 1,
    },
  });
}
