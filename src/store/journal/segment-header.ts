import { assert } from '../../core/assert.ts';
import { ByteReader, ByteWriter } from '../../core/bytes.ts';
import { checksum } from './checksum.ts';

/** What makes a record safe: synced to the device, handed to the operating system, or nothing. */
export type Durability = 'none' | 'os' | 'fsync';

/** Who writes: the same for a whole life of the engine. */
export interface SessionIdentity {
  readonly sessionId: string;
  readonly buildId: string;
  readonly configHash: string;
  readonly nodeMajor: number;
  /** Final hash of the session before this one, in hex; empty for the very first. */
  readonly predecessorHash: string;
}

export interface SegmentHeader extends SessionIdentity {
  /** 1 for the first segment of the journal. */
  readonly number: number;
  /** 1 for the first start of the session, one more for each restart. */
  readonly life: number;
  readonly durability: Durability;
  /** The sequence that the first record of this segment has, or would have. */
  readonly firstSequence: number;
  /** Chain value of the last block before this segment; 0 for the first segment. */
  readonly previousChain: number;
}

/**
 * Every segment begins with a header of this size, in every version of the format, so that a header
 * cut short by a crash can be told from one whose length field was damaged.
 *
 * Layout, little-endian: magic (8 bytes), version, life, node major, durability (u32 each), first
 * sequence (f64), previous chain, number (u32), four texts (u16 length + UTF-8), zeros up to 504,
 * CRC-32 of the first 504 bytes, end mark.
 */
export const SEGMENT_HEADER_BYTES = 512;
export const FORMAT_VERSION = 1;

/** Closes headers and blocks. No byte of it is zero: a never-written, zero-filled end lacks it. */
export const END_MARK = 0x2e_44_4e_45; // "END."

const MAGIC_LOW = 0x41_52_54_53; // "STRA"
const MAGIC_HIGH = 0x4c_4a_41_54; // "TAJL"
const CHECKED_BYTES = SEGMENT_HEADER_BYTES - 8;
const DURABILITIES = ['none', 'os', 'fsync'] as const satisfies readonly Durability[];

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const writer = new ByteWriter(SEGMENT_HEADER_BYTES);
  writer.u32(MAGIC_LOW);
  writer.u32(MAGIC_HIGH);
  writer.u32(FORMAT_VERSION);
  writer.u32(header.life);
  writer.u32(header.nodeMajor);
  writer.u32(DURABILITIES.indexOf(header.durability));
  writer.f64(header.firstSequence);
  writer.u32(header.previousChain);
  writer.u32(header.number);
  writer.text(header.sessionId);
  writer.text(header.buildId);
  writer.text(header.configHash);
  writer.text(header.predecessorHash);
  assert(writer.length <= CHECKED_BYTES, 'the texts of a segment header fit into it');
  writer.raw(new Uint8Array(CHECKED_BYTES - writer.length));
  writer.u32(checksum(writer.bytes, 0, CHECKED_BYTES));
  writer.u32(END_MARK);
  return writer.copy();
}

/** `chain` is where the chain of this segment's blocks starts: the header's own checksum. */
export type HeaderReading =
  | { readonly kind: 'header'; readonly header: SegmentHeader; readonly chain: number }
  | { readonly kind: 'incomplete'; readonly reason: string }
  | { readonly kind: 'damaged'; readonly expected: string }
  | { readonly kind: 'otherVersion'; readonly version: number };

export function decodeSegmentHeader(bytes: Uint8Array): HeaderReading {
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    return { kind: 'incomplete', reason: 'the segment header is cut short' };
  }
  // A header whose end was never written has zeros there, and nothing can follow it.
  if (isZero(bytes, SEGMENT_HEADER_BYTES - 4, bytes.length)) {
    return { kind: 'incomplete', reason: 'the segment header was never written whole' };
  }
  const reader = new ByteReader(bytes, 0, SEGMENT_HEADER_BYTES);
  if (reader.u32() !== MAGIC_LOW || reader.u32() !== MAGIC_HIGH) {
    return { kind: 'damaged', expected: 'the magic of a segment' };
  }
  const closing = new ByteReader(bytes, CHECKED_BYTES, SEGMENT_HEADER_BYTES);
  const chain = checksum(bytes, 0, CHECKED_BYTES);
  if (closing.u32() !== chain || closing.u32() !== END_MARK) {
    return { kind: 'damaged', expected: 'a segment header that matches its checksum' };
  }
  const version = reader.u32();
  if (version !== FORMAT_VERSION) return { kind: 'otherVersion', version };
  const header = readFields(reader);
  if (header === undefined) return { kind: 'damaged', expected: 'a known durability' };
  return { kind: 'header', header, chain };
}

/** Whether nothing was ever written there. */
export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

function readFields(reader: ByteReader): SegmentHeader | undefined {
  const life = reader.u32();
  const nodeMajor = reader.u32();
  const durability = DURABILITIES[reader.u32()];
  if (durability === undefined) return undefined;
  const firstSequence = reader.f64();
  const previousChain = reader.u32();
  const number = reader.u32();
  const sessionId = reader.text();
  const buildId = reader.text();
  const configHash = reader.text();
  const predecessorHash = reader.text();
  return {
    number,
    life,
    nodeMajor,
    durability,
    firstSequence,
    previousChain,
    sessionId,
    buildId,
    configHash,
    predecessorHash,
  };
}
