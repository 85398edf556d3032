import { assert } from '../../core/assert.ts';

/**
 * How one feature is scaled before a model sees it, fitted on training rows alone and stored with
 * the layout. `clip`: where it is cut afterwards, in its own deviations.
 */
export type Normalisation =
  | { readonly kind: 'none' }
  /** (x - mean) / deviation. */
  | {
      readonly kind: 'standard';
      readonly mean: number;
      readonly deviation: number;
      readonly clip: number;
    };

export const UNSCALED: Normalisation = { kind: 'none' };

/** NaN stays NaN. */
export function normalise(value: number, by: Normalisation): number {
  if (by.kind === 'none') return value;
  const scaled = (value - by.mean) / by.deviation;
  return Math.max(-by.clip, Math.min(by.clip, scaled));
}

const CLIP = 5;

/**
 * Means and population deviations of the columns of `rows` (row after row, `width` doubles each),
 * over the values that are numbers. A column without any spread, or with fewer than two numbers,
 * is left as it is: dividing by nothing would make one late change enormous.
 */
export function fitStandard(rows: Float64Array, width: number): readonly Normalisation[] {
  assert(width > 0 && rows.length % width === 0, 'rows are whole');
  return Array.from({ length: width }, (_, column) => fitColumn(rows, width, column));
}

function fitColumn(rows: Float64Array, width: number, column: number): Normalisation {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let at = column; at < rows.length; at += width) {
    const value = rows[at] ?? NaN;
    if (value - value !== 0) continue;
    // Welford's step: no sum of squares of large numbers.
    count += 1;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  const deviation = Math.sqrt(squares / count);
  if (!(count >= 2 && deviation > FLAT_BELOW * Math.abs(mean) && deviation > 0)) return UNSCALED;
  return { kind: 'standard', mean, deviation, clip: CLIP };
}

/** A spread this far below the mean is rounding. */
const FLAT_BELOW = 1e-13;
