import { NO_CONDITION, ctaFlags, utpFlags } from '../../../domain/market/conditions.ts';
import { knownConditions, NO_CODE } from './codes.ts';

/**
 * The fields of one message (venues.md 2.5), by place: what both codecs fill and `EventWriter`
 * reads. One object serves all messages, so that an event costs none of its own.
 *
 * A name means different things in different messages (`c` is a price in a bar and a list in a
 * trade), so a field is kept as what it was on the wire.
 */
export const NAMES = [
  'T',
  'S',
  't',
  'z',
  'x',
  'i',
  'p',
  's',
  'c',
  'bp',
  'bs',
  'ap',
  'as',
  'o',
  'h',
  'l',
  'v',
  'u',
  'd',
  'sc',
  'rc',
  'oi',
  'op',
  'os',
  'ci',
  'cp',
  'cs',
  'cc',
] as const;

export type FieldName = (typeof NAMES)[number];

/** The place of a field; known when the file is read, so that each use is a constant. */
export function placeOf(name: FieldName): number {
  return NAMES.indexOf(name);
}

export const ABSENT = 0;
export const NUMBER = 1;
/** Bytes `from .. to` of the frame; of `scratch` where they were escaped. */
export const TEXT = 2;
export const TEXT_ESCAPED = 3;
export const LIST = 4;
/** A moment in microseconds, in `number`; NaN where it cannot be. */
export const MOMENT = 5;
/** Null, a truth value, an object, bytes: nothing that we read. */
export const OTHER = 6;

const SCRATCH_BYTES = 4_096;
const BILLION = 1_000_000_000;

export class MessageFields {
  /** The frame. */
  bytes: Uint8Array = new Uint8Array(0);
  readonly kind = new Uint8Array(NAMES.length);
  /** As JSON.parse reads it. */
  readonly number = new Float64Array(NAMES.length);
  /**
   * A whole number from 2^53 to 2^64, which no double tells from its neighbours: its billions and
   * the rest below. Both -1 where it is none.
   */
  readonly billions = new Float64Array(NAMES.length);
  readonly rest = new Float64Array(NAMES.length);
  readonly from = new Int32Array(NAMES.length);
  readonly to = new Int32Array(NAMES.length);
  /** Of a list of conditions: what a trade may do on tapes A and B, and on tape C. */
  readonly listCta = new Uint8Array(NAMES.length);
  readonly listUtp = new Uint8Array(NAMES.length);
  /** Which plans know every condition of the list: bit 1 CTA, bit 2 UTP. */
  readonly listKnown = new Uint8Array(NAMES.length);
  /** The first two items, as character codes. */
  readonly listFirst = new Uint16Array(NAMES.length);
  readonly listSecond = new Uint16Array(NAMES.length);
  readonly listCount = new Float64Array(NAMES.length);
  readonly scratch = new Uint8Array(SCRATCH_BYTES);
  #scratchUsed = 0;

  reset(): void {
    this.kind.fill(ABSENT);
    this.#scratchUsed = 0;
  }

  setNumber(place: number, value: number): void {
    this.kind[place] = NUMBER;
    this.number[place] = value;
    this.billions[place] = -1;
    this.rest[place] = -1;
  }

  /** A whole number from its digits, of which a double may not hold the last. */
  setLong(place: number, digits: string): void {
    this.setNumber(place, Number(digits));
    if (Number.isSafeInteger(this.number[place]) || !/^\d{1,20}$/.test(digits)) return;
    this.billions[place] = Number(digits.slice(0, -9));
    this.rest[place] = Number(digits.slice(-9));
  }

  setText(place: number, from: number, to: number): void {
    this.kind[place] = TEXT;
    this.from[place] = from;
    this.to[place] = to;
  }

  /** A text that had escapes in it: never the case with what we want to know, so it may be slow. */
  setEscaped(place: number, text: string): void {
    const from = this.#scratchUsed;
    const { written, read } = encoder.encodeInto(text, this.scratch.subarray(from));
    // What does not fit is longer than any name or code.
    if (read < text.length) return this.setOther(place);
    this.kind[place] = TEXT_ESCAPED;
    this.from[place] = from;
    this.to[place] = from + written;
    this.#scratchUsed = from + written;
  }

  setMoment(place: number, us: number): void {
    this.kind[place] = MOMENT;
    this.number[place] = us;
  }

  setOther(place: number): void {
    this.kind[place] = OTHER;
  }

  beginList(place: number): void {
    this.kind[place] = LIST;
    this.listCta[place] = NO_CONDITION;
    this.listUtp[place] = NO_CONDITION;
    this.listKnown[place] = 3;
    this.listFirst[place] = NO_CODE;
    this.listSecond[place] = NO_CODE;
    this.listCount[place] = 0;
  }

  /** The next item of a list: a character's code, `NO_CODE` for what is not one character. */
  addItem(place: number, code: number): void {
    const count = this.listCount[place] ?? 0;
    if (count === 0) this.listFirst[place] = code;
    else if (count === 1) this.listSecond[place] = code;
    this.listCount[place] = count + 1;
    this.listCta[place] = (this.listCta[place] ?? 0) & ctaFlags(code);
    this.listUtp[place] = (this.listUtp[place] ?? 0) & utpFlags(code);
    this.listKnown[place] = (this.listKnown[place] ?? 0) & knownConditions(code);
  }

  isText(place: number): boolean {
    const kind = this.kind[place];
    return kind === TEXT || kind === TEXT_ESCAPED;
  }

  /** Where the bytes of a text are. */
  source(place: number): Uint8Array {
    return this.kind[place] === TEXT ? this.bytes : this.scratch;
  }

  /** The code of a text of one character; `NO_CODE` for any other, 0 where the field is absent. */
  letter(place: number): number {
    const kind = this.kind[place];
    if (kind === ABSENT) return 0;
    if (kind !== TEXT && kind !== TEXT_ESCAPED) return NO_CODE;
    const from = this.from[place] ?? 0;
    if ((this.to[place] ?? 0) - from !== 1) return NO_CODE;
    return this.source(place)[from] ?? NO_CODE;
  }

  /** The number, NaN where the field is none. */
  numberOf(place: number): number {
    // Minus zero is zero: equal events are equal bytes.
    return this.kind[place] === NUMBER ? (this.number[place] ?? Number.NaN) + 0 : Number.NaN;
  }

  /** Does the field hold a whole number of at most 64 bits? Then `idBillions`, `idRest` tell it. */
  readId(place: number): boolean {
    const value = this.numberOf(place);
    if (Number.isSafeInteger(value)) {
      this.idBillions = Math.floor(value / BILLION);
      this.idRest = value - this.idBillions * BILLION;
      return true;
    }
    this.idBillions = this.billions[place] ?? -1;
    this.idRest = this.rest[place] ?? -1;
    return value === value && this.idRest >= 0;
  }

  /** Of the id that was read last. */
  idBillions = 0;
  idRest = 0;
}

const encoder = new TextEncoder();

const ONE = new Int8Array(128).fill(-1);
const TWO = new Int8Array(128 * 128).fill(-1);
for (const [place, name] of NAMES.entries()) {
  if (name.length === 1) ONE[name.charCodeAt(0)] = place;
  else TWO[name.charCodeAt(0) * 128 + name.charCodeAt(1)] = place;
}

/** The place of a name of one byte; -1 for one that we do not read. */
export function placeOfLetter(code: number): number {
  return ONE[code] ?? -1;
}

/** The place of a field's name, given as bytes; -1 for a name that we do not read. */
export function placeOfBytes(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from] ?? 0;
  if (first >= 128) return -1;
  if (to - from === 1) return ONE[first] ?? -1;
  if (to - from !== 2) return -1;
  const second = bytes[from + 1] ?? 0;
  return second >= 128 ? -1 : (TWO[first * 128 + second] ?? -1);
}
