import { exp, log, log1p } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import type { TreeRows } from './tree-options.ts';

export type TrainedObjective = 'binary' | 'squared';

/** XGBoost's floor of a second derivative. */
const HESSIAN_MIN = 1e-16;
/** So that a label that never changes has a logit. */
const SHARE_EDGE = 1e-6;

/**
 * First and second derivative of the loss by the margin, weighted. Binary: p - y and p (1 - p) of
 * the log loss; squared: m - y and 1, of half the squared error. Rounded to singles, as both
 * libraries have them: sums of singles in doubles hardly round, so a difference of sums is exact.
 */
export function deriveLoss(
  objective: TrainedObjective,
  margins: Float64Array,
  data: TreeRows,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  const { labels, weights } = data;
  for (let row = 0; row < margins.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    const label = labels[row] ?? 0;
    const margin = margins[row] ?? 0;
    if (objective === 'binary') {
      const share = sigmoid(margin);
      gradients[row] = Math.fround((share - label) * weight);
      hessians[row] = Math.fround(Math.max(share * (1 - share), HESSIAN_MIN) * weight);
    } else {
      gradients[row] = Math.fround((margin - label) * weight);
      hessians[row] = Math.fround(weight);
    }
  }
}

/** Mean log loss, or mean squared error, of every `step`-th row. */
export function meanLoss(
  objective: TrainedObjective,
  margins: Float64Array,
  { labels, weights }: TreeRows,
  step: number,
): number {
  let sum = 0;
  let weighed = 0;
  for (let row = 0; row < margins.length; row += step) {
    const weight = weights?.[row] ?? 1;
    const margin = margins[row] ?? 0;
    const label = labels[row] ?? 0;
    const loss =
      objective === 'binary'
        ? Math.max(margin, 0) - margin * label + log1p(exp(-Math.abs(margin)))
        : (margin - label) * (margin - label);
    sum += weight * loss;
    weighed += weight;
  }
  return weighed > 0 ? sum / weighed : Number.NaN;
}

/** The mean label, as a share within reach of a logit where the objective is binary. */
export function meanLabel(objective: TrainedObjective, { labels, weights }: TreeRows): number {
  let sum = 0;
  let weighed = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    sum += weight * (labels[row] ?? 0);
    weighed += weight;
  }
  const mean = sum / weighed;
  return objective === 'binary' ? Math.min(1 - SHARE_EDGE, Math.max(SHARE_EDGE, mean)) : mean;
}

export function logitOf(share: number): number {
  return log(share / (1 - share));
}
