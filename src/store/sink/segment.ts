import { DecodeError } from '../../core/bytes.ts';
import type { ColumnKind, RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { checksum } from '../journal/checksum.ts';
import { batchFrom, piecesOf } from './batch-bytes.ts';

/**
 * A segment begins with the declaration of its table, so that whoever finds it can send it; then
 * come frames, one a batch. All is little-endian.
 *
 * Head: magic, length of the declaration, CRC-32 of these 8 bytes, CRC-32 of the declaration seeded
 * with that one (u32 each), the declaration as JSON. Frame: magic, body bytes, rows, number in the
 * table's spool, CRC-32 of these 16 bytes, CRC-32 of the body seeded with that one (u32 each), the
 * body. Each head has its own sum, for its length must be trusted to find what follows.
 */
const FRAME_HEAD_BYTES = 24;
const FRAME_SUMMED_BYTES = 16;
const SEGMENT_HEAD_BYTES = 16;
const SEGMENT_MAGIC = 0x31_50_53_53; // "SSP1"
const FRAME_MAGIC = 0x4d_52_46_53; // "SFRM"

export interface Frame {
  readonly number: number;
  readonly rows: number;
  readonly from: number;
  readonly until: number;
}

export interface Segment {
  readonly table: TableDeclaration;
  readonly frames: readonly Frame[];
  /** Bytes that were frames once and are none now; not the tail that a crash leaves. */
  readonly damagedBytes: number;
}

export function segmentHead(table: TableDeclaration): Uint8Array {
  const text = Buffer.from(JSON.stringify(table), 'utf8');
  const head = Buffer.alloc(SEGMENT_HEAD_BYTES);
  head.writeUInt32LE(SEGMENT_MAGIC, 0);
  head.writeUInt32LE(text.length, 4);
  const sum = checksum(head, 0, 8);
  head.writeUInt32LE(sum, 8);
  head.writeUInt32LE(checksum(text, 0, text.length, sum), 12);
  return Buffer.concat([head, text]);
}

export function frameOf(batch: RowBatch, number: number): Uint8Array {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  const frame = Buffer.concat([head, ...piecesOf(batch)]);
  frame.writeUInt32LE(FRAME_MAGIC, 0);
  frame.writeUInt32LE(frame.length - FRAME_HEAD_BYTES, 4);
  frame.writeUInt32LE(batch.rows, 8);
  frame.writeUInt32LE(number, 12);
  const sum = checksum(frame, 0, FRAME_SUMMED_BYTES);
  frame.writeUInt32LE(sum, FRAME_SUMMED_BYTES);
  frame.writeUInt32LE(checksum(frame, FRAME_HEAD_BYTES, frame.length, sum), 20);
  return frame;
}

/**
 * Undefined where a crash left it before its declaration was whole. Throws a DecodeError where the
 * declaration is damaged or of a later version.
 */
export function readSegment(bytes: Uint8Array): Segment | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = SEGMENT_HEAD_BYTES;
  if (bytes.length < at || isZero(bytes, 0)) return undefined;
  const sum = checksum(bytes, 0, 8);
  if (view.getUint32(0, true) !== SEGMENT_MAGIC || view.getUint32(8, true) !== sum) {
    throw new DecodeError('no head of a segment', 0);
  }
  const length = view.getUint32(4, true);
  if (at + length > bytes.length || isZero(bytes, at)) return undefined;
  if (checksum(bytes, at, at + length, sum) !== view.getUint32(12, true)) {
    throw new DecodeError('a damaged declaration', at);
  }
  const text = Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
  return { table: declaration(text), ...readFrames(view, bytes, at + length) };
}

/** Throws a DecodeError where the body is not what was written. */
export function batchOfFrame(table: TableDeclaration, bytes: Uint8Array, frame: Frame): RowBatch {
  const { rows, from, until } = frame;
  return batchFrom(table, rows, bytes.subarray(from, until));
}

function readFrames(
  view: DataView,
  bytes: Uint8Array,
  start: number,
): Pick<Segment, 'frames' | 'damagedBytes'> {
  const frames: Frame[] = [];
  let damagedBytes = 0;
  for (let at = start; at < bytes.length;) {
    if (at + FRAME_HEAD_BYTES > bytes.length || isZero(bytes, at)) break; // The tail of a crash.
    if (!isFrameHead(view, bytes, at)) {
      const next = nextHead(view, bytes, at + 1);
      damagedBytes += next - at;
      at = next;
      continue;
    }
    const from = at + FRAME_HEAD_BYTES;
    const until = from + view.getUint32(at + 4, true);
    if (until > bytes.length) break;
    const sum = checksum(bytes, from, until, view.getUint32(at + FRAME_SUMMED_BYTES, true));
    if (sum === view.getUint32(at + 20, true)) {
      const number = view.getUint32(at + 12, true);
      frames.push({ number, rows: view.getUint32(at + 8, true), from, until });
    } else damagedBytes += until - at;
    at = until;
  }
  return { frames, damagedBytes };
}

function isFrameHead(view: DataView, bytes: Uint8Array, at: number): boolean {
  if (view.getUint32(at, true) !== FRAME_MAGIC) return false;
  const sum = checksum(bytes, at, at + FRAME_SUMMED_BYTES);
  return sum === view.getUint32(at + FRAME_SUMMED_BYTES, true);
}

/** Where the next frame begins, or the end. */
function nextHead(view: DataView, bytes: Uint8Array, from: number): number {
  for (let at = from; at + FRAME_HEAD_BYTES <= bytes.length; at += 1) {
    if (isFrameHead(view, bytes, at)) return at;
  }
  return bytes.length;
}

/** A loss of power may leave zeros where bytes were never written, and then nothing follows. */
function isZero(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

const KINDS: ReadonlySet<string> = new Set<ColumnKind>([
  'symbol',
  'text',
  'time',
  'double',
  'whole',
  'truth',
  'doubles',
]);

function declaration(text: string): TableDeclaration {
  const table: unknown = JSON.parse(text);
  if (!isTable(table)) throw new DecodeError('a declaration of another version', 0);
  return table;
}

/** Its sum is right, so we wrote it: what has to be found out is only whether we know its words. */
function isTable(value: unknown): value is TableDeclaration {
  if (typeof value !== 'object' || value === null || !('columns' in value)) return false;
  if (!Array.isArray(value.columns) || !('keys' in value) || !('time' in value)) return false;
  return value.columns.every(
    (column: unknown) =>
      typeof column === 'object' &&
      column !== null &&
      'kind' in column &&
      KINDS.has(String(column.kind)),
  );
}
