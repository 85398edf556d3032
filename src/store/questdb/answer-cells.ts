const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const EXPONENT = 0x45;
const NULL = 0x6e;
const TRUE = 0x74;

/** Below it every whole number is a double. */
const WHOLE_MAX = 2 ** 53;
/** Powers of ten that are doubles: a whole number times or over one of them is rounded once. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const END = new RangeError('the bytes end in the middle of a row');

/** The rest of the row is still to come. */
export function isCellsEnd(error: unknown): boolean {
  return error === END;
}

/**
 * Reads the rows of an answer where they lie: `[1.5,"a",null],[...]`. Prices have few digits, and
 * those become doubles here without a text between, exactly as `Number` would; others are left to
 * it. A text is decoded only if it is not the one before.
 */
export class CellReader {
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;

  /** Goes on with what was left over and these. */
  feed(chunk: Buffer): void {
    const left = this.#bytes.subarray(this.at);
    this.#bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    this.#end = this.#bytes.length;
    this.at = 0;
  }

  get rest(): string {
    return this.#bytes.toString('latin1', this.at);
  }

  /** Whether another row begins here; false at the end of all. May throw `isCellsEnd`. */
  beginRow(): boolean {
    if (this.#peek() === COMMA) this.at += 1;
    if (this.#peek() === CLOSE) return false;
    this.#take(OPEN);
    return true;
  }

  endRow(): void {
    this.#take(CLOSE);
  }

  nextCell(): void {
    this.#take(COMMA);
  }

  truth(): boolean {
    const isTrue = this.#peek() === TRUE;
    this.#skip(isTrue ? 4 : 5);
    return isTrue;
  }

  /** Empty where it is null. `before` is a likely one. */
  text(before: string): string {
    if (this.#peek() === NULL) {
      this.#skip(4);
      return '';
    }
    this.#take(QUOTE);
    if (this.#isHere(before)) return before;
    return this.#decode();
  }

  number(): number {
    const bytes = this.#bytes;
    const start = this.at;
    let at = start;
    let byte = bytes[at] ?? this.#ends();
    if (byte === NULL) {
      this.#skip(4);
      return Number.NaN;
    }
    const isNegative = byte === MINUS;
    if (isNegative) byte = bytes[(at += 1)] ?? this.#ends();
    let value = 0;
    let decimals = 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[(at += 1)] ?? this.#ends()) {
      value = value * 10 + (byte - ZERO);
    }
    if (byte === POINT) {
      byte = bytes[(at += 1)] ?? this.#ends();
      const from = at;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[(at += 1)] ?? this.#ends()) {
        value = value * 10 + (byte - ZERO);
      }
      decimals = at - from;
    }
    if (byte === EXPONENT || value >= WHOLE_MAX || decimals >= POWERS.length) {
      return this.#numberOfText(start);
    }
    if (byte !== COMMA && byte !== CLOSE) throw new SyntaxError('no number');
    this.at = at;
    const size = decimals === 0 ? value : value / (POWERS[decimals] ?? Number.NaN);
    return isNegative ? -size : size;
  }

  /** Undefined where it is null. */
  list(): readonly number[] | undefined {
    if (this.#peek() === NULL) {
      this.#skip(4);
      return undefined;
    }
    this.#take(OPEN);
    const values: number[] = [];
    while (this.#peek() !== CLOSE) {
      if (values.length > 0) this.#take(COMMA);
      values.push(this.number());
    }
    this.at += 1;
    return values;
  }

  #numberOfText(start: number): number {
    let at = start;
    for (let byte = this.#bytes[at]; byte !== COMMA && byte !== CLOSE; byte = this.#bytes[at]) {
      if (byte === undefined) throw END;
      at += 1;
    }
    const value = Number(this.#bytes.toString('latin1', start, at));
    if (value !== value) throw new SyntaxError('no number');
    this.at = at;
    return value;
  }

  /** The text and its closing quote stand here; if so, it is behind us. */
  #isHere(text: string): boolean {
    const { length } = text;
    const bytes = this.#bytes;
    const start = this.at;
    if (bytes[start + length] !== QUOTE) return false;
    for (let place = 0; place < length; place += 1) {
      const byte = bytes[start + place];
      // A byte past ASCII is a part of a character, and a backslash of what it stands for.
      if (byte !== text.charCodeAt(place) || byte >= 0x80 || byte === BACKSLASH) return false;
    }
    this.at = start + length + 1;
    return true;
  }

  #decode(): string {
    const bytes = this.#bytes;
    const start = this.at;
    let isPlain = true;
    let at = start;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) throw END;
      if (byte === BACKSLASH) at += 1;
      if (byte === BACKSLASH || byte >= 0x80) isPlain = false;
      at += 1;
    }
    this.at = at + 1;
    if (isPlain) return bytes.toString('latin1', start, at);
    const text: unknown = JSON.parse(bytes.toString('utf8', start - 1, at + 1));
    return String(text);
  }

  #peek(): number {
    return this.#bytes[this.at] ?? this.#ends();
  }

  #take(byte: number): void {
    if (this.#peek() !== byte) throw new SyntaxError(`no row at ${this.rest.slice(0, 20)}`);
    this.at += 1;
  }

  #skip(count: number): void {
    if (this.at + count >= this.#end) throw END;
    this.at += count;
  }

  #ends(): never {
    throw END;
  }
}
