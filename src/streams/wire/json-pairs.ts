import { FrameError } from './frame-error.ts';
import type { JsonBytes } from './json-bytes.ts';
import { itemOfNumber, type MessageFields, NO_CODE } from './message-fields.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const MAP_OPEN = 0x7b;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

/** Reads a pair of a message however it is spelled: white space, escapes, exponents, nesting. */
export class JsonPairs {
  readonly #json: JsonBytes;
  readonly #fields: MessageFields;

  constructor(json: JsonBytes, fields: MessageFields) {
    this.#json = json;
    this.#fields = fields;
  }

  /** Any pair, with the white space before it. */
  read(from: number): number {
    const json = this.#json;
    const { bytes } = json;
    let at = json.skipSpace(from);
    if (bytes[at] !== QUOTE) throw new FrameError('a name is missing', at);
    const end = json.skipText(at);
    // A name with an escape in it may still be one of ours.
    const place = json.hasEscape
      ? this.#placeOf(json.textOf(at, end))
      : this.#fields.names.placeOfBytes(bytes, at + 1, end - 1);
    at = json.skipSpace(end);
    if (bytes[at] !== COLON) throw new FrameError('a colon is missing', at);
    at = json.skipSpace(at + 1);
    return place < 0 ? json.skipValue(at, 1) : this.#value(place, at);
  }

  #placeOf(name: string): number {
    const bytes = encoder.encode(name);
    return this.#fields.names.placeOfBytes(bytes, 0, bytes.length);
  }

  #value(place: number, from: number): number {
    const fields = this.#fields;
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
    const fields = this.#fields;
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
