import { decode } from '@msgpack/msgpack';
import { jsonFrame, packedFrame, packPlain, type WireEvent } from './wire-event.ts';

export type CodecName = 'json' | 'msgpack';

/** The header of the upgrade chooses: msgpack where it says so, else JSON (venues.md 2.2). */
export function codecOf(contentType: string | undefined): CodecName {
  return contentType?.toLowerCase().startsWith('application/msgpack') === true ? 'msgpack' : 'json';
}

export function frameOf(codec: CodecName, events: readonly WireEvent[]): string | Uint8Array {
  return codec === 'json' ? jsonFrame(events) : packedFrame(events);
}

export function sizeOf(codec: CodecName, event: WireEvent): number {
  // Text of ours is ASCII but for headlines, which this counts short by little.
  return codec === 'json' ? event.json().length : event.packed().length;
}

export function plainFrame(codec: CodecName, value: unknown): string | Uint8Array {
  return codec === 'json' ? JSON.stringify(value) : packPlain(value);
}

export type ClientMessage = Readonly<Record<string, unknown>>;

/** What a client sent: one bare map. Undefined where it cannot be read as one. */
export function readClientMessage(data: Uint8Array, isBinary: boolean): ClientMessage | undefined {
  const value = isBinary ? (readPacked(data) ?? readText(data)) : readText(data);
  return isMap(value) ? value : undefined;
}

function readText(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Text in a binary frame begins with a brace, which in msgpack is the number 123. */
function readPacked(data: Uint8Array): unknown {
  try {
    const value = decode(data);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isMap(value: unknown): value is ClientMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
