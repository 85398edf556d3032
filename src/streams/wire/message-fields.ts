import type { FieldNames } from './field-names.ts';
import type { SymbolBytes } from './symbol-bytes.ts';

export const ABSENT = 0;
export const NUMBER = 1;
/** Bytes `from .. to` of the frame; of `scratch` where they were escaped. */
export const TEXT = 2;
export const TEXT_ESCAPED = 3;
/** Items `from .. to` of `items`. */
export const LIST = 4;
/** A moment in microseconds, in `number`; NaN where it cannot be. */
export const MOMENT = 5;
/** Null, a truth value, an object, bytes: nothing that we read. */
export const OTHER = 6;
/** A whole number from 2^53 to 2^64, which no double tells from its neighbours. */
export const LONG = 7;

/** Stands for an item, or a text, that is not one character where one was expected. */
export const NO_CODE = 0xffff;
/** An item that is a whole number from 0 stands above all characters. */
const NUMBERS = 0x1_0000;
const ITEM_NUMBER_MAX = 0xffff;

/** The most that the kinds have room for. */
const PLACES_MAX = 48;
const SCRATCH_BYTES = 4_096;
const BILLION = 1_000_000_000;

/**
 * The fields of one message, by place: what the readers of every codec fill and a writer of events
 * reads. One object serves all messages, so that an event costs none of its own.
 *
 * A name means different things in different messages, so a field is kept as what it was on the
 * wire.
 */
export class MessageFields {
  readonly names: FieldNames;
  /** The frame, which some more bytes follow: four may be read anywhere in it. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes. */
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly kind = new Uint8Array(PLACES_MAX);
  /** The kinds, eight at a time: to clear them by writing six numbers. */
  readonly #kinds = new Float64Array(this.kind.buffer);
  /** As JSON.parse reads it. */
  readonly number = new Float64Array(PLACES_MAX);
  /** Of a `LONG`, beside the number: its billions and the rest below. */
  readonly billions = new Float64Array(PLACES_MAX);
  readonly rest = new Float64Array(PLACES_MAX);
  readonly from = new Int32Array(PLACES_MAX);
  readonly to = new Int32Array(PLACES_MAX);
  /** Items of all lists: `itemOf` a character's code, a number, or `NO_CODE`. */
  items = new Int32Array(64);
  itemsUsed = 0;
  readonly scratch = new Uint8Array(SCRATCH_BYTES);
  #scratchUsed = 0;

  constructor(names: FieldNames) {
    this.names = names;
  }

  reset(): void {
    const kinds = this.#kinds;
    kinds[0] = 0;
    kinds[1] = 0;
    kinds[2] = 0;
    kinds[3] = 0;
    kinds[4] = 0;
    kinds[5] = 0;
    this.itemsUsed = 0;
    this.foundFrom = -1;
    this.#scratchUsed = 0;
  }

  setNumber(place: number, value: number): void {
    this.kind[place] = NUMBER;
    // Minus zero is zero: equal events are equal bytes.
    this.number[place] = value + 0;
  }

  /** A whole number that a double may not hold, in two exact parts. */
  setLong(place: number, value: number, billions: number, rest: number): void {
    this.kind[place] = LONG;
    this.number[place] = value;
    this.billions[place] = billions;
    this.rest[place] = rest;
  }

  /** A whole number from its digits. */
  setDigits(place: number, digits: string): void {
    const value = Number(digits);
    if (Number.isSafeInteger(value) || !/^\d{1,20}$/.test(digits)) this.setNumber(place, value);
    else this.setLong(place, value, Number(digits.slice(0, -9)), Number(digits.slice(-9)));
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
    this.from[place] = this.itemsUsed;
    this.to[place] = this.itemsUsed;
  }

  /** The next item of the list that was begun last. */
  addItem(place: number, item: number): void {
    const at = this.itemsUsed;
    if (at === this.items.length) this.#growItems();
    this.items[at] = item;
    this.itemsUsed = at + 1;
    this.to[place] = at + 1;
  }

  #growItems(): void {
    const items = new Int32Array(this.items.length * 2);
    items.set(this.items);
    this.items = items;
  }

  isText(place: number): boolean {
    const kind = this.kind[place];
    return kind === TEXT || kind === TEXT_ESCAPED;
  }

  /** Where the bytes of a text are. */
  source(place: number): Uint8Array {
    return this.kind[place] === TEXT ? this.bytes : this.scratch;
  }

  /** The symbol whose name was read last in passing, and where that name begins. */
  found = -1;
  foundFrom = -1;

  /** The symbol that a text names; -1 for one that we do not know. */
  symbolOf(place: number, symbols: SymbolBytes): number {
    const from = this.from[place] ?? 0;
    if (from === this.foundFrom && this.kind[place] === TEXT) return this.found;
    const to = this.to[place] ?? 0;
    if (this.kind[place] === TEXT) return symbols.findIn(this.view, this.bytes, from, to);
    return symbols.find(this.scratch, from, to);
  }

  /** The code of a text of one character; `NO_CODE` for any other, 0 where the field is absent. */
  letter(place: number): number {
    const kind = this.kind[place];
    const from = this.from[place] ?? 0;
    const isOne = (this.to[place] ?? 0) - from === 1;
    if (kind === TEXT && isOne) return this.bytes[from] ?? NO_CODE;
    if (kind === TEXT_ESCAPED && isOne) return this.scratch[from] ?? NO_CODE;
    return kind === ABSENT ? 0 : NO_CODE;
  }

  /** The number, NaN where the field is none; a `LONG` is beyond what any field but an id holds. */
  numberOf(place: number): number {
    return this.kind[place] === NUMBER ? (this.number[place] ?? 0) : Number.NaN;
  }

  /** The number, or the nearest to it where it is a `LONG`. */
  wideOf(place: number): number {
    return this.kind[place] === LONG ? (this.number[place] ?? 0) : this.numberOf(place);
  }

  /** Does the field hold a whole number of at most 64 bits? Then `idBillions`, `idRest` tell it. */
  readId(place: number): boolean {
    const value = this.numberOf(place);
    if (value >= 0 && value < BILLION && Math.floor(value) === value) {
      this.idBillions = 0;
      this.idRest = value;
      return true;
    }
    if (Number.isSafeInteger(value)) {
      this.idBillions = Math.floor(value / BILLION);
      this.idRest = value - this.idBillions * BILLION;
      return true;
    }
    this.idBillions = this.billions[place] ?? 0;
    this.idRest = this.rest[place] ?? 0;
    return this.kind[place] === LONG;
  }

  /** Of the id that was read last. */
  idBillions = 0;
  idRest = 0;
}

/** The item that stands for a number of a list. */
export function itemOfNumber(value: number): number {
  return value >= 0 && value <= ITEM_NUMBER_MAX && Number.isInteger(value)
    ? NUMBERS + value
    : NO_CODE;
}

/** The number that an item stands for; below 0 for one that is none. */
export function numberOfItem(item: number): number {
  return item - NUMBERS;
}

const encoder = new TextEncoder();
