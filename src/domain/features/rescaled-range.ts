import { log } from '../../core/math.ts';
import { leastSquares } from './least-squares.ts';

/** Sizes of the pieces that are usual for two thousand values. */
export const RESCALED_RANGE_SIZES: readonly number[] = [8, 16, 32, 64, 128, 256];

/**
 * Hurst's exponent by rescaled ranges (Hurst, 1951): the slope of ln(mean of range / population
 * deviation) on ln(size) over pieces of the increments that do not overlap. For short pieces it is
 * biased upwards (noise gives 0.55 for sizes of 8 to 256), so compare it with shuffled increments.
 * Undefined where there are fewer than two sizes with a piece that moves.
 */
export function rescaledRangeHurst(
  increments: Float64Array,
  sizes: readonly number[] = RESCALED_RANGE_SIZES,
): number | undefined {
  const points: (readonly [number, number])[] = [];
  for (const size of sizes) {
    let sum = 0;
    let pieces = 0;
    for (let from = 0; from + size <= increments.length; from += size) {
      const range = rescaledRange(increments.subarray(from, from + size));
      if (range === undefined) continue;
      sum += range;
      pieces += 1;
    }
    if (pieces > 0) points.push([log(size), log(sum / pieces)]);
  }
  if (points.length < 2) return undefined;
  const sizesOf = Float64Array.from(points, ([size]) => size);
  const ranges = Float64Array.from(points, ([, range]) => range);
  if (points.length === 2) {
    return ((ranges[1] ?? NaN) - (ranges[0] ?? NaN)) / ((sizesOf[1] ?? NaN) - (sizesOf[0] ?? NaN));
  }
  return leastSquares([sizesOf, new Float64Array(sizesOf.length).fill(1)], ranges)?.coefficients[0];
}

function rescaledRange(piece: Float64Array): number | undefined {
  const mean = piece.reduce((sum, value) => sum + value, 0) / piece.length;
  let squares = 0;
  let way = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (const value of piece) {
    const distance = value - mean;
    squares += distance * distance;
    way += distance;
    highest = Math.max(highest, way);
    lowest = Math.min(lowest, way);
  }
  return squares > 0 ? (highest - lowest) / Math.sqrt(squares / piece.length) : undefined;
}
