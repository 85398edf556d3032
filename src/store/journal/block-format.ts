import { ByteReader, type ByteWriter } from '../../core/bytes.ts';
import { checksum } from './checksum.ts';
import { END_MARK, isZero } from './segment-header.ts';

/**
 * A block is the unit of writing and of checking: header, records, end mark.
 *
 * Header, little-endian: magic, body bytes, record count, number within the segment (u32 each),
 * first sequence (f64), last sequence known to be durable when it was written (f64), CRC-32 of the
 * 32 bytes before it seeded with the chain so far, CRC-32 of the body seeded with that one. The
 * last value is the chain for the next block. The header has its own sum because its length must
 * be trusted before "the end is missing" can be told from "the length is damaged".
 */
export const BLOCK_HEADER_BYTES = 40;
export const BLOCK_END_BYTES = 4;

/** Payload bytes (u32), kind (u8), sequence, now (f64 each), decision hash before it (2 x u32). */
export const RECORD_HEADER_BYTES = 29;

const MAGIC = 0x4b_4c_42_53; // "SBLK"
const HEADER_CHECKED_BYTES = 32;

export interface BlockFacts {
  readonly recordCount: number;
  readonly number: number;
  readonly firstSequence: number;
  readonly durableSequence: number;
}

/** Fills the reserved header and closes the block; answers the chain value after it. */
export function sealBlock(block: ByteWriter, facts: BlockFacts, chain: number): number {
  const end = block.length;
  block.putU32(0, MAGIC);
  block.putU32(4, end - BLOCK_HEADER_BYTES);
  block.putU32(8, facts.recordCount);
  block.putU32(12, facts.number);
  block.putF64(16, facts.firstSequence);
  block.putF64(24, facts.durableSequence);
  const headerChain = checksum(block.bytes, 0, HEADER_CHECKED_BYTES, chain);
  const bodyChain = checksum(block.bytes, BLOCK_HEADER_BYTES, end, headerChain);
  block.putU32(32, headerChain);
  block.putU32(36, bodyChain);
  block.u32(END_MARK);
  return bodyChain;
}

export interface Block extends BlockFacts {
  readonly kind: 'block';
  readonly bodyAt: number;
  readonly bodyEnd: number;
  /** First byte after the block. */
  readonly end: number;
  readonly chain: number;
}

/** `incomplete` is how a crash leaves the end of a file; `damaged` is never the work of a crash. */
export type BlockReading =
  | Block
  | { readonly kind: 'incomplete'; readonly reason: string }
  | { readonly kind: 'damaged'; readonly expected: string };

/** Reads the block that begins at `at`; there is at least one byte. */
export function readBlock(bytes: Uint8Array, at: number, chain: number): BlockReading {
  const bodyAt = at + BLOCK_HEADER_BYTES;
  if (bodyAt > bytes.length) return { kind: 'incomplete', reason: 'a block header is cut short' };
  const reader = new ByteReader(bytes, at, bodyAt);
  const magic = reader.u32();
  const bodyBytes = reader.u32();
  const recordCount = reader.u32();
  const number = reader.u32();
  const firstSequence = reader.f64();
  const durableSequence = reader.f64();
  const headerChain = checksum(bytes, at, at + HEADER_CHECKED_BYTES, chain);
  if (reader.u32() !== headerChain || magic !== MAGIC) return badHeader(bytes, bodyAt);
  const bodyEnd = bodyAt + bodyBytes;
  const end = bodyEnd + BLOCK_END_BYTES;
  if (end > bytes.length) return { kind: 'incomplete', reason: 'a block is cut short' };
  if (isZero(bytes, bodyEnd, bytes.length)) {
    return { kind: 'incomplete', reason: 'the end of a block was never written' };
  }
  const bodyChain = checksum(bytes, bodyAt, bodyEnd, headerChain);
  const endMark = new ByteReader(bytes, bodyEnd, end).u32();
  if (reader.u32() !== bodyChain || endMark !== END_MARK) {
    return { kind: 'damaged', expected: 'a block that matches its checksum' };
  }
  return {
    kind: 'block',
    recordCount,
    number,
    firstSequence,
    durableSequence,
    bodyAt,
    bodyEnd,
    end,
    chain: bodyChain,
  };
}

/**
 * A crash may leave zeros where bytes were never written, but then nothing follows them. Any other
 * bad header is damage, also in the last block: its records may have been acted upon.
 */
function badHeader(bytes: Uint8Array, bodyAt: number): BlockReading {
  if (isZero(bytes, bodyAt - 4, bytes.length)) {
    return { kind: 'incomplete', reason: 'a block header was never written whole' };
  }
  return { kind: 'damaged', expected: 'a block header that continues the chain' };
}
