import { readFileSync } from 'node:fs';
import { trainForest } from '../../../src/models/trees/train-forest.ts';
import { FOREST } from '../../../src/models/trees/train-forest.ts';
import { trainTrees } from '../../../src/models/trees/train-trees.ts';
import type { TreeModel } from '../../../src/models/trees/tree-model.ts';
import { DEPTH_WISE, LEAF_WISE } from '../../../src/models/trees/tree-options.ts';
import { writeLightgbm } from '../../../src/models/trees/write-lightgbm.ts';
import { writeXgboost } from '../../../src/models/trees/write-xgboost.ts';
import { drawn, rowsOf } from '../../unit/models/trees/lcg-rows.ts';

/** Models that we train, whose files the real libraries were shown to load: see README.md. */
export interface OwnModel {
  readonly name: string;
  readonly model: TreeModel;
  /** File name and content. */
  readonly files: readonly (readonly [name: string, text: string])[];
}

export const holed = drawn(11, 0.1, 0);

export function ownModels(): readonly OwnModel[] {
  const labels = rowsOf(holed, 'labels', 0, 300);
  const values = rowsOf(holed, 'values', 0, 300);
  const depthWise = trainTrees({
    data: labels,
    options: { ...DEPTH_WISE, trees: 12, depthMax: 4, binsMax: 64 },
  }).model;
  const sampled = trainTrees({
    data: values,
    options: {
      ...DEPTH_WISE,
      objective: 'squared',
      trees: 10,
      depthMax: 3,
      rowShare: 0.7,
      featureShare: 0.6,
    },
  }).model;
  const leafWise = trainTrees({
    data: labels,
    options: { ...LEAF_WISE, trees: 12, leavesMax: 9 },
  }).model;
  const forest = trainForest(labels, {
    ...FOREST,
    objective: 'binary',
    trees: 8,
    depthMax: 4,
    splitFeatures: 2,
  }).model;
  return [
    own('own-depth-wise', depthWise, 'both'),
    own('own-sampled', sampled, 'both'),
    own('own-leaf-wise', leafWise, 'lightgbm'),
    own('own-forest', forest, 'both'),
  ];
}

function own(name: string, model: TreeModel, to: 'both' | 'lightgbm'): OwnModel {
  const text = [`${name}.txt`, writeLightgbm(model)] as const;
  const json = to === 'both' ? [[`${name}.json`, writeXgboost(model)] as const] : [];
  return { name, model, files: [text, ...json] };
}

export function committed(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
