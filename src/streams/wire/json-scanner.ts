import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { FieldNames } from './field-names.ts';
import { FrameError } from './frame-error.ts';
import type { FrameScanner } from './frame-scanner.ts';
import { countDigits, countPlain, digitsOf, fourOf, valueOf } from './four-bytes.ts';
import { JsonBytes } from './json-bytes.ts';
import { JsonPairs } from './json-pairs.ts';
import { itemOfNumber, MessageFields, NUMBER, TEXT } from './message-fields.ts';
import type { MessageWriter } from './message-writer.ts';
import type { SymbolBytes } from './symbol-bytes.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const MAP_OPEN = 0x7b;
const MAP_CLOSE = 0x7d;
/** Nothing above it is white space. */
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const POINT = 0x2e;
/** `"":` with a letter between the quotation marks. */
const LETTER_NAME = QUOTE | (QUOTE << 16) | (COLON << 24);
/** Digits that are exact in a double, whatever they are: 10^15 is below 2^53. */
const DIGITS_EXACT = 15;
/** As many digits may follow the point or the fourth of a group. */
const POWERS = Int32Array.from({ length: 8 }, (_, places) => Number(`1e${places}`));
/** The quick ways answer this where the slow one must read. */
const UNUSUAL = -1;

export interface JsonScannerParts {
  readonly names: FieldNames;
  /** The field that holds a symbol's name in nearly all messages. */
  readonly symbolName: string;
  readonly symbols: SymbolBytes;
  readonly writer: MessageWriter;
  readonly onMessage: (message: unknown) => void;
}

/**
 * Frames of JSON to events, byte by byte, without an object or a text for an event. It takes what
 * JSON.parse takes and refuses what JSON.parse refuses, except that nesting has a limit and that
 * bytes which are no UTF-8 are only compared.
 *
 * Each pair of a message is first read the quick way, which knows names of one to four letters,
 * plain texts, numbers of at most 15 digits and short lists, without white space. Where it meets
 * anything else it has changed nothing, and the slow way reads the pair again.
 */
export class JsonScanner implements FrameScanner {
  readonly fields: MessageFields;
  readonly #names: FieldNames;
  readonly #letters: Int8Array;
  readonly #symbols: SymbolBytes;
  readonly #symbolPlace: number;
  readonly #writer: MessageWriter;
  readonly #onMessage: (message: unknown) => void;
  readonly #json = new JsonBytes();
  readonly #slow: JsonPairs;
  /** Where the next message begins; the frame's end once all were read. */
  #at = 0;
  #isDone = true;

  constructor(parts: JsonScannerParts) {
    const { names, symbolName } = parts;
    this.fields = new MessageFields(names);
    this.#slow = new JsonPairs(this.#json, this.fields);
    this.#names = names;
    this.#letters = names.letters;
    this.#symbols = parts.symbols;
    this.#symbolPlace = names.placeOf(symbolName);
    this.#writer = parts.writer;
    this.#onMessage = parts.onMessage;
  }

  begin(bytes: Uint8Array): void {
    this.#isDone = true;
    const json = this.#json;
    json.load(bytes);
    this.fields.bytes = json.bytes;
    this.fields.view = json.view;
    const at = json.skipSpace(0);
    if (json.bytes[at] !== LIST_OPEN) throw new FrameError('the frame is not a list', at);
    this.#at = json.skipSpace(at + 1);
    this.#isDone = json.bytes[this.#at] === LIST_CLOSE;
    if (this.#isDone) this.#end(this.#at + 1);
  }

  next(batch: EventBatch): boolean {
    const json = this.#json;
    const { bytes } = json;
    if (this.#writer.isHolding && !batch.isFull) this.#writer.release(batch);
    while (!this.#isDone && !batch.isFull) {
      // A frame that fails is over: what follows the damage is not guessed.
      this.#isDone = true;
      let at = this.#element(this.#at, batch);
      if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
      if (bytes[at] === COMMA) {
        at += 1;
        if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
        this.#isDone = false;
      } else if (bytes[at] === LIST_CLOSE) this.#end(at + 1);
      else throw new FrameError('a comma or the end of the list is missing', at);
      this.#at = at;
    }
    return !this.#isDone || this.#writer.isHolding;
  }

  #end(at: number): void {
    const end = this.#json.skipSpace(at);
    if (end < this.#json.end) throw new FrameError('something follows the list', end);
  }

  #element(from: number, batch: EventBatch): number {
    if (this.#json.bytes[from] === MAP_OPEN) return this.#message(from, batch);
    this.#writer.counts.malformed += 1;
    return this.#json.skipValue(from, 1);
  }

  #message(from: number, batch: EventBatch): number {
    const json = this.#json;
    const { bytes } = json;
    this.fields.reset();
    let at = from + 1;
    if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
    if (bytes[at] === MAP_CLOSE) at += 1;
    else at = this.#pairs(at);
    if (this.#writer.write(this.fields, batch)) this.#onMessage(json.parse(from, at));
    return at;
  }

  /** All pairs, and the end of the map behind them: one loop, so that what it reads stays near. */
  #pairs(from: number): number {
    const { bytes, view } = this.#json;
    const { kind, number } = this.fields;
    const letters = this.#letters;
    let at = from;
    for (;;) {
      const word = view.getInt32(at, true);
      let place = UNUSUAL;
      let value = at + 4;
      // `"p":` is four bytes.
      if ((word & ~0xff00) === LETTER_NAME) place = letters[(word >>> 8) & 0xff] ?? UNUSUAL;
      else {
        value = this.#endOfName(at, word);
        if (value > 0) place = this.#place;
      }
      let after = UNUSUAL;
      if (place >= 0) {
        const first = view.getInt32(value, true);
        const digits = digitsOf(first);
        const count = countDigits(digits);
        if (count === 0) after = this.#quickOther(place, value, first);
        else {
          after = value + count;
          const code = bytes[after] ?? 0;
          // Nothing but a few digits; one that begins with 0 has no second.
          if (code < POINT && count < 4 && (count === 1 || (digits & 0xff) !== 0)) {
            kind[place] = NUMBER;
            number[place] = valueOf(digits, count);
          } else after = this.#quickLong(place, value, digits, count);
        }
      }
      at = after === UNUSUAL ? this.#slow.read(at) : after;
      let code = bytes[at] ?? 0;
      if (code <= SPACE) {
        at = this.#json.skipSpace(at);
        code = bytes[at] ?? 0;
      }
      at += 1;
      if (code === MAP_CLOSE) return at;
      if (code !== COMMA) throw new FrameError('a comma is missing', at - 1);
    }
  }

  /** The place of the name that was read last. */
  #place = UNUSUAL;

  /** Where the value of a name of two to four letters begins. */
  #endOfName(from: number, word: number): number {
    const { bytes, view } = this.#json;
    if ((word & 0xff) !== QUOTE) return UNUSUAL;
    let key = word >>> 8;
    let at = from + 5;
    if (word >>> 24 === QUOTE) key &= 0xffff;
    else if (bytes[from + 4] === QUOTE) at = from + 6;
    else if (bytes[from + 5] === QUOTE) {
      key = view.getInt32(from + 1, true);
      at = from + 7;
    } else return UNUSUAL;
    this.#place = this.#names.placeOfKey(key);
    return bytes[at - 1] === COLON ? at : UNUSUAL;
  }

  #quickOther(place: number, from: number, word: number): number {
    const code = word & 0xff;
    if (code === QUOTE) return this.#quickText(place, from + 1);
    return code === LIST_OPEN ? this.#quickList(place, from + 1) : UNUSUAL;
  }

  #quickText(place: number, from: number): number {
    const { bytes, view } = this.#json;
    let at = from;
    let count = countPlain(view.getInt32(at, true));
    while (count === 4) {
      at += 4;
      count = countPlain(view.getInt32(at, true));
    }
    at += count;
    if (bytes[at] !== QUOTE) return UNUSUAL;
    const { fields } = this;
    fields.kind[place] = TEXT;
    fields.from[place] = from;
    fields.to[place] = at;
    if (place === this.#symbolPlace) {
      // Looked up at once: while the table's line is fetched, the other fields are read.
      fields.found = this.#symbols.findIn(view, bytes, from, at);
      fields.foundFrom = from;
    }
    return at + 1;
  }

  /**
   * A number of four digits and more, or with a fraction. Without a loop, as a sum that goes round
   * one would be a number on the heap each time.
   */
  #quickLong(place: number, from: number, digits: number, count: number): number {
    const { bytes, view } = this.#json;
    if ((digits & 0xff) === 0 && count > 1) return UNUSUAL;
    if (count < 4) return this.#endNumber(place, from, from + count, valueOf(digits, count));
    const first = fourOf(digits);
    const second = digitsOf(view.getInt32(from + 4, true));
    const count2 = countDigits(second);
    if (count2 < 4) {
      const value = first * (POWERS[count2] ?? 1) + valueOf(second, count2);
      return this.#endNumber(place, from, from + 4 + count2, value);
    }
    const high = first * 10_000 + fourOf(second);
    const third = digitsOf(view.getInt32(from + 8, true));
    const count3 = countDigits(third);
    if (count3 < 4) {
      const value = high * (POWERS[count3] ?? 1) + valueOf(third, count3);
      return this.#endNumber(place, from, from + 8 + count3, value);
    }
    const fourth = digitsOf(view.getInt32(from + 12, true));
    const count4 = countDigits(fourth);
    const code = bytes[from + 12 + count4] ?? 0;
    // Sixteen digits are not exact; a fraction behind so many is rare.
    if (count4 === 4 || code === POINT || (code | 0x20) === 0x65) return UNUSUAL;
    const { fields } = this;
    fields.kind[place] = NUMBER;
    fields.number[place] =
      (high * 10_000 + fourOf(third)) * (POWERS[count4] ?? 1) + valueOf(fourth, count4);
    return from + 12 + count4;
  }

  #endNumber(place: number, from: number, at: number, value: number): number {
    const code = this.#json.bytes[at] ?? 0;
    if (code === POINT) return this.#quickFraction(place, at, value, at - from);
    if ((code | 0x20) === 0x65) return UNUSUAL;
    const { fields } = this;
    fields.kind[place] = NUMBER;
    fields.number[place] = value;
    return at;
  }

  #quickFraction(place: number, point: number, whole: number, digits: number): number {
    const { bytes, view } = this.#json;
    let at = point + 1;
    const first = digitsOf(view.getInt32(at, true));
    let count = countDigits(first);
    if (count === 0) return UNUSUAL;
    let part = valueOf(first, count);
    at += count;
    if (count === 4) {
      const more = digitsOf(view.getInt32(at, true));
      const added = countDigits(more);
      if (added === 4) return UNUSUAL;
      part = part * (POWERS[added] ?? 1) + valueOf(more, added);
      count += added;
      at += added;
    }
    if (digits + count > DIGITS_EXACT || ((bytes[at] ?? 0) | 0x20) === 0x65) return UNUSUAL;
    const power = POWERS[count] ?? 1;
    const { fields } = this;
    fields.kind[place] = NUMBER;
    fields.number[place] = (whole * power + part) / power;
    return at;
  }

  /** A list of letters, or of whole numbers of a few digits. */
  #quickList(place: number, from: number): number {
    const { bytes, view } = this.#json;
    const { fields } = this;
    const used = fields.itemsUsed;
    fields.beginList(place);
    let at = from;
    if (bytes[at] === LIST_CLOSE) return at + 1;
    for (;;) {
      const word = view.getInt32(at, true);
      const digits = digitsOf(word);
      const count = countDigits(digits);
      let item = (word >>> 8) & 0xff;
      if (count > 0) {
        if (count === 4 || (count > 1 && (digits & 0xff) === 0)) break;
        item = itemOfNumber(valueOf(digits, count));
        at += count;
      } else {
        const isLetter = (word & 0xff_00ff) === ((QUOTE << 16) | QUOTE);
        if (!isLetter || item < SPACE || item === QUOTE || item === BACKSLASH) break;
        at += 3;
      }
      fields.addItem(place, item);
      const next = bytes[at];
      at += 1;
      if (next === LIST_CLOSE) return at;
      if (next !== COMMA) break;
    }
    fields.itemsUsed = used;
    return UNUSUAL;
  }
}
