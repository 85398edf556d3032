import {
  civilFromDays,
  DAY,
  dateNumber,
  daysFromCivil,
  HOUR,
  MINUTE,
  SECOND,
} from '../../core/time.ts';

/** How the text of a column becomes a number. */
export type FieldKind =
  | 'skip' // Anything, as 0.
  | 'number' // Decimal, as it stands.
  | 'blankNumber' // The same, and empty is 0.
  | 'dollars' // Decimal dollars, as ten-thousandths.
  | 'millis' // Decimal milliseconds, as microseconds.
  | 'hex' // At most 8 digits.
  | 'letter' // One character, as its code.
  | 'date' // 2018-02-16 or 20180216, as 20180216; what follows in the field is passed over.
  | 'clock' // 09:30 or 09:30:00, as microseconds.
  | 'utc' // Date and clock with an offset, as microseconds UTC.
  | 'localApart' // The same as two fields, with the comma between them.
  | 'local'; // Date and clock without one, as microseconds since 1970 on that clock.

export interface Column {
  readonly name: string;
  readonly kind: FieldKind;
  /** For people: what a good value is. */
  readonly expects: string;
}

const COMMA = 0x2c;
const SPACE = 0x20;
const DIGITS_MAX = 15;
const POWERS = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, at) => Number(`1e${at}`));

/**
 * Reads rows of comma-separated numbers straight from their bytes into one array of doubles. No
 * text is made, nothing is allocated, and a field that is not what its column says is refused.
 */
export class RowFields {
  readonly values: Float64Array;
  readonly #kinds: readonly FieldKind[];
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #value = 0;
  #date = 0;
  #dateDays = 0;

  constructor(columns: readonly Column[]) {
    this.#kinds = columns.map((column) => column.kind);
    this.values = new Float64Array(columns.length);
  }

  /** Answers -1, or the place of the first column that could not be read (or is not there). */
  parse(bytes: Uint8Array, begin: number, end: number): number {
    this.#bytes = bytes;
    this.#at = begin;
    this.#end = end;
    const last = this.#kinds.length - 1;
    for (let place = 0; place <= last; place += 1) {
      if (!this.#field(this.#kinds[place])) return place;
      const isEnd = this.#at >= end;
      if (isEnd ? place < last : this.#bytes[this.#at] !== COMMA) return isEnd ? place + 1 : place;
      this.values[place] = this.#value;
      this.#at += 1;
    }
    // A comma or more after the last column: the row has another shape.
    return this.#at > end ? -1 : last;
  }

  #field(kind: FieldKind | undefined): boolean {
    switch (kind) {
      case 'number':
        return this.#decimal(0);
      case 'dollars':
        return this.#decimal(4);
      case 'millis':
        return this.#decimal(3);
      case 'blankNumber':
        this.#value = 0;
        return this.#isBlank() || this.#decimal(0);
      case 'hex':
        return this.#hex();
      case 'letter':
        this.#value = this.#bytes[this.#at] ?? 0;
        this.#at += 1;
        return this.#at <= this.#end && this.#value !== COMMA;
      case 'date':
        return this.#day() && this.#passOver((this.#value = this.#date));
      case 'clock':
        return this.#clock();
      case 'utc':
        return this.#stamp() && this.#offset();
      case 'local':
        return this.#stamp();
      case 'localApart':
        return this.#stamp(COMMA);
      case 'skip':
      case undefined:
        return this.#passOver(0);
    }
  }

  /** Scaled by a power of ten; digits beyond fifteen are cut. */
  #decimal(scale: number): boolean {
    const isNegative = this.#bytes[this.#at] === 0x2d;
    if (isNegative) this.#at += 1;
    let mantissa = 0;
    let digits = 0;
    let exponent = scale;
    let isFraction = false;
    for (; this.#at < this.#end; this.#at += 1) {
      const digit = (this.#bytes[this.#at] ?? 0) - 0x30;
      if (digit >= 0 && digit <= 9) {
        digits += 1;
        if (digits > DIGITS_MAX) {
          if (!isFraction) return false;
          continue;
        }
        mantissa = mantissa * 10 + digit;
        if (isFraction) exponent -= 1;
      } else if (digit === -2 && !isFraction) isFraction = true;
      else break;
    }
    const power = POWERS[Math.abs(exponent)] ?? 1;
    const value = exponent < 0 ? mantissa / power : mantissa * power;
    this.#value = isNegative ? -value : value;
    return digits > 0;
  }

  #hex(): boolean {
    const begin = this.#at;
    let value = 0;
    for (; this.#at < this.#end && this.#at - begin < 8; this.#at += 1) {
      const code = this.#bytes[this.#at] ?? 0;
      const lower = code | 0x20;
      if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
      else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
      else break;
    }
    this.#value = value;
    return this.#at > begin;
  }

  /** Exactly `count` digits; -1 where they are not. */
  #digits(count: number): number {
    let value = 0;
    if (this.#at + count > this.#end) return -1;
    for (let at = this.#at; at < this.#at + count; at += 1) {
      const digit = (this.#bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    this.#at += count;
    return value;
  }

  #day(): boolean {
    const year = this.#digits(4);
    const isDashed = this.#bytes[this.#at] === 0x2d;
    if (isDashed) this.#at += 1;
    const month = this.#digits(2);
    if (isDashed && this.#bytes[this.#at] !== 0x2d) return false;
    if (isDashed) this.#at += 1;
    const day = this.#digits(2);
    if (year < 0 || month < 0 || day < 0) return false;
    const date = year * 10_000 + month * 100 + day;
    if (date !== this.#date) {
      const days = daysFromCivil(year, month, day);
      if (dateNumber(civilFromDays(days)) !== date) return false;
      this.#date = date;
      this.#dateDays = days;
    }
    return true;
  }

  #clock(): boolean {
    const hour = this.#digits(2);
    if (hour < 0 || hour > 24 || this.#bytes[this.#at] !== 0x3a) return false;
    this.#at += 1;
    const minute = this.#digits(2);
    if (minute < 0 || minute > 59) return false;
    let second = 0;
    if (this.#at < this.#end && this.#bytes[this.#at] === 0x3a) {
      this.#at += 1;
      second = this.#digits(2);
    }
    if (second < 0 || second > 59) return false;
    this.#value = hour * HOUR + minute * MINUTE + second * SECOND;
    return true;
  }

  #stamp(separator = SPACE): boolean {
    if (!this.#day()) return false;
    const between = this.#bytes[this.#at];
    if (between !== separator && (separator !== SPACE || between !== 0x54)) return false;
    this.#at += 1;
    if (!this.#clock()) return false;
    this.#value += this.#dateDays * DAY;
    return true;
  }

  #offset(): boolean {
    const sign = this.#bytes[this.#at];
    this.#at += 1;
    if (sign === 0x5a) return this.#at <= this.#end;
    const stamp = this.#value;
    if ((sign !== 0x2b && sign !== 0x2d) || !this.#clock()) return false;
    this.#value = sign === 0x2b ? stamp - this.#value : stamp + this.#value;
    return true;
  }

  #isBlank(): boolean {
    return this.#at >= this.#end || this.#bytes[this.#at] === COMMA;
  }

  /** To the end of the field. */
  #passOver(value: number): boolean {
    this.#value = value;
    while (!this.#isBlank()) this.#at += 1;
    return true;
  }
}
