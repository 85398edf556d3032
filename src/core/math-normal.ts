import { exp } from './math.ts';
import { upperHalf } from './math-bits.ts';

const INVERSE_ROOT_2_PI = 0.3989422804014327;

/**
 * Share of a standard normal distribution below `x`, with its relative error under 1e-14 also far
 * down, where it is 1e-300 (see test/golden/math.md).
 */
export function normalShareBelow(x: number): number {
  if (x !== x) return Number.NaN;
  if (x < -1) return tail(-x);
  return x > 1 ? 1 - tail(x) : 0.5 + nearMiddle(x);
}

/** The share above `x`, which is above 1: Laplace's continued fraction, from its far end. */
function tail(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  // The error falls as e^(-2 x sqrt(steps)): so many leave less than the last place.
  let below = x;
  for (let step = 10 + Math.ceil(450 / (x * x)); step > 0; step -= 1) below = x + step / below;
  return density(x) / below;
}

/** The share between 0 and `x`, by x + x^3 / 3 + x^5 / 15 + ... times the density. */
function nearMiddle(x: number): number {
  let term = x;
  let sum = x;
  for (let factor = 3; factor < 45; factor += 2) {
    term *= (x * x) / factor;
    sum += term;
  }
  return density(x) * sum;
}

/** The square in two parts, of which the first is exact: rounding it would show in the tail. */
function density(x: number): number {
  const high = upperHalf(x);
  return INVERSE_ROOT_2_PI * exp(-0.5 * high * high) * exp(-0.5 * (x - high) * (x + high));
}
