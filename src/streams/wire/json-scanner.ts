import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { FieldNames } from './field-names.ts';
import { FrameError } from './frame-error.ts';
import type { FrameScanner } from './frame-scanner.ts';
import { JsonBytes } from './json-bytes.ts';
import { itemOfNumber, MessageFields, NO_CODE, NUMBER, TEXT } from './message-fields.ts';
import type { MessageWriter } from './message-writer.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const MAP_OPEN = 0x7b;
const MAP_CLOSE = 0x7d;
/** Nothing above it is white space. */
const SPACE = 0x20;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
/** Digits of a number that surely fits 32 bits. */
const SHORT_DIGITS = 9;
/** Digits that are exact in a double, whatever they are: 10^15 is below 2^53. */
const DIGITS_EXACT = 15;
/** Exact, and so are whole numbers below 2^53 divided by one of them, once rounded. */
const POWERS = Float64Array.from({ length: 16 }, (_, places) => Number(`1e${places}`));
/** The quick ways answer this where the slow one must read. */
const UNUSUAL = -1;

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
  readonly #writer: MessageWriter;
  readonly #onMessage: (message: unknown) => void;
  readonly #json = new JsonBytes();
  /** Where the next message begins; the frame's end once all were read. */
  #at = 0;
  #isDone = true;

  constructor(names: FieldNames, writer: MessageWriter, onMessage: (message: unknown) => void) {
    this.fields = new MessageFields(names);
    this.#names = names;
    this.#writer = writer;
    this.#onMessage = onMessage;
  }

  begin(bytes: Uint8Array): void {
    this.#isDone = true;
    const json = this.#json;
    json.load(bytes);
    this.fields.bytes = json.bytes;
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
    else {
      for (;;) {
        const after = this.#quickPair(at);
        at = after === UNUSUAL ? this.#pair(at) : after;
        if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
        const code = bytes[at];
        at += 1;
        if (code === MAP_CLOSE) break;
        if (code !== COMMA) throw new FrameError('a comma is missing', at - 1);
      }
    }
    if (this.#writer.write(this.fields, batch)) this.#onMessage(json.parse(from, at));
    return at;
  }

  /** A pair in the spelling that every venue uses. */
  #quickPair(from: number): number {
    const { bytes, view } = this.#json;
    if (bytes[from] !== QUOTE) return UNUSUAL;
    const word = view.getInt32(from + 1, true);
    let key = word;
    let at = from + 6;
    if ((word & 0xff00) === QUOTE << 8) {
      key = word & 0xff;
      at = from + 3;
    } else if ((word & 0xff_0000) === QUOTE << 16) {
      key = word & 0xffff;
      at = from + 4;
    } else if (word >>> 24 === QUOTE) {
      key = word & 0xff_ffff;
      at = from + 5;
    } else if (bytes[from + 5] !== QUOTE) return UNUSUAL;
    const place = this.#names.placeOfKey(key);
    if (place < 0 || bytes[at] !== COLON) return UNUSUAL;
    at += 1;
    const code = bytes[at] ?? 0;
    if (code === QUOTE) return this.#quickText(place, at + 1);
    if (code === LIST_OPEN) return this.#quickList(place, at + 1);
    return this.#quickNumber(place, at);
  }

  #quickText(place: number, from: number): number {
    const { bytes } = this.#json;
    for (let at = from; ; at += 1) {
      const code = bytes[at] ?? 0;
      if (code === QUOTE) {
        const { fields } = this;
        fields.kind[place] = TEXT;
        fields.from[place] = from;
        fields.to[place] = at;
        return at + 1;
      }
      if (code < SPACE || code === BACKSLASH) return UNUSUAL;
    }
  }

  #quickNumber(place: number, from: number): number {
    const { bytes } = this.#json;
    let at = from;
    let digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return UNUSUAL;
    let value = digit;
    for (;;) {
      at += 1;
      digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      if (at - from >= SHORT_DIGITS) return this.#quickLong(place, from, at, value);
      value = value * 10 + digit;
    }
    if (bytes[from] === ZERO && at - from > 1) return UNUSUAL;
    if (digit !== 0x2e - ZERO) return this.#endNumber(place, at, value);
    return this.#quickFraction(place, at, value, at - from);
  }

  /** Digits after the ninth. */
  #quickLong(place: number, begin: number, from: number, value: number): number {
    const { bytes } = this.#json;
    if (bytes[begin] === ZERO) return UNUSUAL;
    let at = from;
    let low = 0;
    let digit = 0;
    for (; at - begin < DIGITS_EXACT; at += 1) {
      digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      low = low * 10 + digit;
    }
    digit = (bytes[at] ?? 0) - ZERO;
    // A sixteenth digit, or the digits of a fraction, which few numbers of this length have.
    if ((digit >= 0 && digit <= 9) || digit === 0x2e - ZERO) return UNUSUAL;
    return this.#endNumber(place, at, value * (POWERS[at - from] ?? 1) + low);
  }

  #quickFraction(place: number, point: number, whole: number, digits: number): number {
    const { bytes } = this.#json;
    const limit = point + 1 + Math.min(SHORT_DIGITS, DIGITS_EXACT - digits);
    let at = point + 1;
    let part = 0;
    for (; at < limit; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      part = part * 10 + digit;
    }
    const digit = (bytes[at] ?? 0) - ZERO;
    if ((digit >= 0 && digit <= 9) || at === point + 1) return UNUSUAL;
    const power = POWERS[at - point - 1] ?? 1;
    return this.#endNumber(place, at, (whole * power + part) / power);
  }

  #endNumber(place: number, at: number, value: number): number {
    if (((this.#json.bytes[at] ?? 0) | 0x20) === 0x65) return UNUSUAL;
    const { fields } = this;
    fields.kind[place] = NUMBER;
    fields.number[place] = value;
    fields.rest[place] = -1;
    return at;
  }

  /** A list of letters, or of whole numbers of a few digits. */
  #quickList(place: number, from: number): number {
    const { bytes } = this.#json;
    const { fields } = this;
    const used = fields.itemsUsed;
    fields.beginList(place);
    let at = from;
    if (bytes[at] === LIST_CLOSE) return at + 1;
    for (;;) {
      const code = bytes[at] ?? 0;
      let item = code - ZERO;
      if (code === QUOTE) {
        item = bytes[at + 1] ?? 0;
        if (bytes[at + 2] !== QUOTE || item < SPACE || item === QUOTE || item === BACKSLASH) break;
        at += 3;
      } else {
        if (item < 0 || item > 9) break;
        const begin = at;
        for (;;) {
          at += 1;
          const digit = (bytes[at] ?? 0) - ZERO;
          if (digit < 0 || digit > 9 || at - begin > 4) break;
          item = item * 10 + digit;
        }
        if (bytes[begin] === ZERO && at - begin > 1) break;
        item = itemOfNumber(item);
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

  /** Any pair, with the white space before it. */
  #pair(from: number): number {
    const json = this.#json;
    const { bytes } = json;
    let at = json.skipSpace(from);
    if (bytes[at] !== QUOTE) throw new FrameError('a name is missing', at);
    const end = json.skipText(at);
    // A name with an escape in it may still be one of ours.
    const place = json.hasEscape
      ? this.#placeOf(json.textOf(at, end))
      : this.#names.placeOfBytes(bytes, at + 1, end - 1);
    at = json.skipSpace(end);
    if (bytes[at] !== COLON) throw new FrameError('a colon is missing', at);
    at = json.skipSpace(at + 1);
    return place < 0 ? json.skipValue(at, 1) : this.#value(place, at);
  }

  #placeOf(name: string): number {
    const bytes = encoder.encode(name);
    return this.#names.placeOfBytes(bytes, 0, bytes.length);
  }

  #value(place: number, from: number): number {
    const { fields } = this;
    const json = this.#json;
    switch (json.bytes[from]) {
      case QUOTE: {
        const at = json.skipText(from);
        if (json.hasEscape) fields.setEscaped(place, json.textOf(from, at));
        else fields.setText(place, from + 1, at - 1);
        return at;
      }
      case LIST_OPEN:
        return this.#list(place, from);
      case MAP_OPEN:
      case 0x74:
      case 0x66:
      case 0x6e:
        fields.setOther(place);
        return json.skipValue(from, 1);
      default: {
        const at = json.readNumber(from);
        if (json.isLong) fields.setLong(place, json.number, json.billions, json.rest);
        else fields.setNumber(place, json.number);
        return at;
      }
    }
  }

  #list(place: number, from: number): number {
    const { fields } = this;
    const json = this.#json;
    const { bytes } = json;
    fields.beginList(place);
    let at = json.skipSpace(from + 1);
    if (bytes[at] === LIST_CLOSE) return at + 1;
    for (;;) {
      const end = json.skipValue(at, 2);
      fields.addItem(place, this.#itemOf(at, end));
      at = json.skipSpace(end);
      const code = bytes[at];
      at += 1;
      if (code === LIST_CLOSE) return at;
      if (code !== COMMA) throw new FrameError('a comma is missing', at - 1);
      at = json.skipSpace(at);
    }
  }

  #itemOf(from: number, to: number): number {
    const json = this.#json;
    const code = json.bytes[from] ?? 0;
    if (code === 0x2d || (code >= ZERO && code <= 0x39)) {
      json.readNumber(from);
      return itemOfNumber(json.number);
    }
    if (code !== QUOTE) return NO_CODE;
    if (to - from === 3) return json.bytes[from + 1] ?? NO_CODE;
    if (json.bytes[from + 1] !== BACKSLASH) return NO_CODE;
    const text = json.textOf(from, to);
    return text.length === 1 ? text.charCodeAt(0) : NO_CODE;
  }
}

const encoder = new TextEncoder();
