import { Random } from '../src/core/random.ts';
import { cardText, type Calibration, type Family } from '../src/models/artefact/card.ts';
import { initialise } from '../src/models/graph/parameters.ts';
import type { Architecture } from '../src/models/nets/architecture.ts';
import { attentiveLstm } from '../src/models/nets/attentive-lstm.ts';
import { dlinear } from '../src/models/nets/dlinear.ts';
import { mlp } from '../src/models/nets/mlp.ts';
import { nhits } from '../src/models/nets/nhits.ts';
import { patchTst } from '../src/models/nets/patchtst.ts';
import { type Scaling, scorer, type ScorerOutput } from '../src/models/nets/scorer.ts';
import { transformer } from '../src/models/nets/transformer.ts';
import { writeOnnx } from '../src/models/onnx/write-onnx.ts';
import { singleBound } from '../src/models/trees/single.ts';
import {
  MISSING_LEFT,
  MISSING_RIGHT,
  type TreeModel,
  TreeModelBuilder,
} from '../src/models/trees/tree-model.ts';
import { writeLightgbm } from '../src/models/trees/write-lightgbm.ts';
import { writeXgboost } from '../src/models/trees/write-xgboost.ts';
import type { ModelSource } from '../src/ports/inference-backend.ts';
import { cardOf } from './model-cards.ts';

export type NetworkFamily = Exclude<Family, 'xgboost' | 'lightgbm' | 'forest'>;
export type TreeFamily = Exclude<Family, NetworkFamily>;

/** Every architecture, as small as it can be and still have all of its parts. */
export const ARCHITECTURES: Readonly<Record<NetworkFamily, Architecture>> = {
  mlp: mlp({ hidden: [16, 8] }),
  dlinear: dlinear({ kernel: 5 }),
  lstm: attentiveLstm({ hidden: 8, layers: 2 }),
  transformer: transformer({ width: 16, heads: 4, layers: 2, inner: 32 }),
  nhits: nhits({ pools: [4, 2], frequencies: [4, 1], hidden: [16] }),
  patchtst: patchTst({ patch: 4, stride: 2, width: 8, heads: 2, layers: 2, inner: 16 }),
};
export const NETWORK_FAMILIES: readonly NetworkFamily[] = [
  'mlp',
  'dlinear',
  'lstm',
  'transformer',
  'nhits',
  'patchtst',
];
export const TREE_FAMILIES: readonly TreeFamily[] = ['xgboost', 'lightgbm', 'forest'];

export interface SizeOptions {
  readonly name?: string;
  readonly features?: number;
  readonly window?: number;
  readonly outputs?: readonly ScorerOutput[];
  readonly calibration?: Calibration;
  readonly scaling?: Scaling;
  readonly seed?: number;
  /** Of a tree file, in its order; without it those that a library counts. */
  readonly names?: readonly string[];
  readonly objective?: TreeModel['objective'];
}

export const LAYOUT = '0123456789abcdef';

/** An untrained network of a family in an artefact: its weights are as training begins. */
export function networkSource(family: NetworkFamily, options: SizeOptions = {}): ModelSource {
  const { outputs = ['probability', 'return'], calibration } = options;
  const model = networkBytes(ARCHITECTURES[family], { ...options, outputs });
  return sourceOf(model, { family, outputs, ...options, ...(calibration && { calibration }) });
}

export function networkBytes(architecture: Architecture, options: SizeOptions = {}): Uint8Array {
  const { features = 3, window = 8, outputs = ['probability'], seed = 7 } = options;
  const { scaling = scalingOf(features) } = options;
  const returns = { mean: 1e-5, deviation: 2e-3 };
  const network = scorer(architecture, { window, features, scaling, outputs, returns });
  const { graph } = network.build('serving');
  return writeOnnx(graph, { parameters: initialise(graph, seed) });
}

/** Levels and spreads as features have them: prices, volumes, returns, shares. */
function scalingOf(features: number): Scaling {
  const at = Array.from({ length: features }, (_, place) => place);
  const mean = at.map((place) => [0, 120, 0.001, 50_000][place % 4] ?? 0);
  const deviation = at.map((place) => [1, 7, 0.02, 30_000][place % 4] ?? 1);
  return { mean, deviation, clip: 8 };
}

/** Rows as `networkSource` scales them. */
export function rawFeatures(seed: number, rows: number, source: ModelSource): Float64Array {
  const { features } = inputOf(source);
  const { mean, deviation } = scalingOf(features);
  const random = new Random(seed);
  return Float64Array.from({ length: rows * source.width }, (_, at) => {
    const place = at % features;
    return (mean[place] ?? 0) + (deviation[place] ?? 1) * random.normal();
  });
}

function inputOf({ card }: ModelSource): { readonly features: number } {
  const parsed: unknown = JSON.parse(card);
  const input: unknown = Reflect.get(Object(parsed), 'input');
  const features: unknown = Reflect.get(Object(input), 'features');
  return { features: Array.isArray(features) ? features.length : 1 };
}

const TREES = 20;

/** Trees by chance, which ask for every feature and know what to do where one is missing. */
export function treeSource(family: TreeFamily, options: SizeOptions = {}): ModelSource {
  const { features = 3, window = 8, seed = 7, calibration } = options;
  const random = new Random(seed);
  const builder = new TreeModelBuilder();
  const width = features * window;
  for (let tree = 0; tree < TREES; tree += 1) {
    builder.beginTree();
    grow(builder, random, { width, depth: 4, isShare: family === 'forest' });
  }
  const model = builder.build({
    style: family === 'lightgbm' ? 'lightgbm' : 'xgboost',
    objective: options.objective ?? (family === 'forest' ? 'share' : 'binary'),
    slope: 1,
    base: 0,
    isMean: false,
    features: options.names ?? Array.from({ length: width }, (_, place) => `f${place}`),
  });
  const text = family === 'lightgbm' ? writeLightgbm(model) : writeXgboost(model);
  const { outputs = ['probability'] } = options;
  const bytes = new TextEncoder().encode(text);
  return sourceOf(bytes, { family, ...options, outputs, ...(calibration && { calibration }) });
}

function grow(
  builder: TreeModelBuilder,
  random: Random,
  of: { readonly width: number; readonly depth: number; readonly isShare: boolean },
): number {
  const { width, depth, isShare } = of;
  const place = random.below(width);
  const threshold = singleBound(Math.fround([0, 120, 0.001][place % 3] ?? 0));
  const value = Math.fround(isShare ? random.unit() / TREES : random.normal() / 8);
  const node = builder.add({
    feature: depth === 0 ? -1 : place,
    threshold,
    missing: random.below(2) === 0 ? MISSING_LEFT : MISSING_RIGHT,
    value,
    gain: depth === 0 ? 0 : 1,
    cover: 2 ** depth,
    count: 2 ** depth,
  });
  if (depth === 0) return node;
  const left = grow(builder, random, { ...of, depth: depth - 1 });
  const right = grow(builder, random, { ...of, depth: depth - 1 });
  builder.link(node, left, right);
  return node;
}

export function sourceOf(
  model: Uint8Array,
  options: SizeOptions & {
    readonly family: Family;
    readonly outputs: readonly ScorerOutput[];
  },
): ModelSource {
  const { family, outputs, features = 3, window = 8, calibration } = options;
  const { name = `made-${family}` } = options;
  const card = cardOf(model, {
    name,
    family,
    outputs,
    input: {
      layoutHash: LAYOUT,
      features: Array.from({ length: features }, (_, place) => `feature${place}`),
      window,
    },
    ...(calibration === undefined ? {} : { calibration }),
  });
  return { card: cardText(card), model, layoutHash: LAYOUT, width: features * window };
}
