import { encodeTimeSpecToTimestamp, Encoder, EXT_TIMESTAMP, ExtData } from '@msgpack/msgpack';
import { DAY, formatTime, MINUTE, SECOND } from '../../core/time.ts';

/** A moment in nanoseconds: text in JSON, the timestamp extension in msgpack (venues.md 2.2). */
export class WireTime {
  readonly us: number;
  readonly nanos: number;
  #text: string | undefined;
  #extension: ExtData | undefined;

  constructor(us: number, nanos = 0) {
    this.us = us;
    this.nanos = nanos;
  }

  /** RFC 3339, UTC, as many of nine places as it takes. */
  toJSON(): string {
    this.#text ??= this.#write();
    return this.#text;
  }

  toExtension(): ExtData {
    if (this.#extension === undefined) {
      const sec = Math.floor(this.us / SECOND);
      const nsec = (this.us - sec * SECOND) * 1_000 + this.nanos;
      this.#extension = new ExtData(EXT_TIMESTAMP, encodeTimeSpecToTimestamp({ sec, nsec }));
    }
    return this.#extension;
  }

  #write(): string {
    const text = formatTime(this.us);
    const places = `${text.slice(20, 26)}${String(this.nanos).padStart(3, '0')}`;
    const fraction = places.replace(/0+$/, '');
    return `${text.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
  }
}

/** Real feeds have nanoseconds. Ours come from the microsecond, so every copy has the same. */
export function wireTime(us: number): WireTime {
  const usOfDay = us - Math.floor(us / DAY) * DAY;
  if (usOfDay % MINUTE === 0) return new WireTime(us);
  return new WireTime(us, (usOfDay * 7_919) % 1_000);
}

export type WireValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | WireTime;

/** `T` is the first key: the venue's own Go client fails otherwise (venues.md 2.2). */
export type WireMap = Readonly<Record<string, WireValue>>;

/**
 * One message of a stream. It is encoded when it is first wanted, once per codec, however many
 * connections want it.
 */
export class WireEvent {
  readonly map: WireMap;
  #json: string | undefined;
  #packed: Uint8Array | undefined;

  constructor(map: WireMap) {
    this.map = map;
  }

  json(): string {
    this.#json ??= JSON.stringify(this.map);
    return this.#json;
  }

  packed(): Uint8Array {
    this.#packed ??= packMap(this.map);
    return this.#packed;
  }
}

export function packMap(map: WireMap): Uint8Array {
  const ready: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) ready[key] = packable(value);
  return encoder.encode(ready);
}

/** Any plain object, for messages that carry no times of their own. */
export function packPlain(value: unknown): Uint8Array {
  return encoder.encode(value);
}

const encoder = new Encoder({ useBigInt64: true });
const UINT32_MAX = 4_294_967_295;

function packable(value: WireValue): unknown {
  if (value instanceof WireTime) return value.toExtension();
  // The library writes whole numbers past 32 bits as floats, which strict clients refuse.
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > UINT32_MAX) {
    return BigInt(value);
  }
  return value;
}

/** Several messages as one frame of the codec. */
export function jsonFrame(events: readonly WireEvent[]): string {
  return `[${events.map((event) => event.json()).join(',')}]`;
}

export function packedFrame(events: readonly WireEvent[]): Uint8Array {
  return packedArray(events.map((event) => event.packed()));
}

function packedArray(parts: readonly Uint8Array[]): Uint8Array {
  const header = arrayHeader(parts.length);
  const size = parts.reduce((sum, part) => sum + part.length, header.length);
  const frame = new Uint8Array(size);
  frame.set(header, 0);
  let at = header.length;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** msgpack's fixarray, array 16 and array 32. */
function arrayHeader(count: number): Uint8Array {
  if (count < 16) return Uint8Array.of(0x90 | count);
  if (count < 65_536) return Uint8Array.of(0xdc, count >> 8, count & 255);
  return Uint8Array.of(0xdd, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255);
}
