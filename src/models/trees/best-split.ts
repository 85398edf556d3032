import type { BinnedRows } from './binned-rows.ts';
import type { Histogram } from './histogram.ts';

/** What a split must keep to, and whose order of looking decides between equals. */
export interface SplitRules {
  readonly style: 'xgboost' | 'lightgbm';
  readonly lambda: number;
  /** A split gains more than this. */
  readonly gainMin: number;
  readonly coverMin: number;
  /** Estimated from covers, as LightGBM does; 0 for none. */
  readonly rowsMin: number;
}

/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly cover: number;
  readonly rows: number;
}

/** Rows whose bin is at most `bin` go left; missing ones where `isMissingLeft` says. */
export interface Split {
  gain: number;
  feature: number;
  bin: number;
  isMissingLeft: boolean;
  leftGradient: number;
  leftCover: number;
}

/**
 * The split of most gain, G_L^2/(H_L+lambda) + G_R^2/(H_R+lambda) - G^2/(H+lambda) (Chen, Guestrin
 * 2016, eq. 7 without its half and gamma), or undefined where none is allowed.
 *
 * Of equals the first feature's first threshold by XGBoost's rules, gains compared as singles; by
 * LightGBM's the first feature's last threshold. Where a node has missing values both sides are
 * tried for them; where it has none they would go right (XGBoost) or left (LightGBM).
 */
export function bestSplit(
  histogram: Histogram,
  binned: BinnedRows,
  features: Int32Array,
  sums: NodeSums,
  rules: SplitRules,
): Split | undefined {
  const isXgboost = rules.style === 'xgboost';
  const scan: Scan = {
    histogram,
    rules,
    gradient: sums.gradient,
    cover: sums.cover,
    rows: sums.rows,
    rowsOfCover: rules.rowsMin > 0 ? sums.rows / sums.cover : 0,
    parent: (sums.gradient * sums.gradient) / (sums.cover + rules.lambda),
    best: {
      gain: rules.gainMin,
      feature: -1,
      bin: 0,
      isMissingLeft: false,
      leftGradient: 0,
      leftCover: 0,
    },
  };
  for (const feature of features) {
    const from = binned.offsets[feature] ?? 0;
    const to = binned.offsets[feature + 1] ?? 0;
    const missing = binned.missing[feature] ?? -1;
    const known = missing < 0 ? to : to - 1;
    const hasMissing = missing >= 0 && (histogram[2 * known + 1] ?? 0) > sums.cover * COVER_TINY;
    if (isXgboost) {
      ascend(scan, feature, from, hasMissing ? known : known - 1);
      if (hasMissing) descend(scan, feature, from, known);
    } else {
      descend(scan, feature, from, known);
      if (missing >= 0) ascend(scan, feature, from, known);
    }
  }
  return scan.best.feature < 0 ? undefined : scan.best;
}

/** A part of the cover that may be what rounding left of an empty bin after subtraction. */
const COVER_TINY = 1e-12;

interface Scan {
  readonly histogram: Histogram;
  readonly rules: SplitRules;
  readonly gradient: number;
  readonly cover: number;
  readonly rows: number;
  /** LightGBM counts no rows in its bins: it takes the rounded share of their cover. */
  readonly rowsOfCover: number;
  readonly parent: number;
  readonly best: Split;
}

/*
 * Two loops, not one with a direction: a side is summed in the order of the walk and the other is
 * what is left of the node, so which of them is walked decides the last bits of both.
 */

/** Thresholds in ascending order, bins `from` to before `last`; missing values go right. */
function ascend(scan: Scan, feature: number, from: number, last: number): void {
  const { histogram, rules, gradient, cover, rows, rowsOfCover, parent, best } = scan;
  const { lambda, coverMin, rowsMin } = rules;
  const isSingle = rules.style === 'xgboost';
  let leftGradient = 0;
  let leftCover = 0;
  let leftRows = 0;
  let gainMax = best.gain;
  for (let bin = from; bin < last; bin += 1) {
    const hessian = histogram[2 * bin + 1] ?? 0;
    if (hessian === 0) continue;
    leftGradient += histogram[2 * bin] ?? 0;
    leftCover += hessian;
    leftRows += (hessian * rowsOfCover + 0.5) | 0;
    if (leftCover < coverMin || leftRows < rowsMin) continue;
    const rightCover = cover - leftCover;
    if (rightCover < coverMin || rows - leftRows < rowsMin) break;
    const right = gradient - leftGradient;
    const left = (leftGradient * leftGradient) / (leftCover + lambda);
    const gain = left + (right * right) / (rightCover + lambda) - parent;
    if (!(gain > gainMax)) continue;
    const rounded = isSingle ? Math.fround(gain) : gain;
    if (!(rounded > gainMax)) continue;
    gainMax = rounded;
    best.gain = rounded;
    best.feature = feature;
    best.bin = bin - from;
    best.isMissingLeft = false;
    best.leftGradient = leftGradient;
    best.leftCover = leftCover;
  }
}

/** Thresholds in descending order, from the last of the known bins; missing values go left. */
function descend(scan: Scan, feature: number, from: number, known: number): void {
  const { histogram, rules, gradient, cover, rows, rowsOfCover, parent, best } = scan;
  const { lambda, coverMin, rowsMin } = rules;
  const isSingle = rules.style === 'xgboost';
  let rightGradient = 0;
  let rightCover = 0;
  let rightRows = 0;
  let gainMax = best.gain;
  for (let bin = known - 1; bin > from; bin -= 1) {
    const hessian = histogram[2 * bin + 1] ?? 0;
    if (hessian === 0) continue;
    rightGradient += histogram[2 * bin] ?? 0;
    rightCover += hessian;
    rightRows += (hessian * rowsOfCover + 0.5) | 0;
    if (rightCover < coverMin || rightRows < rowsMin) continue;
    const leftCover = cover - rightCover;
    if (leftCover < coverMin || rows - rightRows < rowsMin) break;
    const left = gradient - rightGradient;
    const right = (rightGradient * rightGradient) / (rightCover + lambda);
    const gain = (left * left) / (leftCover + lambda) + right - parent;
    if (!(gain > gainMax)) continue;
    const rounded = isSingle ? Math.fround(gain) : gain;
    if (!(rounded > gainMax)) continue;
    gainMax = rounded;
    best.gain = rounded;
    best.feature = feature;
    best.bin = bin - 1 - from;
    best.isMissingLeft = true;
    best.leftGradient = left;
    best.leftCover = leftCover;
  }
}
