import { parseJson } from '../../core/json.ts';
import { log } from '../../core/math.ts';
import { Part } from './document.ts';
import { singleBound } from './single.ts';
import { TreeFormatError } from './tree-error.ts';
import type { TreeModel, TreeModelHead } from './tree-model.ts';
import {
  FEATURES_MAX,
  MISSING_LEFT,
  MISSING_RIGHT,
  NODES_MAX,
  TREES_MAX,
  TreeModelBuilder,
} from './tree-model.ts';
import { readUbjson } from './ubjson.ts';

/**
 * Reads a model that XGBoost saved: JSON, or UBJSON with the same document (the default of
 * `save_model` since 2.1). Source: dmlc/xgboost doc/model.schema and files of 3.2.0. Of objectives
 * those with one margin a row; `gbtree` only; numerical splits only: the rest is unsupported.
 *
 * Nodes are numbered breadth-first here, whatever the file's order; nodes that nothing leads to
 * (XGBoost leaves pruned ones in place) are left out.
 */
export function readXgboost(file: string | Uint8Array): TreeModel {
  const root = new Part('', typeof file === 'string' ? jsonOf(file) : documentOf(file));
  const learner = root.field('learner');
  const booster = learner.field('gradient_booster');
  const name = booster.field('name').text();
  if (name !== 'gbtree') throw booster.unsupported(`booster ${name}: only gbtree is read`);
  const head = headOf(learner);
  const model = booster.field('model');
  const trees = model.field('trees').items();
  const stated = model.field('gbtree_model_param').field('num_trees').count(TREES_MAX);
  if (stated !== trees.length) {
    throw model.fault(`states ${stated} trees and has ${trees.length}`);
  }
  const classes = model.optional('tree_info')?.numbers(trees.length);
  if (classes?.some((kind) => kind !== 0) === true) throw model.unsupported('several outputs');

  const builder = new TreeModelBuilder();
  for (const tree of trees) addTree(tree, head.features.length, builder);
  return builder.build(head);
}

/** Attributes that tell a forest of ours from a boosted model: XGBoost keeps them as texts. */
export const OBJECTIVE_ATTRIBUTE = 'strata_objective';

function documentOf(bytes: Uint8Array): unknown {
  // Both begin with a brace; UBJSON goes on with the type of a length, JSON with a quote or space.
  const second = bytes[1] ?? 0;
  const isJson = second === 0x22 || second === 0x7d || second <= 0x20;
  if (!isJson) return readUbjson(bytes);
  return jsonOf(new TextDecoder('utf-8').decode(bytes));
}

function jsonOf(text: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new TreeFormatError('TREES_UNREADABLE', 'file', 'is not JSON');
  return value;
}

function headOf(learner: Part): TreeModelHead {
  const parameters = learner.field('learner_model_param');
  if ((parameters.optional('num_class')?.count(FEATURES_MAX) ?? 0) > 1) {
    throw parameters.unsupported('several classes');
  }
  if ((parameters.optional('num_target')?.count(FEATURES_MAX) ?? 1) > 1) {
    throw parameters.unsupported('several targets');
  }
  const width = parameters.field('num_feature').count(FEATURES_MAX);
  const names = learner.optional('feature_names')?.texts() ?? [];
  if (names.length !== 0 && names.length !== width) {
    throw learner.fault(`has ${names.length} feature names for ${width} features`);
  }
  const objective = learner.field('objective').field('name');
  const score = baseScore(parameters.field('base_score'));
  const head = {
    style: 'xgboost',
    slope: 1,
    isMean: false,
    features: names.length > 0 ? names : Array.from({ length: width }, (_, at) => `f${at}`),
  } as const;
  switch (objective.text()) {
    case 'binary:logistic':
    case 'reg:logistic':
      if (!(score > 0 && score < 1)) {
        throw parameters.fault(`base_score ${score} is no probability`);
      }
      return { ...head, objective: 'binary', base: logit(score) };
    case 'reg:squarederror':
      return { ...head, objective: isShare(learner) ? 'share' : 'squared', base: score };
    case 'reg:pseudohubererror':
      return { ...head, objective: 'huber', base: score };
    default:
      throw objective.unsupported(`objective ${objective.text()}`);
  }
}

function isShare(learner: Part): boolean {
  const attribute = learner.optional('attributes')?.optional(OBJECTIVE_ATTRIBUTE);
  return attribute?.value === 'share';
}

/** "5E-1" up to 3.0, "[5E-1]" since 3.1 (shap#4184, onnxmltools#732). */
function baseScore(part: Part): number {
  const text = part.text();
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(inner);
  if (!isNumber) throw part.fault(`${JSON.stringify(text)} is not one number`);
  return Math.fround(Number(inner));
}

/** The margin of a base score, which is a probability where the objective is logistic. */
export function logit(score: number): number {
  return Math.fround(-log(1 / score - 1));
}

interface Columns {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly feature: Float64Array;
  readonly condition: Float64Array;
  readonly defaultLeft: Float64Array;
  readonly gain: Float64Array;
  readonly cover: Float64Array;
  readonly weight: Float64Array;
}

function addTree(tree: Part, width: number, builder: TreeModelBuilder): void {
  const parameters = tree.field('tree_param');
  const size = parameters.field('num_nodes').count(NODES_MAX);
  if ((parameters.optional('size_leaf_vector')?.count(FEATURES_MAX) ?? 1) > 1) {
    throw tree.unsupported('leaves with several values');
  }
  if (size === 0) throw tree.fault('has no nodes');
  const kinds = tree.optional('split_type')?.numbers(size);
  if (kinds?.some((kind) => kind !== 0) === true) throw tree.unsupported('categorical splits');
  const columns: Columns = {
    left: tree.field('left_children').numbers(size),
    right: tree.field('right_children').numbers(size),
    feature: tree.field('split_indices').numbers(size),
    condition: singles(tree.field('split_conditions'), size),
    defaultLeft: tree.field('default_left').numbers(size),
    gain: singles(tree.field('loss_changes'), size),
    cover: singles(tree.field('sum_hessian'), size),
    weight: singles(tree.field('base_weights'), size),
  };
  builder.beginTree();
  const first = builder.nodes;
  const order = breadthFirst(tree, columns);
  const placeOf = new Map(order.map((node, at) => [node, first + at]));
  for (const node of order) {
    const at = addNode(tree, columns, node, width, builder);
    const left = placeOf.get(columns.left[node] ?? -1);
    const right = placeOf.get(columns.right[node] ?? -1);
    if (left !== undefined && right !== undefined) builder.link(at, left, right);
  }
}

/** The digits of a text say more or less than the single that was meant. */
function singles(part: Part, size: number): Float64Array {
  const values = part.numbers(size).map((value) => Math.fround(value));
  if (!values.every(Number.isFinite)) throw part.fault('has a number beyond singles');
  return values;
}

/** Every node once: a node that two lead to is a cycle or a lattice, and no tree. */
function breadthFirst(tree: Part, { left, right }: Columns): readonly number[] {
  const order = [0];
  const seen = new Set(order);
  for (const node of order) {
    const children = [left[node] ?? -1, right[node] ?? -1];
    if (children.every((child) => child === -1)) continue;
    for (const child of children) {
      const isNode = Number.isInteger(child) && child >= 0 && child < left.length;
      if (!isNode) throw tree.fault(`node ${node} has child ${child} of ${left.length} nodes`);
      if (seen.has(child)) throw tree.fault(`node ${child} is reached twice`);
      seen.add(child);
      order.push(child);
    }
  }
  return order;
}

function addNode(
  tree: Part,
  columns: Columns,
  node: number,
  width: number,
  builder: TreeModelBuilder,
): number {
  const condition = columns.condition[node] ?? 0;
  const common = { cover: columns.cover[node] ?? 0, count: Number.NaN };
  if (columns.left[node] === -1) {
    const leaf = { feature: -1, threshold: 0, missing: MISSING_RIGHT, gain: 0 };
    return builder.add({ ...common, ...leaf, value: condition });
  }
  const feature = columns.feature[node] ?? -1;
  if (!Number.isInteger(feature) || feature < 0 || feature >= width) {
    throw tree.fault(`node ${node} asks for feature ${feature} of ${width}`);
  }
  return builder.add({
    ...common,
    feature,
    threshold: singleBound(condition),
    missing: columns.defaultLeft[node] === 1 ? MISSING_LEFT : MISSING_RIGHT,
    value: columns.weight[node] ?? 0,
    gain: columns.gain[node] ?? 0,
  });
}
