import { assert } from './assert.ts';

const GROWTH = 2;
const BYTES_MAX = 1 << 28;

/** Appends little-endian values to one growing buffer. Reused: `reset` keeps the memory. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;
  #view: DataView;

  constructor(capacity = 1_024) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  reset(): void {
    this.length = 0;
  }

  /** Cuts back to an earlier length: what was written after it is forgotten. */
  truncate(length: number): void {
    assert(length >= 0 && length <= this.length, 'a cut lies within what was written');
    this.length = length;
  }

  reserve(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.bytes.length) this.#grow(needed);
    this.length = needed;
    return at;
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.reserve(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.#view.setUint32(at, value, true);
  }

  i32(value: number): void {
    const at = this.reserve(4);
    this.#view.setInt32(at, value, true);
  }

  /** NaN has many bit patterns; one of them is written, so that equal values are equal bytes. */
  f64(value: number): void {
    const at = this.reserve(8);
    this.#view.setFloat64(at, value === value ? value : Number.NaN, true);
  }

  putU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  putF64(at: number, value: number): void {
    this.#view.setFloat64(at, value === value ? value : Number.NaN, true);
  }

  /** UTF-8 with a 16-bit length before it. Half a surrogate pair becomes U+FFFD, as everywhere. */
  text(text: string): void {
    const lengthAt = this.reserve(2);
    const at = this.reserve(text.length);
    const { bytes } = this;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) {
        this.truncate(at);
        this.raw(encoder.encode(text));
        break;
      }
      bytes[at + index] = code;
    }
    const length = this.length - at;
    assert(length <= 0xffff, 'a text is at most 65,535 bytes');
    this.#view.setUint16(lengthAt, length, true);
  }

  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** A view of what was written; valid until the next write. */
  view(from = 0): Uint8Array {
    return this.bytes.subarray(from, this.length);
  }

  /** A copy that stays. */
  copy(from = 0): Uint8Array {
    return this.bytes.slice(from, this.length);
  }

  #grow(needed: number): void {
    assert(needed <= BYTES_MAX, 'a buffer stays within its limit');
    const next = new Uint8Array(Math.max(needed, this.bytes.length * GROWTH));
    next.set(this.bytes);
    this.bytes = next;
    this.#view = new DataView(next.buffer);
  }
}

/** What was read cannot be what was written: the bytes are damaged or from another version. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code = 'DECODE';
  readonly offset: number;

  constructor(message: string, offset: number, options?: ErrorOptions) {
    super(`${message} at byte ${offset}`, options);
    this.offset = offset;
  }
}

/** Reads what `ByteWriter` wrote. Reading past the end is a `DecodeError`, never garbage. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    assert(at >= 0 && at <= end && end <= bytes.length, 'what is read lies within the bytes');
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    const length = this.u16();
    const at = this.#take(length);
    try {
      return decoder.decode(this.bytes.subarray(at, at + length));
    } catch (cause) {
      throw new DecodeError('the text is not UTF-8', at, { cause });
    }
  }

  /** A view, not a copy. */
  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  #take(count: number): number {
    const at = this.at;
    if (at + count > this.end) throw new DecodeError('the bytes end too early', at);
    this.at = at + count;
    return at;
  }
}

const encoder = new TextEncoder();
// Strict, and a byte order mark is a character like any other: what was written is what is read.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
