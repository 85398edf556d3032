import { OnnxError } from './onnx-error.ts';

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
const VARINT_BYTES_MAX = 10;
const TEXT_BYTES_MAX = 1 << 16;

/**
 * Reads the fields of one message, one after another, within given bytes: nothing is taken from
 * beyond them, and nothing is made that is larger than they are.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #wire = VARINT;
  #field = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get field(): number {
    return this.#field;
  }

  /** Goes to the next field; whoever does not want it skips it. */
  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const tag = this.#varint();
    this.#field = Math.floor(tag / 8);
    this.#wire = tag % 8;
    if (tag < 8 || this.#field > FIELD_MAX) throw this.#damaged(`a field ${this.#field}`);
    return true;
  }

  integer(): number {
    if (this.#wire !== VARINT) throw this.#damaged('no whole number');
    return this.#varint();
  }

  bytes(): Uint8Array {
    if (this.#wire !== LENGTH_DELIMITED) throw this.#damaged('no bytes');
    return this.#take(this.#varint());
  }

  message(): ProtobufReader {
    return new ProtobufReader(this.bytes());
  }

  text(): string {
    const bytes = this.bytes();
    if (bytes.length > TEXT_BYTES_MAX) {
      throw new OnnxError('ONNX_LIMIT', `a text of ${bytes.length} bytes`);
    }
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new OnnxError('ONNX_DAMAGED', 'a text that is not UTF-8', { cause });
    }
  }

  /** Whole numbers, each a field of its own or all packed into one. */
  integers(into: number[], countMax: number): void {
    if (this.#wire === VARINT) {
      into.push(this.#varint());
    } else {
      const packed = new ProtobufReader(this.bytes());
      while (packed.#at < packed.#bytes.length && into.length <= countMax) {
        into.push(packed.#varint());
      }
    }
    if (into.length > countMax) throw new OnnxError('ONNX_LIMIT', `over ${countMax} numbers`);
  }

  skip(): void {
    if (this.#wire === VARINT) this.#varint();
    else if (this.#wire === FIXED_64) this.#take(8);
    else if (this.#wire === FIXED_32) this.#take(4);
    else if (this.#wire === LENGTH_DELIMITED) this.#take(this.#varint());
    else throw this.#damaged(`wire type ${this.#wire}`);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw this.#damaged(`${length} bytes`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Signed, 64 bits, of which those that a double holds are taken. */
  #varint(): number {
    let low = 0;
    let high = 0;
    for (let place = 0; place < VARINT_BYTES_MAX; place += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw this.#damaged('the rest of a number');
      this.#at += 1;
      const bits = byte & 0x7f;
      // Four groups of seven bits go below, five above; the tenth has the sign alone.
      if (place < 4) low += bits * 2 ** (7 * place);
      else if (place < 9) high += bits * 2 ** (7 * (place - 4));
      else high += (bits & 1) * 2 ** 35;
      if (byte < 0x80) return this.#signed(low, high);
    }
    throw this.#damaged('the end of a number');
  }

  /** `low` has 28 bits and `high` 36. */
  #signed(low: number, high: number): number {
    const upper = high >= 2 ** 35 ? high - 2 ** 36 : high;
    const value = upper * 2 ** 28 + low;
    if (!Number.isSafeInteger(value)) throw this.#damaged('a number of 53 bits');
    return value;
  }

  #damaged(wanted: string): OnnxError {
    return new OnnxError('ONNX_DAMAGED', `${wanted} cannot be read at byte ${this.#at} of a part`);
  }
}

const FIELD_MAX = 536_870_911; // 2^29 - 1, says the encoding.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
