import { highWord, scaled, upperHalf, withHighWord } from './math-bits.ts';

/**
 * Exponential, logarithm and hyperbolic tangent that give the same bits on every machine and every
 * Node, which `Math.exp` and its like do not promise. Only `+ - * /` and the bits of doubles.
 *
 * Methods and polynomial coefficients are fdlibm's (Sun Microsystems, 1993: e_exp, s_expm1, e_log,
 * s_log1p) and for tanh near zero Cephes' (Moshier, tanh.c); the code is ours. Every result is the
 * correctly rounded one or its neighbour: measured, see test/golden/math.md. Powers are in
 * `math-power.ts`, sine, cosine and tangent in `math-trig.ts`, their inverses in
 * `math-inverse.ts`, the other hyperbolic functions in `math-hyperbolic.ts`.
 */

// ln 2 in two parts: products of the first with a whole number below 2^20 are exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1 / (LN2_HIGH + LN2_LOW);
const E = 2 + 0.7182818284590452;
const HALF_LN2 = 0.34657359027997264;
// ln of the largest double: above it e^x is Infinity.
const EXP_MAX = 709.782712893384;
// ln of half the smallest subnormal: below it e^x is 0.
const EXP_MIN = -745.1332191019411;
const TWO_MINUS_28 = 3.725290298461914e-9;
const TWO_MINUS_54 = 5.551115123125783e-17;
const TWO_53 = 9_007_199_254_740_992;
const TWO_54 = 18_014_398_509_481_984;
const NORMAL_MIN = 2.2250738585072014e-308;

/** e to the power of `x`. */
export function exp(x: number): number {
  if (x !== x) return Number.NaN;
  if (x > EXP_MAX) return Number.POSITIVE_INFINITY;
  if (x < EXP_MIN) return 0;
  const size = Math.abs(x);
  if (size < TWO_MINUS_28) return 1 + x;
  // The method is off by one in the last place here, and e should be e.
  if (x === 1) return E;

  return expTimesPowerOfTwo(x, 0);
}

/** e^x / 2: finite up to 710.47, where e^x itself is not any more. */
export function halfExp(x: number): number {
  if (x !== x) return Number.NaN;
  if (x > HALF_EXP_MAX) return Number.POSITIVE_INFINITY;
  return x < EXP_MIN ? 0 : expTimesPowerOfTwo(x, -1);
}

// ln of twice the largest double.
const HALF_EXP_MAX = 710.4758600739439;

/** x = k ln 2 + r with |r| <= ln 2 / 2; e^r by a rational approximation; then times 2^(k + n). */
function expTimesPowerOfTwo(x: number, n: number): number {
  const size = Math.abs(x);
  const k = size > HALF_LN2 ? nearest(INVERSE_LN2 * x) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const c = r - expTail(r * r);
  return scaled(1 - (low - (r * c) / (2 - c) - high), k + n);
}

/** With t = r^2, the polynomial for which e^r = 1 + r + r c / (2 - c), c = r - expTail(t). */
export function expTail(t: number): number {
  const upper = 6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8);
  return t * (0.16666666666666602 + t * (-0.0027777777777015593 + t * upper));
}

/** e^x - 1 without losing the small digits near zero. */
export function expm1(x: number): number {
  if (x !== x) return Number.NaN;
  if (x > EXP_MAX) return Number.POSITIVE_INFINITY;
  if (x < -38.816242111356935) return -1; // 56 ln 2: what is left lies below the last bit of 1.
  const size = Math.abs(x);
  if (size < TWO_MINUS_54) return x; // Keeps the sign of zero.

  const k = size > HALF_LN2 ? nearest(INVERSE_LN2 * x) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const lost = high - r - low;
  const half = 0.5 * r;
  const t = r * half;
  const ratio = expm1Ratio(t);
  const slope = 3 - ratio * half;
  const error = t * ((ratio - slope) / (6 - r * slope));
  if (k === 0) return r - (r * error - t);
  return expm1Scaled(r, r * (error - lost) - lost - t, k);
}

function expm1Ratio(t: number): number {
  const upper = -7.93650757867488e-5 + t * (4.008217827329362e-6 + t * -2.0109921818362437e-7);
  return 1 + t * (-0.03333333333333313 + t * (0.0015873015872548146 + t * upper));
}

/** 2^k (1 + r - rest) - 1, in the order of operations that loses least for this k. */
function expm1Scaled(r: number, rest: number, k: number): number {
  if (k === -1) return 0.5 * (r - rest) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (rest - (r + 0.5)) : 1 + 2 * (r - rest);
  if (k <= -2 || k > 56) return scaled(1 - (rest - r), k) - 1;
  const reciprocal = scaled(1, -k);
  if (k < 20) return scaled(1 - reciprocal - (rest - r), k);
  return scaled(r - (rest + reciprocal) + 1, k);
}

/** Natural logarithm: -Infinity at zero, NaN below it. */
export function log(x: number): number {
  if (x !== x || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = x < NORMAL_MIN;
  return logOfSplit(isSubnormal ? x * TWO_54 : x, isSubnormal ? -54 : 0, 0);
}

/** ln(1 + x) without losing the small digits near zero: -Infinity at -1, NaN below it. */
export function log1p(x: number): number {
  if (x !== x || x < -1) return Number.NaN;
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (Math.abs(x) < TWO_MINUS_54) return x; // Keeps the sign of zero.
  // Between sqrt(2)/2 - 1 and sqrt(2) - 1 there is nothing to split.
  if (x > -0.2928932188134524 && x < 0.41421356237309503) return logOfOnePlus(x, 0, 0);
  if (x >= TWO_53) return logOfSplit(x, 0, 0);
  const sum = 1 + x;
  const lost = sum >= 2 ? 1 - (sum - x) : x - (sum - 1);
  return logOfSplit(sum, 0, lost / sum);
}

/** ln(2^exponent * x) + correction, by x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2). */
function logOfSplit(x: number, exponent: number, correction: number): number {
  const high = highWord(x);
  const fraction = high & 0xfffff;
  const carry = (fraction + 0x95f64) & 0x100000;
  const k = exponent + (high >> 20) - 1_023 + (carry >> 20);
  const f = withHighWord(x, fraction | (carry ^ 0x3ff00000)) - 1;
  return logOfOnePlus(f, k, correction);
}

/** k ln 2 + ln(1 + f) + correction; ln(1 + f) = f - f^2/2 + s (f^2/2 + R), s = f / (2 + f). */
function logOfOnePlus(f: number, k: number, correction: number): number {
  const halfSquare = 0.5 * f * f;
  const tail = logTail(f, halfSquare) + (k * LN2_LOW + correction);
  return k * LN2_HIGH - (halfSquare - tail - f);
}

/** What f - f^2/2 lacks of ln(1 + f). */
function logTail(f: number, halfSquare: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    0.6666666666666735 +
    w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586));
  return s * (halfSquare + (z * odd + even));
}

/** Logarithm to base 10: exact for whole powers of ten, -Infinity at zero, NaN below it. */
export function log10(x: number): number {
  if (x !== x || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = x < NORMAL_MIN;
  const normal = isSubnormal ? x * TWO_54 : x;
  const high = highWord(normal);
  const fraction = high & 0xfffff;
  const carry = (fraction + 0x95f64) & 0x100000;
  const k = (isSubnormal ? -54 : 0) + (high >> 20) - 1_023 + (carry >> 20);
  const f = withHighWord(normal, fraction | (carry ^ 0x3ff00000)) - 1;

  // ln(1 + f) in two parts, the first of 21 bits; each times 1 / ln 10 in two parts.
  const halfSquare = 0.5 * f * f;
  const logHigh = upperHalf(f - halfSquare);
  const logLow = f - logHigh - halfSquare + logTail(f, halfSquare);
  const product = logHigh * INVERSE_LN10_HIGH;
  const rest =
    k * LOG10_TWO_LOW + (logLow + logHigh) * INVERSE_LN10_LOW + logLow * INVERSE_LN10_HIGH;
  const whole = k * LOG10_TWO_HIGH;
  const sum = whole + product;
  return rest + (whole - sum + product) + sum;
}

const INVERSE_LN10_HIGH = 0.4342944818781689;
const INVERSE_LN10_LOW = 2.5082946711645275e-11;
const LOG10_TWO_HIGH = 0.30102999566361177;
const LOG10_TWO_LOW = 3.694239077158931e-13;

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  if (x !== x) return Number.NaN;
  const size = Math.abs(x);
  if (size > 22) return x < 0 ? -1 : 1;
  if (size < TWO_MINUS_28) return x; // Keeps the sign of zero.
  if (size < 0.625) return x + x * tanhTail(x * x);
  const value = 1 - 2 / (exp(2 * size) + 1);
  return x < 0 ? -value : value;
}

/** With s = x^2, tanh(x) = x + x tanhTail(s) for |x| < 0.625. */
function tanhTail(s: number): number {
  const above = (-0.9643991794250523 * s - 99.28772310019185) * s - 1614.6876844170845;
  const below = ((s + 112.81167849163293) * s + 2235.4883906010045) * s + 4844.063053251255;
  return s * (above / below);
}

function nearest(x: number): number {
  return Math.trunc(x < 0 ? x - 0.5 : x + 0.5);
}
