import { highWord, scaled, upperHalf } from './math-bits.ts';

/**
 * Sine, cosine and tangent of radians; NaN for the infinities.
 *
 * Polynomials and the reduction of moderate arguments are fdlibm's (Sun Microsystems, 1993:
 * k_sin, k_cos, k_tan, e_rem_pio2). Beyond 2^19 quarter turns the argument is reduced with whole
 * numbers of any length instead (Payne and Hanek's idea), so every double has its true sine. The
 * result is the correctly rounded one or its neighbour: measured, see test/golden/math.md.
 */
export function sin(x: number): number {
  if (Math.abs(x) < TWO_MINUS_27) return x; // Keeps the sign of zero.
  const quadrant = reduce(x);
  const value = quadrant % 2 === 0 ? sinNearZero() : cosNearZero();
  return quadrant > 1 ? -value : value;
}

export function cos(x: number): number {
  const quadrant = reduce(x);
  const value = quadrant % 2 === 0 ? cosNearZero() : sinNearZero();
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

export function tan(x: number): number {
  if (Math.abs(x) < TWO_MINUS_27) return x;
  const quadrant = reduce(x);
  return tanNearZero(quadrant % 2 === 1);
}

const TWO_MINUS_27 = 7.450580596923828e-9;
// 2^19 quarter turns: up to here their count times a part of pi/2 is exact.
const MODERATE_MAX = 823_549.6;
const INVERSE_QUARTER = 0.6366197723675814;

// The rest of an argument after whole quarter turns, and what that number's rounding lost.
const rest = new Float64Array(2);

/** Leaves the rest, within pi/4 of zero, in `rest`; answers the quarter turns, 0 to 3. */
function reduce(x: number): number {
  if (x - x !== 0) return setRest(Number.NaN, 0, 0);
  const size = Math.abs(x);
  if (size <= 0.7853981633974483) return setRest(x, 0, 0);
  const turns = size < MODERATE_MAX ? reduceModerate(size) : reduceHuge(size);
  if (x > 0) return turns;
  return setRest(-(rest[0] ?? 0), -(rest[1] ?? 0), (4 - turns) % 4);
}

function setRest(high: number, low: number, turns: number): number {
  rest[0] = high;
  rest[1] = low;
  return turns;
}

// pi/2 in four parts; the first three have 33 bits each, so that n times each is exact.
const QUARTER_1 = 1.5707963267341256;
const QUARTER_1_REST = 6.077100506506192e-11;
const QUARTER_2 = 6.077100506303966e-11;
const QUARTER_2_REST = 2.0222662487959506e-21;
const QUARTER_3 = 2.0222662487111665e-21;
const QUARTER_3_REST = 8.4784276603689e-32;

function reduceModerate(size: number): number {
  const n = Math.floor(size * INVERSE_QUARTER + 0.5);
  let left = size - n * QUARTER_1;
  let lost = n * QUARTER_1_REST;
  // Each step brings 33 more bits; it is needed when that many leading ones cancelled.
  if (cancelledBits(size, left - lost) > 16) {
    const before = left;
    const part = n * QUARTER_2;
    left = before - part;
    lost = n * QUARTER_2_REST - (before - left - part);
    if (cancelledBits(size, left - lost) > 49) {
      const before = left;
      const part = n * QUARTER_3;
      left = before - part;
      lost = n * QUARTER_3_REST - (before - left - part);
    }
  }
  const high = left - lost;
  return setRest(high, left - high - lost, n % 4);
}

function cancelledBits(before: number, after: number): number {
  return (highWord(before) >> 20) - ((highWord(after) >> 20) & 0x7ff);
}

// 2/pi with 1,280 bits after the point: enough for the largest double and 250 bits of the rest.
const INVERSE_QUARTER_BITS = 1_280;
const INVERSE_QUARTER_LONG = BigInt(
  '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e0' +
    '06492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f4' +
    '9c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d' +
    '7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361d',
);
// pi/2 with 192 bits after the point.
const QUARTER_LONG = 0x1921fb54442d18469898cc51701b839a252049c1114cf98e8n;
const TWO_MINUS_192 = 1.5930919111324523e-58;

function reduceHuge(size: number): number {
  // size = mantissa 2^exponent with a whole mantissa of 53 bits.
  const exponent = (highWord(size) >> 20) - 1_075;
  const mantissa = BigInt(scaled(size, -exponent));
  const places = INVERSE_QUARTER_BITS - exponent;
  const product = mantissa * INVERSE_QUARTER_LONG;
  const turns = (product & ((4n << BigInt(places)) - 1n)) >> BigInt(places - 192);
  const n = (turns + (1n << 191n)) >> 192n;
  const angle = ((turns - (n << 192n)) * QUARTER_LONG) >> 192n;
  const high = Number(angle);
  const low = Number(angle - BigInt(high));
  return setRest(high * TWO_MINUS_192, low * TWO_MINUS_192, Number(n % 4n));
}

/** sin(rest) = x + x^3 S(x^2), with what the reduction lost worked in. */
function sinNearZero(): number {
  const x = rest[0] ?? 0;
  const low = rest[1] ?? 0;
  const z = x * x;
  const cube = z * x;
  const series =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x - (z * (0.5 * low - cube * series) - low + cube * 0.16666666666666632);
}

/** cos(rest) = 1 - x^2/2 + x^4 C(x^2), with what the reduction lost worked in. */
function cosNearZero(): number {
  const x = rest[0] ?? 0;
  const low = rest[1] ?? 0;
  const z = x * x;
  const series =
    0.0416666666666666 +
    z *
      (-0.001388888888887411 +
        z *
          (2.480158728947673e-5 +
            z *
              (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))));
  const half = 0.5 * z;
  // 1 - half is rounded; what it lost comes back with the small terms.
  const value = 1 - half;
  return value + (1 - value - half + (z * (z * series) - x * low));
}

/** tan(rest), or -1 / tan(rest); above 0.67 by way of pi/4 - rest, where the series is short. */
function tanNearZero(isTurned: boolean): number {
  const first = rest[0] ?? 0;
  const isLarge = Math.abs(first) >= 0.67434;
  const sign = isLarge && first < 0 ? -1 : 1;
  const x = isLarge ? EIGHTH - sign * first + (EIGHTH_LOW - sign * (rest[1] ?? 0)) : first;
  const low = isLarge ? 0 : (rest[1] ?? 0);
  const z = x * x;
  const cube = z * x;
  const tail = low + z * (cube * tanSeries(z) + low) + 0.3333333333333341 * cube;
  const value = x + tail;
  if (isLarge) {
    const one = isTurned ? -1 : 1;
    return sign * (one - 2 * (x - ((value * value) / (value + one) - tail)));
  }
  if (!isTurned) return value;
  // -1 / (x + tail) to the last place: the first quotient has 21 bits, what it lacks follows.
  const high = upperHalf(value);
  const missing = tail - (high - x);
  const quotient = -1 / value;
  const start = upperHalf(quotient);
  return start + quotient * (1 + start * high + start * missing);
}

// pi/4 as a double and what that leaves.
const EIGHTH = 0.7853981633974483;
const EIGHTH_LOW = 3.061616997868383e-17;

/** What follows x + x^3 / 3 of the tangent, less x^3, by odd and even powers of z = x^2. */
function tanSeries(z: number): number {
  const w = z * z;
  const even =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (7.817944429395571e-5 + w * -1.8558637485527546e-5))));
  const odd =
    0.05396825397622605 +
    w *
      (0.0088632398235993 +
        w *
          (0.0014562094543252903 +
            w * (0.0002464631348184699 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5))));
  return even + z * odd;
}
