import { TreeFormatError } from './tree-error.ts';

const DEPTH_MAX = 64;
const ITEMS_MAX = 1 << 26;

/**
 * Universal Binary JSON, draft 12 (ubjson.org), as far as XGBoost writes it: objects, lists, typed
 * lists `[$type#count`, integers, singles, doubles, texts. Typed lists of numbers come as
 * `Float64Array`. Big-endian. Anything else is refused, with the byte where it is.
 */
export function readUbjson(bytes: Uint8Array): unknown {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.marker(), 0);
  reader.end();
  return value;
}

class UbjsonReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    return String.fromCharCode(this.#byte());
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#fault('something follows the document');
  }

  value(marker: string, depth: number): unknown {
    if (depth > DEPTH_MAX) throw this.#fault(`is nested deeper than ${DEPTH_MAX}`);
    switch (marker) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#list(depth);
      case 'S':
        return this.#text();
      case 'C':
        return this.marker();
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return undefined;
      default:
        return this.#number(marker);
    }
  }

  #object(depth: number): Readonly<Record<string, unknown>> {
    const record: [string, unknown][] = [];
    while (this.#bytes[this.#at] !== 0x7d) {
      const name = this.#text();
      record.push([name, this.value(this.marker(), depth + 1)]);
    }
    this.#at += 1;
    return Object.fromEntries(record);
  }

  #list(depth: number): unknown {
    if (this.#bytes[this.#at] === 0x24) return this.#typedList();
    const items: unknown[] = [];
    if (this.#bytes[this.#at] === 0x23) {
      this.#at += 1;
      const count = this.#length(1);
      while (items.length < count) items.push(this.value(this.marker(), depth + 1));
      return items;
    }
    while (this.#bytes[this.#at] !== 0x5d) items.push(this.value(this.marker(), depth + 1));
    this.#at += 1;
    return items;
  }

  #typedList(): Float64Array {
    this.#at += 1;
    const type = this.marker();
    const size = SIZES[type];
    if (size === undefined) throw this.#fault(`has a list of unknown type ${type}`);
    if (this.marker() !== '#') throw this.#fault('has a typed list without a count');
    const count = this.#length(size);
    const numbers = new Float64Array(count);
    for (let at = 0; at < count; at += 1) numbers[at] = this.#number(type);
    return numbers;
  }

  #text(): string {
    const length = this.#length(1);
    const from = this.#at;
    this.#at += length;
    try {
      return this.#decoder.decode(this.#bytes.subarray(from, this.#at));
    } catch {
      throw this.#fault('has a text that is not UTF-8');
    }
  }

  /** A length whose bytes are all there, so that no file asks for more memory than it brings. */
  #length(size: number): number {
    const length = this.#number(this.marker());
    const left = this.#bytes.length - this.#at;
    if (!Number.isInteger(length) || length < 0 || length > ITEMS_MAX || length * size > left) {
      throw this.#fault(`has a length of ${length} with ${left} bytes left`);
    }
    return length;
  }

  #number(marker: string): number {
    const from = this.#at;
    const size = SIZES[marker];
    if (size === undefined) throw this.#fault(`has an unknown marker ${JSON.stringify(marker)}`);
    if (from + size > this.#bytes.length) throw this.#fault('ends too early');
    this.#at += size;
    switch (marker) {
      case 'i':
        return this.#view.getInt8(from);
      case 'U':
        return this.#view.getUint8(from);
      case 'I':
        return this.#view.getInt16(from);
      case 'l':
        return this.#view.getInt32(from);
      case 'L':
        return Number(this.#view.getBigInt64(from));
      case 'd':
        return this.#view.getFloat32(from);
      default:
        return this.#view.getFloat64(from);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#fault('ends too early');
    this.#at += 1;
    return byte;
  }

  #fault(message: string): TreeFormatError {
    return new TreeFormatError('TREES_UNREADABLE', `byte ${this.#at}`, message);
  }
}

/** Markers of numbers and their bytes. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };
