import type { EventBatch } from '../../../domain/market/event-batch.ts';
import { FrameError } from '../../wire/frame-error.ts';
import type { FrameScanner } from '../../wire/frame-scanner.ts';
import {
  itemOfNumber,
  type MessageFields,
  MOMENT,
  NO_CODE,
  NUMBER,
  TEXT,
} from '../../wire/message-fields.ts';
import type { MessageWriter } from '../../wire/message-writer.ts';
import type { SymbolBytes } from '../../wire/symbol-bytes.ts';
import { alpacaFields, FIELD_NAMES, placeOf } from './field-places.ts';
import {
  MsgpackBytes,
  WIRE_EXTENSION,
  WIRE_LIST,
  WIRE_MAP,
  WIRE_NUMBER,
  WIRE_TEXT,
} from './msgpack-bytes.ts';

const SYMBOL = placeOf('S');
const LETTERS = FIELD_NAMES.letters;
/** The first byte of a text of no letters; the lengths to 31 follow. */
const TEXT_0 = 0xa0;
const LIST_0 = 0x90;
const FLOAT_64 = 0xcb;
const UINT_8 = 0xcc;
const UINT_16 = 0xcd;
const UINT_32 = 0xce;
/** An extension of eight bytes, and the type of a timestamp (-1). */
const EXTENSION_8 = 0xd7;
const TIMESTAMP = 0xff;
const TWO_32 = 4_294_967_296;
const SECOND = 1_000_000;
const NS_MAX = 999_999_999;
/** The quick ways answer this where the slow one must read. */
const UNUSUAL = -1;

/**
 * Frames of MessagePack to events, byte by byte, without an object or a text for an event.
 *
 * Each pair of a message is first read the quick way, which knows names of one to four letters and
 * the shortest spelling of what they hold. Where it meets anything else, or the frame's end, it
 * has changed nothing that counts, and the slow way reads the pair again.
 */
export class MsgpackScanner implements FrameScanner {
  readonly fields: MessageFields = alpacaFields();
  readonly #symbols: SymbolBytes;
  readonly #writer: MessageWriter;
  readonly #onMessage: (message: unknown) => void;
  readonly #wire = new MsgpackBytes();
  #at = 0;
  /** Messages of the frame that were not read yet. */
  #left = 0;

  constructor(symbols: SymbolBytes, writer: MessageWriter, onMessage: (message: unknown) => void) {
    this.#symbols = symbols;
    this.#writer = writer;
    this.#onMessage = onMessage;
  }

  begin(bytes: Uint8Array): void {
    this.#left = 0;
    this.#wire.load(bytes);
    this.fields.bytes = this.#wire.bytes;
    this.fields.view = this.#wire.view;
    if (this.#wire.open(0) !== WIRE_LIST) throw new FrameError('the frame is not a list', 0);
    this.#at = this.#wire.at;
    // Read after `at`: whatever the list claims, each message takes a byte at least.
    this.#left = this.#wire.size;
    if (this.#left === 0) this.#end(this.#at);
  }

  next(batch: EventBatch): boolean {
    while (this.#left > 0 && !batch.isFull) {
      const left = this.#left - 1;
      // A frame that fails is over: what follows the damage is not guessed.
      this.#left = 0;
      this.#at = this.#element(this.#at, batch);
      if (left === 0) this.#end(this.#at);
      this.#left = left;
    }
    return this.#left > 0;
  }

  #end(at: number): void {
    if (at < this.#wire.end) throw new FrameError('something follows the list', at);
  }

  #element(from: number, batch: EventBatch): number {
    const wire = this.#wire;
    if (wire.open(from) !== WIRE_MAP) {
      this.#writer.counts.malformed += 1;
      return wire.skip(from);
    }
    const pairs = wire.size;
    let { at } = wire;
    this.fields.reset();
    for (let pair = 0; pair < pairs; pair += 1) {
      const after = this.#quickPair(at);
      at = after === UNUSUAL || after > wire.end ? this.#pair(at) : after;
    }
    if (this.#writer.write(this.fields, batch)) this.#onMessage(wire.parse(from));
    return at;
  }

  #quickPair(from: number): number {
    const { bytes, view } = this.#wire;
    const word = view.getInt32(from + 1, true);
    const length = (bytes[from] ?? 0) - TEXT_0;
    let place = UNUSUAL;
    if (length === 1) place = LETTERS[word & 0xff] ?? UNUSUAL;
    else if (length === 2) place = FIELD_NAMES.placeOfKey(word & 0xffff);
    else if (length === 3) place = FIELD_NAMES.placeOfKey(word & 0xff_ffff);
    else if (length === 4) place = FIELD_NAMES.placeOfKey(word);
    return place < 0 ? UNUSUAL : this.#quickValue(place, from + 1 + length);
  }

  #quickValue(place: number, from: number): number {
    const { bytes, view } = this.#wire;
    const { fields } = this;
    const code = bytes[from] ?? 0;
    if (code >= TEXT_0 && code < 0xc0) {
      const end = from + 1 + code - TEXT_0;
      fields.kind[place] = TEXT;
      fields.from[place] = from + 1;
      fields.to[place] = end;
      if (place === SYMBOL) {
        // Looked up at once: while the table's line is fetched, the other fields are read.
        fields.found = this.#symbols.findIn(view, bytes, from + 1, end);
        fields.foundFrom = from + 1;
      }
      return end;
    }
    if (code === FLOAT_64) {
      fields.kind[place] = NUMBER;
      // Minus zero is zero.
      fields.number[place] = view.getFloat64(from + 1) + 0;
      return from + 9;
    }
    if (code < 0x80) {
      fields.kind[place] = NUMBER;
      fields.number[place] = code;
      return from + 1;
    }
    switch (code) {
      case UINT_8:
        fields.kind[place] = NUMBER;
        fields.number[place] = bytes[from + 1] ?? 0;
        return from + 2;
      case UINT_16:
        fields.kind[place] = NUMBER;
        fields.number[place] = view.getUint16(from + 1);
        return from + 3;
      case UINT_32:
        fields.kind[place] = NUMBER;
        fields.number[place] = view.getUint32(from + 1);
        return from + 5;
      case EXTENSION_8:
        return bytes[from + 1] === TIMESTAMP ? this.#quickMoment(place, from + 2) : UNUSUAL;
      default:
        return code >= LIST_0 && code < TEXT_0 ? this.#quickList(place, from) : UNUSUAL;
    }
  }

  /** 30 bits of nanoseconds, then 34 bits of seconds. */
  #quickMoment(place: number, from: number): number {
    const { view } = this.#wire;
    const upper = view.getUint32(from);
    const ns = upper >>> 2;
    if (ns > NS_MAX) return UNUSUAL;
    const { fields } = this;
    fields.kind[place] = MOMENT;
    const seconds = (upper & 3) * TWO_32 + view.getUint32(from + 4);
    fields.number[place] = seconds * SECOND + ((ns / 1_000) | 0);
    return from + 8;
  }

  /** A list of letters. */
  #quickList(place: number, from: number): number {
    const { bytes } = this.#wire;
    const { fields } = this;
    const used = fields.itemsUsed;
    const end = from + 1 + 2 * ((bytes[from] ?? 0) - LIST_0);
    fields.beginList(place);
    for (let at = from + 1; at < end; at += 2) {
      if (bytes[at] !== TEXT_0 + 1) {
        fields.itemsUsed = used;
        return UNUSUAL;
      }
      fields.addItem(place, bytes[at + 1] ?? NO_CODE);
    }
    return end;
  }

  #pair(from: number): number {
    const wire = this.#wire;
    if (wire.open(from) !== WIRE_TEXT) return wire.skip(wire.skip(from));
    const end = wire.at + wire.size;
    const place = FIELD_NAMES.placeOfBytes(wire.bytes, wire.at, end);
    return place < 0 ? wire.skip(end) : this.#value(place, end);
  }

  #value(place: number, from: number): number {
    const { fields } = this;
    const wire = this.#wire;
    switch (wire.open(from)) {
      case WIRE_NUMBER:
        if (wire.isLong) fields.setLong(place, wire.number, wire.billions, wire.rest);
        else fields.setNumber(place, wire.number);
        return wire.at;
      case WIRE_TEXT:
        fields.setText(place, wire.at, wire.at + wire.size);
        return wire.at + wire.size;
      case WIRE_LIST:
        return this.#list(place, wire.at, wire.size);
      case WIRE_EXTENSION: {
        const us = wire.momentUs();
        if (us === undefined) fields.setOther(place);
        else fields.setMoment(place, us);
        return wire.at + wire.size;
      }
      default:
        fields.setOther(place);
        return wire.skip(from);
    }
  }

  #list(place: number, from: number, items: number): number {
    const wire = this.#wire;
    this.fields.beginList(place);
    let at = from;
    for (let item = 0; item < items; item += 1) {
      const kind = wire.open(at);
      const isLetter = kind === WIRE_TEXT && wire.size === 1;
      let code = NO_CODE;
      if (isLetter) code = wire.bytes[wire.at] ?? NO_CODE;
      else if (kind === WIRE_NUMBER) code = itemOfNumber(wire.number);
      this.fields.addItem(place, code);
      at = kind === WIRE_TEXT ? wire.at + wire.size : wire.skip(at);
    }
    return at;
  }
}
