import { highWord, upperHalf } from './math-bits.ts';

/**
 * Arc tangent, arc sine and arc cosine in radians.
 *
 * Methods and coefficients are fdlibm's (Sun Microsystems, 1993: s_atan, e_asin, e_acos); the code
 * is ours. Every result is the correctly rounded one or its neighbour: measured, see
 * test/golden/math.md.
 */
export function atan(x: number): number {
  if (x !== x) return Number.NaN;
  const size = Math.abs(x);
  if (size < TWO_MINUS_27) return x; // Keeps the sign of zero.
  const value = size >= TWO_66 ? QUARTER + QUARTER_LOW : positiveAtan(size);
  return x < 0 ? -value : value;
}

const TWO_MINUS_27 = 7.450580596923828e-9;
const TWO_66 = 73_786_976_294_838_206_464;

// pi/2 and pi/4 as a double and what that leaves.
const QUARTER = 1.5707963267948966;
const QUARTER_LOW = 6.123233995736766e-17;
const EIGHTH = 0.7853981633974483;
const EIGHTH_LOW = 3.061616997868383e-17;

// Arc tangents of 0.5 and 1.5, likewise.
const ATAN_HALF = 0.4636476090008061;
const ATAN_HALF_LOW = 2.2698777452961687e-17;
const ATAN_THREE_HALVES = 0.982793723247329;
const ATAN_THREE_HALVES_LOW = 1.3903311031230998e-17;

/** atan(x) = atan(c) + atan((x - c) / (1 + c x)), with c = 0, 1/2, 1, 3/2 or infinity near x. */
function positiveAtan(x: number): number {
  if (x < 0.4375) return x - x * atanTail(x);
  if (x < 0.6875) return turnedAtan(ATAN_HALF, ATAN_HALF_LOW, (2 * x - 1) / (2 + x));
  if (x < 1.1875) return turnedAtan(EIGHTH, EIGHTH_LOW, (x - 1) / (x + 1));
  if (x < 2.4375) {
    return turnedAtan(ATAN_THREE_HALVES, ATAN_THREE_HALVES_LOW, (x - 1.5) / (1 + 1.5 * x));
  }
  return turnedAtan(QUARTER, QUARTER_LOW, -1 / x);
}

function turnedAtan(high: number, low: number, rest: number): number {
  return high - (rest * atanTail(rest) - low - rest);
}

/** With atan(x) = x - x atanTail(x) for |x| < 7/16. */
function atanTail(x: number): number {
  const z = x * x;
  const w = z * z;
  const odd =
    0.3333333333333293 +
    w *
      (0.14285714272503466 +
        w *
          (0.09090887133436507 +
            w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782))));
  const even =
    -0.19999999999876483 +
    w *
      (-0.11111110405462356 +
        w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916)));
  return z * odd + w * even;
}

/** NaN outside -1 to 1. */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (size === 1) return x * QUARTER + x * QUARTER_LOW;
  if (size < TWO_MINUS_27) return x; // Keeps the sign of zero.
  if (size < 0.5) return x + x * asinRatio(x * x);

  // asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2)).
  const t = (1 - size) * 0.5;
  const root = Math.sqrt(t);
  const ratio = asinRatio(t);
  const value =
    highWord(size) >= 0x3fef3333 // 0.975: the root is small enough.
      ? QUARTER - (2 * (root + root * ratio) - QUARTER_LOW)
      : EIGHTH - asinRest(t, root, ratio);
  return x < 0 ? -value : value;
}

/** pi/4 less the arc sine, with the root of `t` in two parts. */
function asinRest(t: number, root: number, ratio: number): number {
  const high = upperHalf(root);
  const low = (t - high * high) / (root + high);
  return 2 * root * ratio - (QUARTER_LOW - 2 * low) - (EIGHTH - 2 * high);
}

/** NaN outside -1 to 1. */
export function acos(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (size === 1) return x > 0 ? 0 : 2 * QUARTER + 2 * QUARTER_LOW;
  if (size < 0.5) return QUARTER - (x - (QUARTER_LOW - x * asinRatio(x * x)));
  const t = (1 - size) * 0.5;
  const root = Math.sqrt(t);
  const ratio = asinRatio(t);
  if (x < 0) return 2 * QUARTER - 2 * (root + (ratio * root - QUARTER_LOW));
  const high = upperHalf(root);
  const low = (t - high * high) / (root + high);
  return 2 * (high + (ratio * root + low));
}

/** With t = x^2, asin(x) = x + x asinRatio(t) for |x| < 0.5. */
function asinRatio(t: number): number {
  const above =
    0.16666666666666666 +
    t *
      (-0.3255658186224009 +
        t *
          (0.20121253213486293 +
            t * (-0.04005553450067941 + t * (0.0007915349942898145 + t * 3.479331075960212e-5))));
  const below =
    1 +
    t *
      (-2.403394911734414 +
        t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
  return (t * above) / below;
}
