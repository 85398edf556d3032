import type { EventBatch } from '../../../domain/market/event-batch.ts';
import type { EventWriter } from './event-writer.ts';
import { FrameError } from '../../wire/frame-error.ts';
import { JsonBytes } from '../../wire/json-bytes.ts';
import { NO_CODE } from './codes.ts';
import { MessageFields, placeOfBytes, placeOfLetter } from './message-fields.ts';
import type { FrameScanner } from '../../wire/frame-scanner.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const MAP_OPEN = 0x7b;
const MAP_CLOSE = 0x7d;
/** Nothing above it is white space. */
const SPACE = 0x20;

/**
 * Frames of JSON to events, byte by byte, without an object or a text for an event. It takes what
 * JSON.parse takes and refuses what JSON.parse refuses, except that nesting has a limit and that
 * bytes which are no UTF-8 are only compared.
 */
export class JsonScanner implements FrameScanner {
  readonly fields = new MessageFields();
  readonly #writer: EventWriter;
  readonly #onMessage: (message: unknown) => void;
  readonly #json = new JsonBytes();
  /** Where the next message begins; the frame's end once all were read. */
  #at = 0;
  #isDone = true;

  constructor(writer: EventWriter, onMessage: (message: unknown) => void) {
    this.#writer = writer;
    this.#onMessage = onMessage;
  }

  begin(bytes: Uint8Array): void {
    this.#isDone = true;
    this.#json.load(bytes);
    this.fields.bytes = this.#json.bytes;
    const at = this.#json.skipSpace(0);
    if (this.#json.bytes[at] !== LIST_OPEN) throw new FrameError('the frame is not a list', at);
    this.#at = this.#json.skipSpace(at + 1);
    this.#isDone = this.#json.bytes[this.#at] === LIST_CLOSE;
    if (this.#isDone) this.#end(this.#at + 1);
  }

  next(batch: EventBatch): boolean {
    const { bytes } = this.#json;
    while (!this.#isDone && !batch.isFull) {
      // A frame that fails is over: what follows the damage is not guessed.
      this.#isDone = true;
      let at = this.#json.skipSpace(this.#element(this.#at, batch));
      if (bytes[at] === COMMA) {
        at = this.#json.skipSpace(at + 1);
        this.#isDone = false;
      } else if (bytes[at] === LIST_CLOSE) this.#end(at + 1);
      else throw new FrameError('a comma or the end of the list is missing', at);
      this.#at = at;
    }
    return !this.#isDone;
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
    const { fields } = this;
    const json = this.#json;
    const { bytes } = json;
    fields.reset();
    let at = from + 1;
    if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
    if (bytes[at] === MAP_CLOSE) at += 1;
    else {
      for (;;) {
        at = this.#pair(at);
        if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
        const code = bytes[at];
        at += 1;
        if (code === MAP_CLOSE) break;
        if (code !== COMMA) throw new FrameError('a comma is missing', at - 1);
        if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
      }
    }
    if (this.#writer.write(fields, batch)) this.#onMessage(json.parse(from, at));
    return at;
  }

  #pair(from: number): number {
    const json = this.#json;
    const { bytes } = json;
    if (bytes[from] !== QUOTE) throw new FrameError('a name is missing', from);
    let at = from + 3;
    let place: number;
    // Nearly every name is one letter, and most others are two.
    if (bytes[from + 2] === QUOTE && isPlain(bytes[from + 1])) {
      place = placeOfLetter(bytes[from + 1] ?? 0);
    } else {
      at = json.skipText(from);
      // A name with an escape in it may still be one of ours.
      place = json.hasEscape
        ? this.#placeOf(json.textOf(from, at))
        : placeOfBytes(bytes, from + 1, at - 1);
    }
    if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
    if (bytes[at] !== COLON) throw new FrameError('a colon is missing', at);
    at += 1;
    if ((bytes[at] ?? 0) <= SPACE) at = json.skipSpace(at);
    return place < 0 ? json.skipValue(at, 1) : this.#value(place, at);
  }

  #placeOf(name: string): number {
    const bytes = encoder.encode(name);
    return placeOfBytes(bytes, 0, bytes.length);
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
        fields.setNumber(place, json.number);
        if (json.isLong) {
          fields.billions[place] = json.billions;
          fields.rest[place] = json.rest;
        }
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
      fields.addItem(place, this.#itemCode(at, end));
      at = json.skipSpace(end);
      const code = bytes[at];
      at += 1;
      if (code === LIST_CLOSE) return at;
      if (code !== COMMA) throw new FrameError('a comma is missing', at - 1);
      at = json.skipSpace(at);
    }
  }

  #itemCode(from: number, to: number): number {
    const { bytes } = this.#json;
    if (bytes[from] !== QUOTE) return NO_CODE;
    if (to - from === 3) return bytes[from + 1] ?? NO_CODE;
    if (bytes[from + 1] !== 0x5c) return NO_CODE;
    const text = this.#json.textOf(from, to);
    return text.length === 1 ? text.charCodeAt(0) : NO_CODE;
  }
}

const encoder = new TextEncoder();

/** Does a byte of a text stand for itself? */
function isPlain(code: number | undefined): boolean {
  return code !== undefined && code >= SPACE && code !== QUOTE && code !== 0x5c;
}
