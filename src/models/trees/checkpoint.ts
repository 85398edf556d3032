import { Hash64 } from '../../core/hash.ts';
import { parseJson } from '../../core/json.ts';
import { Part } from './document.ts';
import { TreeFormatError } from './tree-error.ts';
import type { TreeJob, TreeProgress } from './tree-job.ts';
import type { TreeNode } from './tree-model.ts';
import { NODES_MAX, TREES_MAX } from './tree-model.ts';
import type { PlainTree } from './plain-tree.ts';
import type { TreeRows } from './tree-options.ts';

/** Boosting between two trees: plain data that can be sent to a thread. */
export interface TreeCheckpoint {
  /** Of rows and options: training goes on with the same ones or not at all. */
  readonly fingerprint: string;
  readonly trees: readonly PlainTree[];
  readonly progress: readonly TreeProgress[];
}

const FORMAT = 'strata-trees-checkpoint/1';

/** As JSON; every number comes back with its bits. */
export function writeCheckpoint({ fingerprint, trees, progress }: TreeCheckpoint): string {
  const columns = trees.map(({ nodes, left, right }) => ({
    left: [...left],
    right: [...right],
    ...Object.fromEntries(COLUMNS.map((name) => [name, nodes.map((node) => node[name])])),
  }));
  return JSON.stringify({ format: FORMAT, fingerprint, progress, trees: columns });
}

const COLUMNS = ['feature', 'threshold', 'missing', 'value', 'gain', 'cover', 'count'] as const;

/** Throws `TreeFormatError` for what `writeCheckpoint` did not write. */
export function readCheckpoint(text: string): TreeCheckpoint {
  const value = parseJson(text);
  const root = new Part('', value);
  if (value === undefined) throw new TreeFormatError('TREES_UNREADABLE', 'file', 'is not JSON');
  if (root.field('format').text() !== FORMAT) throw root.fault(`is not ${FORMAT}`);
  const trees = root.field('trees').items().map(treeOf);
  const progress = root.field('progress').items().map(progressOf);
  if (progress.length !== trees.length) throw root.fault('has a curve of other trees');
  return { fingerprint: root.field('fingerprint').text(), trees, progress };
}

function treeOf(tree: Part): PlainTree {
  const size = tree.field('feature').items().length;
  if (size === 0 || size > NODES_MAX) throw tree.fault(`has ${size} nodes`);
  const column = (name: string): Float64Array => tree.field(name).numbers(size);
  const [feature, threshold, missing, value] = [
    column('feature'),
    column('threshold'),
    column('missing'),
    column('value'),
  ];
  const [gain, cover, count] = [column('gain'), column('cover'), column('count')];
  const left = Int32Array.from(column('left'));
  const right = Int32Array.from(column('right'));
  for (let at = 0; at < size; at += 1) {
    const isLeaf = feature[at] === -1;
    for (const child of [left[at] ?? -1, right[at] ?? -1]) {
      const isSound = isLeaf ? child === at : child > at && child < size;
      if (!isSound) throw tree.fault(`node ${at} has child ${child}`);
    }
  }
  const nodes = Array.from({ length: size }, (_, at): TreeNode => ({
    feature: feature[at] ?? -1,
    threshold: threshold[at] ?? 0,
    missing: missing[at] ?? 0,
    value: value[at] ?? 0,
    gain: gain[at] ?? 0,
    cover: cover[at] ?? 0,
    count: count[at] ?? 0,
  }));
  return { nodes, left, right };
}

function progressOf(part: Part): TreeProgress {
  const validation = part.optional('validationLoss');
  return {
    tree: part.field('tree').count(TREES_MAX),
    trees: part.field('trees').count(TREES_MAX),
    loss: part.field('loss').number(),
    ...(validation === undefined ? {} : { validationLoss: validation.number() }),
    bestTree: part.field('bestTree').count(TREES_MAX),
  };
}

/** Of all that has a part in training. */
export function fingerprintOf({ data, validation, options }: TreeJob): string {
  const hash = new Hash64();
  hash.text(JSON.stringify(Object.entries(options).toSorted()));
  addRows(hash, data);
  if (validation !== undefined) addRows(hash, validation);
  return hash.hex();
}

function addRows(hash: Hash64, { names, features, labels, weights }: TreeRows): void {
  hash.text(names.join('\n'));
  for (const column of [features, labels, weights ?? new Float64Array(0)]) {
    hash.bytes(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
}
