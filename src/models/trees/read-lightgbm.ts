import { Part } from './document.ts';
import { TreeFormatError } from './tree-error.ts';
import type { TreeModel, TreeModelHead } from './tree-model.ts';
import {
  FEATURES_MAX,
  MISSING_IS_ZERO,
  MISSING_LEFT,
  MISSING_RIGHT,
  TREES_MAX,
  TreeModelBuilder,
  ZERO_LEFT,
  ZERO_RIGHT,
} from './tree-model.ts';

const LEAVES_MAX = 1 << 20;

/** Of `decision_type`: bit 0 categorical, bit 1 default left, bits 2 and 3 the missing type. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const MISSING_TYPE_SHIFT = 2;

/**
 * Reads a model that LightGBM saved as text (`version=v3` or `v4`; checked on files of 4.7). Values
 * are doubles; leaves carry the learning rate, and those of the first tree the average that
 * boosting began with, so the base is 0. `tree_sizes` must fit the bytes of every tree: it is the
 * file's own check against truncation. Inner nodes keep the file's order, leaves follow them.
 */
export function readLightgbm(text: string): TreeModel {
  const lines = text.split(/\r?\n/);
  const firstTree = lines.findIndex((line) => line.startsWith('Tree='));
  const end = lines.indexOf('end of trees');
  if (lines[0] !== 'tree') throw fault(0, 'does not begin with "tree"');
  if (end < 0) throw fault(lines.length, 'has no "end of trees"');
  const headEnd = firstTree < 0 || firstTree > end ? end : firstTree;
  const head = section(lines, 1, headEnd);
  const model = headOf(head);
  const builder = new TreeModelBuilder();
  const starts = lines.flatMap((line, at) => (at < end && line.startsWith('Tree=') ? [at] : []));
  if (starts.length > TREES_MAX) {
    throw new TreeFormatError('TREES_TOO_LARGE', 'file', `more than ${TREES_MAX} trees`);
  }
  checkSizes(head, lines, [...starts, end]);
  for (const [at, start] of starts.entries()) {
    const tree = section(lines, start, starts[at + 1] ?? end);
    if (tree.texts.get('Tree') !== String(at)) throw fault(start, `is not Tree=${at}`);
    addTree(tree, model.features.length, builder);
  }
  return builder.build(model);
}

/** The `name=value` lines of one part of the file, and where each stood. */
interface Section {
  readonly texts: ReadonlyMap<string, string>;
  readonly lines: ReadonlyMap<string, number>;
  readonly start: number;
}

function section(lines: readonly string[], from: number, to: number): Section {
  const texts = new Map<string, string>();
  const places = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const name = equals < 0 ? line : line.slice(0, equals);
    if (texts.has(name)) throw fault(at, `repeats ${name}`);
    texts.set(name, equals < 0 ? '' : line.slice(equals + 1));
    places.set(name, at);
  }
  return { texts, lines: places, start: from };
}

function part({ texts, lines, start }: Section, name: string): Part {
  const text = texts.get(name);
  if (text === undefined) throw fault(start, `is followed by no ${name}=`);
  return new Part(`line ${(lines.get(name) ?? 0) + 1} (${name})`, text);
}

function headOf(head: Section): TreeModelHead {
  const version = part(head, 'version');
  if (!['v3', 'v4'].includes(version.text()))
    throw version.unsupported(`version ${version.text()}`);
  for (const name of ['num_class', 'num_tree_per_iteration']) {
    const outputs = part(head, name);
    if (outputs.count(FEATURES_MAX) !== 1) throw outputs.unsupported('several classes');
  }
  const width = part(head, 'max_feature_idx').count(FEATURES_MAX - 1) + 1;
  const names = part(head, 'feature_names');
  const features = names.text().split(' ');
  if (features.length !== width) throw names.fault(`has ${features.length} names, not ${width}`);
  const common = { style: 'lightgbm', base: 0, features } as const;
  const isMean = head.texts.has('average_output');
  const objective = part(head, 'objective');
  const [name, ...options] = objective.text().split(' ');
  if (name === 'binary') return { ...common, isMean, objective: 'binary', slope: slope(objective) };
  if (options.includes('sqrt')) throw objective.unsupported('labels under a root');
  if (name === 'regression') return { ...common, isMean, objective: 'squared', slope: 1 };
  if (name === 'huber') return { ...common, isMean, objective: 'huber', slope: 1 };
  throw objective.unsupported(`objective ${objective.text()}`);
}

function slope(objective: Part): number {
  const text = /(?:^| )sigmoid:(\S+)/.exec(objective.text())?.[1] ?? '1';
  const value = Number(text);
  if (text === '' || !(value > 0 && value < 1e6)) throw objective.fault(`has sigmoid ${text}`);
  return value;
}

/** From the line `Tree=i` to the next one: bytes, line ends included. */
function checkSizes(head: Section, lines: readonly string[], starts: readonly number[]): void {
  const count = starts.length - 1;
  const sizes = part(head, 'tree_sizes');
  const stated = count === 0 && sizes.text() === '' ? new Float64Array(0) : list(sizes, count);
  const encoder = new TextEncoder();
  for (const [at, size] of stated.entries()) {
    const block = lines.slice(starts[at], starts[at + 1]).join('\n');
    const bytes = encoder.encode(block).length + 1;
    if (bytes !== size) throw sizes.fault(`says tree ${at} has ${size} bytes; it has ${bytes}`);
  }
}

function list(of: Part, length: number): Float64Array {
  const words = length === 0 ? [] : of.text().trimEnd().split(' ');
  return new Part(of.place, words.map(numberOf)).numbers(length);
}

/** NaN for what is not a number, which `numbers` then names. */
function numberOf(word: string): number {
  return word === '' ? Number.NaN : Number(word);
}

function addTree(tree: Section, width: number, builder: TreeModelBuilder): void {
  const leaves = part(tree, 'num_leaves').count(LEAVES_MAX);
  if (leaves === 0) throw fault(tree.start, 'is a tree without leaves');
  if (part(tree, 'num_cat').count(LEAVES_MAX) > 0) {
    throw part(tree, 'num_cat').unsupported('categorical splits');
  }
  if (tree.texts.has('is_linear') && part(tree, 'is_linear').text() !== '0') {
    throw part(tree, 'is_linear').unsupported('linear leaves');
  }
  builder.beginTree();
  const values = list(part(tree, 'leaf_value'), leaves);
  if (leaves === 1) return addLeaf(builder, values[0] ?? 0, 0, 0);
  const columns = columnsOf(tree, leaves);
  const { inner } = columns;
  const first = builder.nodes;
  for (let node = 0; node < inner; node += 1) addInner(tree, columns, node, width, builder);
  const weights = list(part(tree, 'leaf_weight'), leaves);
  const counts = list(part(tree, 'leaf_count'), leaves);
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    addLeaf(builder, values[leaf] ?? 0, weights[leaf] ?? 0, counts[leaf] ?? 0);
  }
  linkAll(tree, columns, first, builder);
}

interface Columns {
  readonly inner: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly feature: Float64Array;
  readonly threshold: Float64Array;
  readonly decision: Float64Array;
  readonly gain: Float64Array;
  readonly value: Float64Array;
  readonly weight: Float64Array;
  readonly count: Float64Array;
}

function columnsOf(tree: Section, leaves: number): Columns {
  const inner = leaves - 1;
  const column = (name: string): Float64Array => list(part(tree, name), inner);
  return {
    inner,
    left: column('left_child'),
    right: column('right_child'),
    feature: column('split_feature'),
    threshold: column('threshold'),
    decision: column('decision_type'),
    gain: column('split_gain'),
    value: column('internal_value'),
    weight: column('internal_weight'),
    count: column('internal_count'),
  };
}

function addLeaf(builder: TreeModelBuilder, value: number, cover: number, count: number): void {
  const leaf = { feature: -1, threshold: 0, missing: MISSING_RIGHT, gain: 0 };
  builder.add({ ...leaf, value, cover, count });
}

function addInner(
  tree: Section,
  columns: Columns,
  node: number,
  width: number,
  builder: TreeModelBuilder,
): void {
  const feature = columns.feature[node] ?? -1;
  if (!Number.isInteger(feature) || feature < 0 || feature >= width) {
    throw part(tree, 'split_feature').fault(`node ${node} asks for ${feature} of ${width}`);
  }
  builder.add({
    feature,
    threshold: columns.threshold[node] ?? 0,
    missing: missingOf(tree, columns.decision[node] ?? 0),
    value: columns.value[node] ?? 0,
    gain: columns.gain[node] ?? 0,
    cover: columns.weight[node] ?? 0,
    count: columns.count[node] ?? 0,
  });
}

function missingOf(tree: Section, decision: number): number {
  const kinds = part(tree, 'decision_type');
  if (!Number.isInteger(decision) || decision < 0 || decision > 15) {
    throw kinds.fault(`has ${decision}`);
  }
  if ((decision & CATEGORICAL) !== 0) throw kinds.unsupported('categorical splits');
  const isLeft = (decision & DEFAULT_LEFT) !== 0;
  switch (decision >> MISSING_TYPE_SHIFT) {
    case 0:
      return MISSING_IS_ZERO;
    case 1:
      return isLeft ? ZERO_LEFT : ZERO_RIGHT;
    case 2:
      return isLeft ? MISSING_LEFT : MISSING_RIGHT;
    default:
      throw kinds.fault(`has ${decision}, whose missing type is none`);
  }
}

/** A child is a node (>= 0) or a leaf (~leaf). Every one is some node's child exactly once. */
function linkAll(tree: Section, columns: Columns, first: number, builder: TreeModelBuilder): void {
  const { inner, left, right } = columns;
  const seen = new Uint8Array(inner + inner + 1);
  // A child stands behind its parent in the file, so there is no way back to a parent.
  for (let node = 0; node < inner; node += 1) {
    const children = [left[node] ?? 0, right[node] ?? 0].map((child) => {
      const at = child < 0 ? inner - 1 - child : child;
      const isPlace = Number.isInteger(at) && at < seen.length && (child < 0 || child < inner);
      if (!isPlace || (child >= 0 && child <= node)) {
        throw part(tree, 'left_child').fault(`node ${node} has child ${child}`);
      }
      if (seen[at] === 1) throw part(tree, 'left_child').fault(`${child} has two parents`);
      seen[at] = 1;
      return first + at;
    });
    builder.link(first + node, children[0] ?? first, children[1] ?? first);
  }
}

function fault(line: number, message: string): TreeFormatError {
  return new TreeFormatError('TREES_UNREADABLE', `line ${line + 1}`, message);
}
