/**
 * XGBoost compares in single precision: left when `fround(x) < t`. Rounding never changes the order
 * of two numbers, so there is one largest double that still goes left, and `x <= bound` asks the
 * same (dmlc/xgboost#4060 is what happens without).
 */
export function singleBound(threshold: number): number {
  const below = singleBelow(threshold);
  const middle = within(below) / 2 + within(threshold) / 2;
  // The middle itself rounds to the even neighbour (IEEE 754).
  return Math.fround(middle) < threshold ? middle : doubleBelow(middle);
}

/** The single-precision threshold whose bound this is; undefined when there is none. */
export function singleOfBound(bound: number): number | undefined {
  const threshold = singleAbove(Math.fround(bound));
  return singleBound(threshold) === bound ? threshold : undefined;
}

/** Fewest digits that come back as the same single; always with a point or an exponent. */
export function singleText(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toExponential(digits - 1);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** Infinity stands where the next single would: doubles half way to it are rounded to it. */
function within(value: number): number {
  return Math.max(-SINGLE_NEXT, Math.min(SINGLE_NEXT, value));
}

const SINGLE_NEXT = 3.402823669209385e38; // 2^128
const SINGLE_TINY = 1.401298464324817e-45;
const DOUBLE_TINY = 5e-324;

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);
const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);

function singleBelow(value: number): number {
  if (value === 0) return -SINGLE_TINY;
  single[0] = value;
  singleBits[0] = (singleBits[0] ?? 0) + (value > 0 ? -1 : 1);
  return single[0] ?? 0;
}

function singleAbove(value: number): number {
  return -singleBelow(-value);
}

export function doubleAbove(value: number): number {
  return -doubleBelow(-value);
}

function doubleBelow(value: number): number {
  if (value === 0) return -DOUBLE_TINY;
  double[0] = value;
  doubleBits[0] = (doubleBits[0] ?? 0n) + (value > 0 ? -1n : 1n);
  return double[0] ?? 0;
}
