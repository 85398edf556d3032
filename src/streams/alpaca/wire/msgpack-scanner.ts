import type { EventBatch } from '../../../domain/market/event-batch.ts';
import { NO_CODE } from './codes.ts';
import type { EventWriter } from './event-writer.ts';
import { FrameError } from '../../wire/frame-error.ts';
import type { FrameScanner } from '../../wire/frame-scanner.ts';
import { MessageFields, placeOfBytes } from './message-fields.ts';
import {
  MsgpackBytes,
  WIRE_EXTENSION,
  WIRE_LIST,
  WIRE_MAP,
  WIRE_NUMBER,
  WIRE_TEXT,
} from './msgpack-bytes.ts';

/** Frames of MessagePack to events, byte by byte, without an object or a text for an event. */
export class MsgpackScanner implements FrameScanner {
  readonly fields = new MessageFields();
  readonly #writer: EventWriter;
  readonly #onMessage: (message: unknown) => void;
  readonly #wire = new MsgpackBytes();
  #at = 0;
  /** Messages of the frame that were not read yet. */
  #left = 0;

  constructor(writer: EventWriter, onMessage: (message: unknown) => void) {
    this.#writer = writer;
    this.#onMessage = onMessage;
  }

  begin(bytes: Uint8Array): void {
    this.#left = 0;
    this.#wire.frame = bytes;
    this.fields.bytes = bytes;
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
    if (at < this.#wire.bytes.length) throw new FrameError('something follows the list', at);
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
    for (let pair = 0; pair < pairs; pair += 1) at = this.#pair(at);
    if (this.#writer.write(this.fields, batch)) this.#onMessage(wire.parse(from));
    return at;
  }

  #pair(from: number): number {
    const wire = this.#wire;
    if (wire.open(from) !== WIRE_TEXT) return wire.skip(wire.skip(from));
    const end = wire.at + wire.size;
    const place = placeOfBytes(wire.bytes, wire.at, end);
    return place < 0 ? wire.skip(end) : this.#value(place, end);
  }

  #value(place: number, from: number): number {
    const { fields } = this;
    const wire = this.#wire;
    switch (wire.open(from)) {
      case WIRE_NUMBER:
        fields.setNumber(place, wire.number);
        if (wire.isLong) {
          fields.billions[place] = wire.billions;
          fields.rest[place] = wire.rest;
        }
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
      const isText = wire.open(at) === WIRE_TEXT;
      const isLetter = isText && wire.size === 1;
      this.fields.addItem(place, isLetter ? (wire.bytes[wire.at] ?? NO_CODE) : NO_CODE);
      at = isText ? wire.at + wire.size : wire.skip(at);
    }
    return at;
  }
}
