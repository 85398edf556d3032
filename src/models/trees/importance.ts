import type { TreeModel } from './tree-model.ts';

/** What the trees made of a feature: summed over its splits, as they stood while training. */
export interface Importance {
  readonly feature: string;
  readonly splits: number;
  readonly gain: number;
  readonly cover: number;
}

/**
 * One entry a feature, in the order of a row. XGBoost's `weight`, `total_gain` and `total_cover`
 * (its `gain` and `cover` are these by split); LightGBM's `split` and `gain`.
 */
export function importanceOf(model: TreeModel): readonly Importance[] {
  const sums = model.features.map((feature) => ({ feature, splits: 0, gain: 0, cover: 0 }));
  for (const [node, feature] of model.feature.entries()) {
    const sum = sums[feature];
    if (sum === undefined) continue;
    sum.splits += 1;
    sum.gain += model.gain[node] ?? 0;
    sum.cover += model.cover[node] ?? 0;
  }
  return sums;
}
