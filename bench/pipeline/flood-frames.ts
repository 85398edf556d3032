import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { SECOND } from '../../src/core/time.ts';
import { EventBatch, QUOTE, QUOTE_ASK, QUOTE_BID } from '../../src/domain/market/event-batch.ts';
import { TRADE, TRADE_REGULAR } from '../../src/domain/market/event-batch.ts';
import { wireOfMarket } from '../../src/venue/sockets/market-wire.ts';
import { packedFrame, type WireEvent } from '../../src/venue/sockets/wire-event.ts';
import { nameOf } from './ticks.ts';

export interface FloodPlan {
  readonly symbols: number;
  readonly perFrame: number;
  /** Events before the same come again, with new times and ids. */
  readonly events: number;
}

/** So many quotes for a trade, as Polygon says of its stocks. */
const QUOTES_PER_TRADE = 4;
/** Any time whose nanoseconds are not 0: it is written in the longer of two forms. */
const SOME_US = 1_717_421_700_000_005;
/** A trade's id past 16 bits has always five bytes. */
const FIRST_ID = 1_000_000;
const VIEW = { moment: 'usual', isCore: true, skewUs: 0, tradeId: 0 } as const;
/** `t` and a timestamp of eight bytes; `i` and a number of four. */
const TIME_MARK = Buffer.from([0xa1, 0x74, 0xd7, 0xff]);
const ID_MARK = Buffer.from([0xa1, 0x69, 0xce]);

/**
 * Messages of a websocket, ready to be written, made once: a sender only puts the times and the
 * trades' ids anew, where they stand. Alpaca's msgpack, as our venue says it.
 */
export class FloodFrames {
  readonly bytes: Buffer;
  readonly frames: number;
  readonly perFrame: number;
  /** Where each frame begins, and where the last one ends. */
  readonly #begins: Float64Array;
  readonly #times: Float64Array;
  /** -1 of a quote. */
  readonly #ids: Float64Array;
  #nextId = FIRST_ID;

  constructor({ symbols, perFrame, events }: FloodPlan) {
    this.perFrame = perFrame;
    this.frames = Math.floor(events / perFrame);
    this.#begins = new Float64Array(this.frames + 1);
    this.#times = new Float64Array(this.frames * perFrame);
    this.#ids = new Float64Array(this.frames * perFrame);
    const made = wireEvents(symbols, this.frames * perFrame);
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let frame = 0; frame < this.frames; frame += 1) {
      const events = made.slice(frame * perFrame, (frame + 1) * perFrame);
      const payload = packedFrame(events);
      const header = headerOf(payload.length);
      this.#begins[frame] = at;
      at += header.length;
      this.#note(frame * perFrame, events, at + payload.length);
      parts.push(header, payload);
      at += payload.length;
    }
    this.#begins[this.frames] = at;
    this.bytes = Buffer.concat(parts);
  }

  /** Whole frames from one to before another: all of this time, trades under new ids. */
  dated(from: number, to: number, us: number): Buffer {
    const { bytes, perFrame } = this;
    const seconds = Math.floor(us / SECOND);
    const nanos = Math.floor(us - seconds * SECOND) * 1_000 + 1;
    for (let event = from * perFrame; event < to * perFrame; event += 1) {
      const at = this.#times[event] ?? 0;
      // 30 bits of nanoseconds, then 34 of seconds, of which the upper two are 0 until 2106.
      bytes.writeUInt32BE(nanos * 4, at);
      bytes.writeUInt32BE(seconds, at + 4);
      const id = this.#ids[event] ?? -1;
      if (id < 0) continue;
      bytes.writeUInt32BE(this.#nextId, id);
      this.#nextId += 1;
    }
    return bytes.subarray(this.#begins[from], this.#begins[to]);
  }

  /** The frame's events are the last bytes before `end`. */
  #note(first: number, events: readonly WireEvent[], end: number): void {
    const sizes = events.map((event) => event.packed().length);
    let at = end - sizes.reduce((sum, size) => sum + size, 0);
    for (const [place, event] of events.entries()) {
      const packed = Buffer.from(event.packed());
      const time = packed.indexOf(TIME_MARK);
      const id = packed.indexOf(ID_MARK);
      if (time < 0) throw new Error('an event without a time of eight bytes');
      this.#times[first + place] = at + time + TIME_MARK.length;
      this.#ids[first + place] = id < 0 ? -1 : at + id + ID_MARK.length;
      at += packed.length;
    }
  }
}

function wireEvents(symbols: number, count: number): readonly WireEvent[] {
  const random = new Random(7, 3);
  const cents = Float64Array.from({ length: symbols }, () => 2_000 + random.below(28_000));
  const batch = new EventBatch(1, 1);
  return Array.from({ length: count }, (_, at) => {
    const number = random.below(symbols);
    const step = (random.unit() - 0.5) * 0.002 * (cents[number] ?? 0);
    const price = Math.max(500, Math.round((cents[number] ?? 0) + step));
    cents[number] = price;
    batch.clear();
    const isTrade = at % (QUOTES_PER_TRADE + 1) === 0;
    const slot = isTrade
      ? batch.add(TRADE, number, SOME_US, TRADE_REGULAR, 3)
      : batch.add(QUOTE, number, SOME_US, QUOTE_BID | QUOTE_ASK, 3);
    batch.a[slot] = (isTrade ? price : price - 1) * 100;
    batch.b[slot] = 100;
    batch.c[slot] = isTrade ? FIRST_ID : (price + 1) * 100;
    batch.d[slot] = isTrade ? 0 : 100;
    return present(
      wireOfMarket(batch, slot, { ...VIEW, symbol: { name: nameOf(number), tape: 'C' } }),
      'an event',
    );
  });
}

/** Of a whole binary message from a server (RFC 6455, 5.2). */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x82, length]);
  const header = Buffer.alloc(4);
  header[0] = 0x82;
  header[1] = 126;
  header.writeUInt16BE(length, 2);
  if (length > 65_535) throw new Error('a frame of more than 64 KB');
  return header;
}
