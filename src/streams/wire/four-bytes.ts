/**
 * Four bytes at once, as a number of 32 bits whose lowest byte is the first: what a loop over bytes
 * would ask four times, with a branch each, is asked once.
 */
const ZEROS = 0x30303030;
const HIGHS = 0x80808080 | 0;
const ONES = 0x01010101;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const SPACES = 0x20202020;
/** With it a byte of ten or more has its high bit set. */
const TO_HIGH = 0x76767676;

/** Digits as their values; what is no digit is ten or more. */
export function digitsOf(word: number): number {
  return word ^ ZEROS;
}

/** How many of the first bytes are digits, 0 to 4. A carry only ever spoils what comes after. */
export function countDigits(digits: number): number {
  return firstHigh(((digits + TO_HIGH) | 0 | digits) & HIGHS);
}

/** The value of the first `count` digits, 0 to 4. */
export function valueOf(digits: number, count: number): number {
  // Behind zeros, so that there are always four. In two steps, as a shift by 32 shifts nothing.
  const half = 16 - 4 * count;
  return fourOf((digits << half) << half);
}

/** The value of four digits: pairs first, then both pairs. */
export function fourOf(digits: number): number {
  const pairs = digits * 10 + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

/** How many bytes come before the first quotation mark, backslash or control character, 0 to 4. */
export function countPlain(word: number): number {
  const quote = word ^ QUOTES;
  const backslash = word ^ BACKSLASHES;
  const found =
    (((quote - ONES) | 0) & ~quote) |
    (((backslash - ONES) | 0) & ~backslash) |
    (((word - SPACES) | 0) & ~word);
  return firstHigh(found & HIGHS);
}

/** The place of the first byte whose high bit is set; 4 where none is. */
function firstHigh(highs: number): number {
  return highs === 0 ? 4 : (31 - Math.clz32(highs & (~highs + 1))) >>> 3;
}
