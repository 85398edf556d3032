import { FrameBytes } from './frame-bytes.ts';
import { FrameError } from './frame-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
/** Deeper than any message goes. */
const DEPTH_MAX = 64;
/** Digits that are exact in a double, whatever they are: 10^15 is below 2^53. */
const DIGITS_EXACT = 15;
/** Digits below 2^64. */
const LONG_DIGITS_MAX = 20;
const REST_DIGITS = 9;
/** 2^64 - 1 is 18,446,744,073,709,551,615. */
const BILLIONS_MAX = 18_446_744_073;
const BILLIONS_MAX_REST = 709_551_615;
/** Exact up to 10^22: a whole number below 2^53 divided by one of these is correctly rounded. */
const POWERS = Float64Array.from({ length: 16 }, (_, places) => Number(`1e${places}`));

/**
 * The grammar of JSON (RFC 8259) over the bytes of a frame. Each method answers where it stopped;
 * in the zeros behind a frame no value goes on.
 */
export class JsonBytes {
  readonly #frame = new FrameBytes();
  bytes = this.#frame.bytes;
  view = this.#frame.view;
  end = 0;
  /** Of the text that was skipped last. */
  hasEscape = false;
  /** The number that was read last, to the bit as JSON.parse reads it. */
  number = 0;
  /** Was it a whole number of 16 to 20 digits? Then its billions, and the rest below. */
  isLong = false;
  billions = 0;
  rest = 0;

  /** Takes a frame. */
  load(bytes: Uint8Array): void {
    const frame = this.#frame;
    frame.load(bytes);
    this.bytes = frame.bytes;
    this.view = frame.view;
    this.end = frame.end;
  }

  skipSpace(from: number): number {
    const { bytes } = this;
    let at = from;
    for (;;) {
      const code = bytes[at] ?? 0;
      if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) {
        return at;
      }
      at += 1;
    }
  }

  /** A text with its quotation marks. */
  skipText(from: number): number {
    const { bytes, end } = this;
    this.hasEscape = false;
    for (let at = from + 1; at < end; at += 1) {
      const code = bytes[at] ?? 0;
      if (code === QUOTE) return at + 1;
      if (code < 0x20) throw new FrameError('a text holds a control character', at);
      if (code === BACKSLASH) {
        this.hasEscape = true;
        at = this.#skipEscape(at);
      }
    }
    throw new FrameError('a text has no end', from);
  }

  /** Its last byte. */
  #skipEscape(from: number): number {
    const code = this.bytes[from + 1] ?? 0;
    if (code !== 0x75) {
      if (SHORT_ESCAPES.has(code)) return from + 1;
      throw new FrameError('a text holds an unknown escape', from);
    }
    for (let at = from + 2; at < from + 6; at += 1) {
      const digit = this.bytes[at] ?? 0;
      const letter = digit | 0x20;
      const isHex = (digit >= ZERO && digit <= 0x39) || (letter >= 0x61 && letter <= 0x66);
      if (!isHex) throw new FrameError('an escape is not hexadecimal', at);
    }
    return from + 5;
  }

  /** Any value; `depth` counts the lists and objects around it. */
  skipValue(from: number, depth: number): number {
    switch (this.bytes[from]) {
      case QUOTE:
        return this.skipText(from);
      case 0x7b:
        return this.#skipMap(from, depth);
      case 0x5b:
        return this.#skipList(from, depth);
      case 0x74:
        return this.#skipWord(from, TRUE);
      case 0x66:
        return this.#skipWord(from, FALSE);
      case 0x6e:
        return this.#skipWord(from, NULL);
      default:
        return this.readNumber(from);
    }
  }

  #skipWord(from: number, word: Uint8Array): number {
    for (let at = 0; at < word.length; at += 1) {
      if (this.bytes[from + at] !== word[at]) throw new FrameError('an unknown word', from);
    }
    return from + word.length;
  }

  #skipList(from: number, depth: number): number {
    if (depth >= DEPTH_MAX) throw new FrameError('nested too deep', from);
    let at = this.skipSpace(from + 1);
    if (this.bytes[at] === 0x5d) return at + 1;
    for (;;) {
      at = this.skipSpace(this.skipValue(at, depth + 1));
      const code = this.bytes[at];
      at += 1;
      if (code === 0x5d) return at;
      if (code !== 0x2c) throw new FrameError('a comma is missing', at - 1);
      at = this.skipSpace(at);
    }
  }

  #skipMap(from: number, depth: number): number {
    if (depth >= DEPTH_MAX) throw new FrameError('nested too deep', from);
    let at = this.skipSpace(from + 1);
    if (this.bytes[at] === 0x7d) return at + 1;
    for (;;) {
      if (this.bytes[at] !== QUOTE) throw new FrameError('a name is missing', at);
      at = this.skipSpace(this.skipText(at));
      if (this.bytes[at] !== 0x3a) throw new FrameError('a colon is missing', at);
      at = this.skipSpace(this.skipValue(this.skipSpace(at + 1), depth + 1));
      const code = this.bytes[at];
      at += 1;
      if (code === 0x7d) return at;
      if (code !== 0x2c) throw new FrameError('a comma is missing', at - 1);
      at = this.skipSpace(at);
    }
  }

  /** Leaves the number in `number`. What 15 digits cannot tell takes the slow way. */
  readNumber(from: number): number {
    const { bytes } = this;
    this.isLong = false;
    const isNegative = bytes[from] === 0x2d;
    const begin = isNegative ? from + 1 : from;
    let at = begin;
    let value = 0;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - begin;
    if (digits === 0) throw new FrameError('a value is missing', from);
    if (digits > 1 && bytes[begin] === ZERO) throw new FrameError('a number begins with 0', begin);
    let places = 0;
    if (bytes[at] === 0x2e) {
      const point = at;
      at += 1;
      for (; ; at += 1) {
        const digit = (bytes[at] ?? 0) - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      places = at - point - 1;
      if (places === 0) throw new FrameError('a number ends with its point', point);
    }
    const hasExponent = ((bytes[at] ?? 0) | 0x20) === 0x65;
    if (hasExponent || digits + places > DIGITS_EXACT) {
      if (hasExponent) at = this.#skipExponent(at);
      else if (places === 0 && !isNegative) this.#readLong(begin, digits);
      this.number = Number(latin(bytes, from, at));
      return at;
    }
    const magnitude = places === 0 ? value : value / (POWERS[places] ?? 1);
    this.number = isNegative ? -magnitude : magnitude;
    return at;
  }

  #skipExponent(from: number): number {
    const { bytes } = this;
    let at = from + 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
    const begin = at;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
    }
    if (at === begin) throw new FrameError('an exponent has no digits', from);
    return at;
  }

  #readLong(from: number, digits: number): void {
    if (digits > LONG_DIGITS_MAX) return;
    const split = from + digits - REST_DIGITS;
    this.billions = whole(this.bytes, from, split);
    this.rest = whole(this.bytes, split, from + digits);
    this.isLong =
      this.billions < BILLIONS_MAX ||
      (this.billions === BILLIONS_MAX && this.rest <= BILLIONS_MAX_REST);
  }

  /** What a text with its quotation marks says. */
  textOf(from: number, to: number): string {
    const text: unknown = this.parse(from, to);
    if (typeof text !== 'string') throw new FrameError('a text is none', from);
    return text;
  }

  /** The slow way, for what is rare: any value, as JSON.parse reads it. */
  parse(from: number, to: number): unknown {
    try {
      return JSON.parse(decoder.decode(this.bytes.subarray(from, to)));
    } catch (cause) {
      throw new FrameError('JSON.parse refused what was scanned', from, { cause });
    }
  }
}

const SHORT_ESCAPES = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);
const TRUE = new Uint8Array([0x74, 0x72, 0x75, 0x65]);
const FALSE = new Uint8Array([0x66, 0x61, 0x6c, 0x73, 0x65]);
const NULL = new Uint8Array([0x6e, 0x75, 0x6c, 0x6c]);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function whole(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}

/** Digits, signs and points as text. */
function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
