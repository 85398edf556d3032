import type { BinningOptions } from './bin-bounds.ts';
import { binBounds } from './bin-bounds.ts';
import { sortSingles } from './sort-singles.ts';
import type { TreeRows } from './tree-options.ts';

/** Bounds are found on so many rows at most, evenly apart (LightGBM's bin_construct_sample_cnt). */
const SAMPLE_ROWS_MAX = 200_000;

/** Every value as the number of its bin, feature after feature. */
export interface BinnedRows {
  readonly rows: number;
  readonly bins: Uint8Array;
  /** Upper bounds of a feature's bins but the last. */
  readonly bounds: readonly Float64Array[];
  /** The bin of missing values, always the last; -1 where the feature has none. */
  readonly missing: Int32Array;
  /** Where a feature's bins begin among those of all; behind them how many there are. */
  readonly offsets: Int32Array;
}

export function binRows(data: TreeRows, options: BinningOptions): BinnedRows {
  const width = data.names.length;
  const bounds: Float64Array[] = [];
  const missing = new Int32Array(width).fill(-1);
  const offsets = new Int32Array(width + 1);
  const bins = new Uint8Array(data.rows * width);
  const column = new Float64Array(data.rows);
  const isSingle = options.style === 'xgboost';
  for (let feature = 0; feature < width; feature += 1) {
    const unknown = copyColumn(data, feature, isSingle, column);
    const found = binBounds(sample(column, isSingle), unknown > 0, options);
    bounds.push(found);
    if (unknown > 0) missing[feature] = found.length;
    offsets[feature + 1] = (offsets[feature] ?? 0) + found.length + 1;
    fillBins(column, found, unknown > 0, bins.subarray(feature * data.rows));
  }
  return { rows: data.rows, bins, bounds, missing, offsets };
}

/** Singles where the rules compare singles. Answers how many are missing. */
function copyColumn(
  { rows, names, features }: TreeRows,
  feature: number,
  isSingle: boolean,
  column: Float64Array,
): number {
  const width = names.length;
  let missing = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = features[row * width + feature] ?? Number.NaN;
    if (value !== value) missing += 1;
    column[row] = isSingle ? Math.fround(value) : value;
  }
  return missing;
}

/** Known values in ascending order. */
function sample(column: Float64Array, isSingle: boolean): Float64Array {
  const count = Math.min(column.length, SAMPLE_ROWS_MAX);
  const step = column.length / count;
  const known = new Float64Array(count);
  let taken = 0;
  for (let at = 0; at < count; at += 1) {
    const value = column[Math.trunc(at * step)] ?? Number.NaN;
    if (value !== value) continue;
    known[taken] = value;
    taken += 1;
  }
  const values = known.subarray(0, taken);
  return isSingle ? sortSingles(values) : values.toSorted();
}

/** So many cells of equal width between the first and the last bound. */
const CELLS = 1_024;

function fillBins(
  column: Float64Array,
  bounds: Float64Array,
  hasMissing: boolean,
  bins: Uint8Array,
): void {
  const last = hasMissing ? bounds.length - 1 : bounds.length;
  const lowest = bounds[0] ?? 0;
  const width = (bounds[last - 1] ?? 0) - lowest;
  const scale = width > 0 && width < Number.MAX_VALUE ? CELLS / width : 0;
  const starts = cellStarts(bounds.subarray(0, last), lowest, scale);
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] ?? 0;
    // A value's bin lies between the first bound of its cell and that of the next one.
    const cell = Math.max(0, Math.min(CELLS, (value - lowest) * scale)) | 0;
    let low = starts[cell] ?? 0;
    let high = starts[cell + 1] ?? last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (bounds[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    bins[row] = value === value ? low : bounds.length;
  }
}

/** How many bounds lie in earlier cells. Rounding keeps order, so it is the same for all values. */
function cellStarts(bounds: Float64Array, lowest: number, scale: number): Uint16Array {
  const starts = new Uint16Array(CELLS + 2);
  for (const bound of bounds) {
    const cell = Math.max(0, Math.min(CELLS, (bound - lowest) * scale)) | 0;
    starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
  }
  for (let cell = 1; cell < starts.length; cell += 1) {
    starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
  }
  return starts;
}
