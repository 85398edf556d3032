import { SECOND, formatTime } from '../../../core/time.ts';
import { FrameBytes } from '../../wire/frame-bytes.ts';
import { FrameError } from '../../wire/frame-error.ts';

const TWO_32 = 4_294_967_296;
const BILLION = 1_000_000_000;
/** 2^32 in billions, and what is left. */
const HIGH_BILLIONS = 4;
const HIGH_REST = 294_967_296;
const DEPTH_MAX = 64;
const EXT_TIMESTAMP = -1;
const NS_MAX = 999_999_999;

/** What a value is, from its first byte. */
export const WIRE_OTHER = 0;
export const WIRE_NUMBER = 1;
export const WIRE_TEXT = 2;
export const WIRE_LIST = 3;
export const WIRE_MAP = 4;
export const WIRE_EXTENSION = 5;

/**
 * The format of MessagePack (github.com/msgpack/msgpack, spec.md) over bytes. `open` reads a
 * value's head; what is inside is read or skipped by the caller.
 */
export class MsgpackBytes {
  readonly #frame = new FrameBytes();
  bytes = this.#frame.bytes;
  view = this.#frame.view;
  /** The frame's length. */
  end = 0;
  /** Of the value that was opened last: where its content begins. */
  at = 0;
  /** Items of a list, pairs of a map, bytes of a text or of other data. */
  size = 0;
  number = 0;
  /** Was it a whole number above 2^53? Then its billions, and the rest below. */
  isLong = false;
  billions = 0;
  rest = 0;
  #extension = 0;

  /** Takes a frame. */
  load(bytes: Uint8Array): void {
    const frame = this.#frame;
    frame.load(bytes);
    this.bytes = frame.bytes;
    this.view = frame.view;
    this.end = frame.end;
  }

  /** Reads the head of a value. Its content, where it has any, lies within the frame. */
  open(from: number): number {
    const code = this.bytes[from];
    if (code === undefined || from >= this.end)
      throw new FrameError('the frame ends too early', from);
    if (code <= 0x7f) return this.#number(code, from + 1);
    if (code >= 0xe0) return this.#number(code - 0x100, from + 1);
    if (code <= 0x8f) return this.#open(WIRE_MAP, code & 0x0f, from + 1);
    if (code <= 0x9f) return this.#open(WIRE_LIST, code & 0x0f, from + 1);
    if (code <= 0xbf) return this.#content(WIRE_TEXT, code & 0x1f, from + 1);
    return this.#openCoded(code, from + 1);
  }

  #openCoded(code: number, at: number): number {
    switch (code) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return this.#content(WIRE_OTHER, 0, at);
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#content(WIRE_OTHER, this.#length(at, code - 0xc4), this.at);
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#openExtension(this.#length(at, code - 0xc7), this.at);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#openExtension(1 << (code - 0xd4), at);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#content(WIRE_TEXT, this.#length(at, code - 0xd9), this.at);
      case 0xdc:
      case 0xdd:
        return this.#open(WIRE_LIST, this.#length(at, code - 0xdb), this.at);
      case 0xde:
      case 0xdf:
        return this.#open(WIRE_MAP, this.#length(at, code - 0xdd), this.at);
      default:
        return this.#openNumber(code, at);
    }
  }

  #openNumber(code: number, at: number): number {
    const view = this.view;
    const width = WIDTHS[code - 0xca] ?? 0;
    if (width === 0) throw new FrameError('an unknown kind of value', at - 1);
    if (at + width > this.end) throw new FrameError('the frame ends too early', at);
    const end = at + width;
    switch (code) {
      case 0xca:
        return this.#number(view.getFloat32(at), end);
      case 0xcb:
        return this.#number(view.getFloat64(at), end);
      case 0xcc:
        return this.#number(view.getUint8(at), end);
      case 0xcd:
        return this.#number(view.getUint16(at), end);
      case 0xce:
        return this.#number(view.getUint32(at), end);
      case 0xcf:
        return this.#long(view.getUint32(at), view.getUint32(at + 4), end);
      case 0xd0:
        return this.#number(view.getInt8(at), end);
      case 0xd1:
        return this.#number(view.getInt16(at), end);
      case 0xd2:
        return this.#number(view.getInt32(at), end);
      default:
        return this.#long(view.getInt32(at), view.getUint32(at + 4), end);
    }
  }

  #number(value: number, at: number): number {
    this.isLong = false;
    this.number = value;
    this.size = 0;
    this.at = at;
    return WIRE_NUMBER;
  }

  /** 64 bits: the nearest double, and where that may not be all of them, the exact parts. */
  #long(high: number, low: number, at: number): number {
    this.#number(high * TWO_32 + low, at);
    if (high >= 0 && !Number.isSafeInteger(this.number)) {
      // high * 2^32 in pieces below 2^53: high is 16 and 16 bits.
      const upper = Math.floor(high / 65_536);
      const product = upper * HIGH_REST;
      const carried = Math.floor(product / BILLION);
      const left = product - carried * BILLION;
      const below = left * 65_536 + (high - upper * 65_536) * HIGH_REST + low;
      const carry = Math.floor(below / BILLION);
      this.isLong = true;
      this.billions = high * HIGH_BILLIONS + carried * 65_536 + carry;
      this.rest = below - carry * BILLION;
    }
    return WIRE_NUMBER;
  }

  #openExtension(size: number, at: number): number {
    const kind = this.bytes[at];
    if (kind === undefined || at >= this.end) throw new FrameError('the frame ends too early', at);
    this.#extension = kind >= 0x80 ? kind - 0x100 : kind;
    return this.#content(WIRE_EXTENSION, size, at + 1);
  }

  #content(wire: number, size: number, at: number): number {
    if (at + size > this.end) throw new FrameError('the frame ends too early', at);
    return this.#open(wire, size, at);
  }

  #open(wire: number, size: number, at: number): number {
    this.size = size;
    this.at = at;
    return wire;
  }

  /** A length of 1, 2 or 4 bytes: `power` 0, 1, 2. Leaves `at` behind it. */
  #length(at: number, power: number): number {
    const width = 1 << power;
    if (at + width > this.end) throw new FrameError('the frame ends too early', at);
    this.at = at + width;
    if (power === 0) return this.view.getUint8(at);
    return power === 1 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  /**
   * Microseconds of the extension that was opened last; undefined where it is no timestamp, NaN
   * where it is one that cannot be. What lies below a microsecond is cut.
   */
  momentUs(): number | undefined {
    if (this.#extension !== EXT_TIMESTAMP) return undefined;
    const { at, size } = this;
    const view = this.view;
    if (size === 4) return view.getUint32(at) * SECOND;
    if (size === 8) {
      const upper = view.getUint32(at);
      // 30 bits of nanoseconds, then 34 bits of seconds.
      return momentOf((upper & 3) * TWO_32 + view.getUint32(at + 4), upper >>> 2);
    }
    if (size !== 12) return Number.NaN;
    const seconds = view.getInt32(at + 4) * TWO_32 + view.getUint32(at + 8);
    return momentOf(seconds, view.getUint32(at));
  }

  /** Any value, whatever is in it. */
  skip(from: number): number {
    // What is still to skip: a list adds its items, a map its names and values.
    let at = from;
    for (let left = 1; left > 0; left -= 1) {
      const wire = this.open(at);
      at = this.at;
      if (wire === WIRE_LIST) left += this.size;
      else if (wire === WIRE_MAP) left += 2 * this.size;
      else at += this.size;
    }
    return at;
  }

  /** The slow way, for what is rare: values as JSON has them; nil and bytes are undefined. */
  parse(from: number, depth = 0): unknown {
    if (depth > DEPTH_MAX) throw new FrameError('nested too deep', from);
    const wire = this.open(from);
    const { at, size } = this;
    this.at = at + size;
    switch (wire) {
      case WIRE_NUMBER:
        return this.number;
      case WIRE_TEXT:
        return decoder.decode(this.bytes.subarray(at, at + size));
      case WIRE_EXTENSION: {
        const us = this.#momentAt(at);
        return us === undefined || us !== us ? undefined : formatTime(us);
      }
      case WIRE_LIST: {
        const items: unknown[] = [];
        this.at = at;
        for (let item = 0; item < size; item += 1) items.push(this.parse(this.at, depth + 1));
        return items;
      }
      case WIRE_MAP:
        return this.#parseMap(at, size, depth);
      default:
        return this.bytes[from] === 0xc2 ? false : this.bytes[from] === 0xc3 ? true : undefined;
    }
  }

  #momentAt(at: number): number | undefined {
    const end = this.at;
    this.at = at;
    const us = this.momentUs();
    this.at = end;
    return us;
  }

  #parseMap(from: number, size: number, depth: number): unknown {
    const pairs: [string, unknown][] = [];
    this.at = from;
    for (let pair = 0; pair < size; pair += 1) {
      const name = this.parse(this.at, depth + 1);
      const value = this.parse(this.at, depth + 1);
      if (typeof name === 'string') pairs.push([name, value]);
    }
    // Own properties only, also of a name such as `__proto__`.
    return Object.fromEntries(pairs);
  }
}

/** Bytes of the numbers 0xca to 0xd3. */
const WIDTHS = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function momentOf(seconds: number, ns: number): number {
  const us = seconds * SECOND + Math.floor(ns / 1_000);
  return ns <= NS_MAX && Number.isSafeInteger(us) ? us : Number.NaN;
}
