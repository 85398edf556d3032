import { expTail } from './math.ts';
import { fromHighWord, highWord, scaled, upperHalf, withHighWord } from './math-bits.ts';

const TWO_31 = 2_147_483_648;
const TWO_53 = 9_007_199_254_740_992;
const NORMAL_MIN = 2.2250738585072014e-308;

/**
 * `x` to the power of `y`, with the special cases of ECMAScript (so 1 to an infinite power is NaN).
 * A negative `x` needs a whole `y`; otherwise the answer is NaN. Where base, exponent and result
 * are whole numbers the result is exact.
 *
 * The method is fdlibm's e_pow (Sun Microsystems, 1993): log2(x) with 21 + 53 bits, so that the
 * product with `y` still has more than 53. The result is the correctly rounded one or its
 * neighbour: measured, see test/golden/math.md.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return Number.NaN;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  const size = Math.abs(x);
  if (Math.abs(y) === Number.POSITIVE_INFINITY) return infinitePower(size, y);

  const isNegative = x < 0 || (x === 0 && 1 / x < 0);
  const isWhole = Math.trunc(y) === y;
  // From 2^53 on every double is even, and % says so.
  const sign = isNegative && isWhole && y % 2 !== 0 ? -1 : 1;
  if (size === 0) return sign * (y > 0 ? 0 : Number.POSITIVE_INFINITY);
  if (size === Number.POSITIVE_INFINITY) return sign * (y > 0 ? size : 0);
  if (isNegative && !isWhole) return Number.NaN;
  if (size === 1) return sign;
  return sign * positivePower(size, y);
}

function infinitePower(size: number, y: number): number {
  if (size === 1) return Number.NaN;
  return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
}

// log2 of the base as a sum: the first part has 21 significant bits, the second is the rest.
const logParts = new Float64Array(2);

function positivePower(x: number, y: number): number {
  if (Math.abs(y) > TWO_31) {
    // Only a base this close to 1 stays in range.
    if (x < 0.999999 || x > 1.000001) return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
    splitLog2NearOne(x);
  } else splitLog2(x);
  const logHigh = logParts[0] ?? 0;
  const logLow = logParts[1] ?? 0;

  const yHigh = upperHalf(y);
  const low = (y - yHigh) * logHigh + y * logLow;
  const high = yHigh * logHigh;
  const sum = low + high;
  if (sum > 1_024 || (sum === 1_024 && low + OVERFLOW_MARGIN > sum - high)) {
    return Number.POSITIVE_INFINITY;
  }
  if (sum < -1_075 || (sum === -1_075 && low <= sum - high)) return 0;
  return exp2(high, low, sum);
}

// -(1024 - log2(largest double + half its last place)).
const OVERFLOW_MARGIN = 8.008566259537294e-17;

/** 2^(high + low), where sum is their rounded sum. */
function exp2(high: number, low: number, sum: number): number {
  const n = Math.abs(sum) > 0.5 ? Math.trunc(sum < 0 ? sum - 0.5 : sum + 0.5) : 0;
  const rest = high - n;
  const t = upperHalf(low + rest);
  const u = t * LN2_HIGH;
  const v = (low - (t - rest)) * LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const c = z - expTail(z * z);
  const r = (z * c) / (c - 2) - (w + z * w);
  return scaled(1 - (r - z), n);
}

const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;
const LN2 = LN2_HIGH + LN2_LOW;

/** For |x - 1| < 2^-20: four terms of the series of log2(1 + t) are enough. */
function splitLog2NearOne(x: number): void {
  const t = x - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = INVERSE_LN2_HIGH * t;
  const v = t * INVERSE_LN2_LOW - w * INVERSE_LN2;
  const high = upperHalf(u + v);
  logParts[0] = high;
  logParts[1] = v - (high - u);
}

const INVERSE_LN2_HIGH = 1.4426950216293335;
const INVERSE_LN2_LOW = 1.9259629911266175e-8;
const INVERSE_LN2 = INVERSE_LN2_HIGH + INVERSE_LN2_LOW;

/** log2(x) = n + log2(b) + a series in s = (m - b) / (m + b), with b = 1 or 3/2 near m. */
function splitLog2(x: number): void {
  const isSubnormal = x < NORMAL_MIN;
  const normal = isSubnormal ? x * TWO_53 : x;
  const bits = highWord(normal);
  const fraction = bits & 0xfffff;
  // Below sqrt(3/2), from there to sqrt(3), above: bases 1, 3/2 and, one octave up, 1.
  const isMiddle = fraction > 0x3988e && fraction < 0xbb67a;
  const isUpper = fraction >= 0xbb67a;
  const n = (bits >> 20) - 1_023 + (isUpper ? 1 : 0) - (isSubnormal ? 53 : 0);
  const mantissaBits = (fraction | 0x3ff00000) - (isUpper ? 0x100000 : 0);
  const m = withHighWord(normal, mantissaBits);
  const base = isMiddle ? 1.5 : 1;

  // s to 21 bits and the rest of it; m + b likewise.
  const u = m - base;
  const v = 1 / (m + base);
  const s = u * v;
  const sHigh = upperHalf(s);
  const sumBits = ((mantissaBits >> 1) | 0x20000000) + 0x80000 + (isMiddle ? 0x40000 : 0);
  const sumHigh = fromHighWord(sumBits);
  const sumLow = m - (sumHigh - base);
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow);

  // log(m / b) / (2 / 3 s) = 3 + s^2 + series, again in two parts.
  const square = sHigh * sHigh;
  const series = logSeries(s * s) + sLow * (sHigh + s);
  const factorHigh = upperHalf(3 + square + series);
  const factorLow = series - (factorHigh - 3 - square);
  const a = sHigh * factorHigh;
  const b = sLow * factorHigh + factorLow * s;
  const productHigh = upperHalf(a + b);
  const productLow = b - (productHigh - a);

  // Times 2 / (3 ln 2), plus log2(b), plus n.
  const high = SCALE_HIGH * productHigh;
  const low = SCALE_LOW * productHigh + productLow * SCALE + (isMiddle ? LOG2_THREE_HALVES_LOW : 0);
  const baseHigh = isMiddle ? LOG2_THREE_HALVES_HIGH : 0;
  const sum = upperHalf(high + low + baseHigh + n);
  logParts[0] = sum;
  logParts[1] = low - (sum - n - baseHigh - high);
}

/** What follows 3 + s^2: minimax polynomial in s^2. */
function logSeries(square: number): number {
  const upper = 0.272728123808534 + square * (0.23066074577556175 + square * 0.20697501780033842);
  const lower =
    0.5999999999999946 +
    square * (0.4285714285785502 + square * (0.33333332981837743 + square * upper));
  return square * square * lower;
}

// 2 / (3 ln 2) and log2(3/2), each with 21 bits and the rest.
const SCALE = 0.9617966939259756;
const SCALE_HIGH = 0.9617967009544373;
const SCALE_LOW = -7.028461650952758e-9;
const LOG2_THREE_HALVES_HIGH = 0.5849624872207642;
const LOG2_THREE_HALVES_LOW = 1.350039202129749e-8;
