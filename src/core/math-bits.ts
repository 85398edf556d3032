/**
 * The two 32-bit halves of a double, which the functions of `math*.ts` are built on.
 */
const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

// 1 is 0x3ff00000_00000000: its empty half tells the byte order of this machine.
doubles[0] = 1;
const HIGH = words[0] === 0 ? 1 : 0;
const LOW = 1 - HIGH;

/** Sign, exponent and the first 20 bits of the fraction, as a signed integer. */
export function highWord(x: number): number {
  doubles[0] = x;
  return (words[HIGH] ?? 0) | 0;
}

/** The double with its upper half replaced. */
export function withHighWord(x: number, high: number): number {
  doubles[0] = x;
  words[HIGH] = high;
  return doubles[0] ?? 0;
}

/** The double with the lower 32 bits cleared: 21 significant bits, so products of two are exact. */
export function upperHalf(x: number): number {
  doubles[0] = x;
  words[LOW] = 0;
  return doubles[0] ?? 0;
}

/** The double whose upper half is given and whose lower half is zero. */
export function fromHighWord(high: number): number {
  words[HIGH] = high;
  words[LOW] = 0;
  return doubles[0] ?? 0;
}

/** `x` times two to the power of `exponent`, which is in -2000 .. 2000. Rounds once, at the end. */
export function scaled(x: number, exponent: number): number {
  if (exponent > 1_023) return x * TWO_1023 * powerOfTwo(Math.min(exponent - 1_023, 1_023));
  // Down to the subnormals in two steps, of which only the second can round.
  if (exponent < -1_022) return x * powerOfTwo(Math.max(exponent + 969, -1_022)) * TWO_MINUS_969;
  return x * powerOfTwo(exponent);
}

function powerOfTwo(exponent: number): number {
  return fromHighWord((1_023 + exponent) << 20);
}

const TWO_1023 = fromHighWord(0x7fe00000);
const TWO_MINUS_969 = fromHighWord((1_023 - 969) << 20);
