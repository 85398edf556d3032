import type { BinnedRows } from './binned-rows.ts';

/**
 * Sums of gradient and second derivative by bin: two doubles a bin, features side by side. The sum
 * of the larger child is its parent's less the smaller child's, which is all the work saved.
 */
export type Histogram = Float64Array;

/** The rows of a node in ascending order, with their derivatives beside them. */
export interface NodeRows {
  readonly order: Int32Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly from: number;
  readonly to: number;
}

export function fillHistogram(
  histogram: Histogram,
  binned: BinnedRows,
  features: Int32Array,
  node: NodeRows,
): void {
  let at = 0;
  // Four features in a pass: a row's index and derivatives are then read once for four.
  for (; at + 4 <= features.length; at += 4) {
    fourFeatures(histogram, binned, features, at, node);
  }
  for (; at < features.length; at += 1) oneFeature(histogram, binned, features[at] ?? 0, node);
}

/** `parent` becomes the other child. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let at = 0; at < parent.length; at += 1) {
    parent[at] = (parent[at] ?? 0) - (child[at] ?? 0);
  }
}

function fourFeatures(
  histogram: Histogram,
  { bins, rows, offsets }: BinnedRows,
  features: Int32Array,
  first: number,
  { order, gradients, hessians, from, to }: NodeRows,
): void {
  const a = features[first] ?? 0;
  const b = features[first + 1] ?? 0;
  const c = features[first + 2] ?? 0;
  const d = features[first + 3] ?? 0;
  const columnA = bins.subarray(a * rows, a * rows + rows);
  const columnB = bins.subarray(b * rows, b * rows + rows);
  const columnC = bins.subarray(c * rows, c * rows + rows);
  const columnD = bins.subarray(d * rows, d * rows + rows);
  const placeA = offsets[a] ?? 0;
  const placeB = offsets[b] ?? 0;
  const placeC = offsets[c] ?? 0;
  const placeD = offsets[d] ?? 0;
  for (let at = from; at < to; at += 1) {
    const row = order[at] ?? 0;
    const gradient = gradients[at] ?? 0;
    const hessian = hessians[at] ?? 0;
    const binA = (placeA + (columnA[row] ?? 0)) << 1;
    const binB = (placeB + (columnB[row] ?? 0)) << 1;
    const binC = (placeC + (columnC[row] ?? 0)) << 1;
    const binD = (placeD + (columnD[row] ?? 0)) << 1;
    histogram[binA] = (histogram[binA] ?? 0) + gradient;
    histogram[binA + 1] = (histogram[binA + 1] ?? 0) + hessian;
    histogram[binB] = (histogram[binB] ?? 0) + gradient;
    histogram[binB + 1] = (histogram[binB + 1] ?? 0) + hessian;
    histogram[binC] = (histogram[binC] ?? 0) + gradient;
    histogram[binC + 1] = (histogram[binC + 1] ?? 0) + hessian;
    histogram[binD] = (histogram[binD] ?? 0) + gradient;
    histogram[binD + 1] = (histogram[binD + 1] ?? 0) + hessian;
  }
}

function oneFeature(
  histogram: Histogram,
  { bins, rows, offsets }: BinnedRows,
  feature: number,
  { order, gradients, hessians, from, to }: NodeRows,
): void {
  const column = bins.subarray(feature * rows, feature * rows + rows);
  const place = offsets[feature] ?? 0;
  for (let at = from; at < to; at += 1) {
    const bin = (place + (column[order[at] ?? 0] ?? 0)) << 1;
    histogram[bin] = (histogram[bin] ?? 0) + (gradients[at] ?? 0);
    histogram[bin + 1] = (histogram[bin + 1] ?? 0) + (hessians[at] ?? 0);
  }
}
