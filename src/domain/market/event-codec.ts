import { assert } from '../../core/assert.ts';
import { type ByteReader, type ByteWriter, DecodeError } from '../../core/bytes.ts';
import type { EventBatch } from './event-batch.ts';

const VERSION = 1;
/** Below this many events, plain loops beat the set-up of bulk copies. */
const BULK_EVENTS_MIN = 24;

/**
 * Writes the frames `from .. to` of a batch, columns one after another, little-endian:
 *
 * version u8, column mask u8, frames u16, events u32, then frame ends (u32, counted from the first
 * event written), frame times (f64), kind (u8), exchange (u8), flags (u16), symbol (i32),
 * venueUs (f64), and of the value columns those that hold anything (mask bit 0 is `a`).
 */
export function writeEvents(writer: ByteWriter, batch: EventBatch, from: number, to: number): void {
  assert(from >= 0 && from < to && to <= batch.frames, 'a range of whole frames');
  const begin = batch.frameBegin(from);
  const end = batch.frameEnd[to - 1] ?? begin;
  const mask = columnMask(batch, begin, end);
  writer.u8(VERSION);
  writer.u8(mask);
  writer.u16(to - from);
  writer.u32(end - begin);
  for (let frame = from; frame < to; frame += 1) {
    writer.u32((batch.frameEnd[frame] ?? 0) - begin);
    writer.f64(batch.frameUs[frame] ?? 0);
  }
  if (end - begin < BULK_EVENTS_MIN) writeSingly(writer, batch, begin, end, mask);
  else writeInBulk(writer, batch, begin, end, mask);
}

/** Reads what `writeEvents` wrote into an emptied batch. Throws `DecodeError` if it cannot. */
export function readEvents(reader: ByteReader, batch: EventBatch): void {
  const at = reader.at;
  if (reader.u8() !== VERSION) throw new DecodeError('unknown version of market events', at);
  const mask = reader.u8();
  const frames = reader.u16();
  const count = reader.u32();
  if (frames > batch.framesMax || count > batch.eventsMax || frames === 0) {
    throw new DecodeError(`${frames} frames of ${count} events do not fit the batch`, at);
  }
  batch.clear();
  readFrames(reader, batch, frames, count);
  for (const column of [batch.kind, batch.exchange, batch.flags, batch.symbol, batch.venueUs]) {
    readColumn(reader, column, count);
  }
  const values = valueColumns(batch);
  for (let bit = 0; bit < values.length; bit += 1) {
    const column = values[bit];
    if (column === undefined) continue;
    if ((mask & (1 << bit)) === 0) column.fill(0, 0, count);
    else readColumn(reader, column, count);
  }
  batch.count = count;
  batch.frames = frames;
}

type Column = Uint8Array | Uint16Array | Int32Array | Float64Array;

function readFrames(reader: ByteReader, batch: EventBatch, frames: number, count: number): void {
  let previous = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const at = reader.at;
    const end = reader.u32();
    if (end <= previous || end > count) throw new DecodeError('a frame ends out of order', at);
    batch.frameEnd[frame] = end;
    batch.frameUs[frame] = reader.f64();
    previous = end;
  }
  if (previous !== count) throw new DecodeError('events outside of every frame', reader.at);
}

function readColumn(reader: ByteReader, column: Column, count: number): void {
  const raw = reader.raw(count * column.BYTES_PER_ELEMENT);
  new Uint8Array(column.buffer, column.byteOffset, raw.length).set(raw);
}

function writeInBulk(
  writer: ByteWriter,
  batch: EventBatch,
  begin: number,
  end: number,
  mask: number,
): void {
  for (const column of [batch.kind, batch.exchange, batch.flags, batch.symbol, batch.venueUs]) {
    writer.raw(bytesOf(column, begin, end));
  }
  const values = valueColumns(batch);
  for (let bit = 0; bit < values.length; bit += 1) {
    const column = values[bit];
    if (column !== undefined && (mask & (1 << bit)) !== 0) {
      writer.raw(bytesOf(column, begin, end));
    }
  }
}

function writeSingly(
  writer: ByteWriter,
  batch: EventBatch,
  begin: number,
  end: number,
  mask: number,
): void {
  for (let at = begin; at < end; at += 1) writer.u8(batch.kind[at] ?? 0);
  for (let at = begin; at < end; at += 1) writer.u8(batch.exchange[at] ?? 0);
  for (let at = begin; at < end; at += 1) writer.u16(batch.flags[at] ?? 0);
  for (let at = begin; at < end; at += 1) writer.i32(batch.symbol[at] ?? 0);
  for (let at = begin; at < end; at += 1) writer.f64(batch.venueUs[at] ?? 0);
  if ((mask & 1) !== 0) writeDoubles(writer, batch.a, begin, end);
  if ((mask & 2) !== 0) writeDoubles(writer, batch.b, begin, end);
  if ((mask & 4) !== 0) writeDoubles(writer, batch.c, begin, end);
  if ((mask & 8) !== 0) writeDoubles(writer, batch.d, begin, end);
  if ((mask & 16) !== 0) writeDoubles(writer, batch.e, begin, end);
  if ((mask & 32) !== 0) writeDoubles(writer, batch.f, begin, end);
}

function writeDoubles(writer: ByteWriter, column: Float64Array, begin: number, end: number): void {
  for (let at = begin; at < end; at += 1) writer.f64(column[at] ?? 0);
}

function bytesOf(column: Column, begin: number, end: number): Uint8Array {
  const size = column.BYTES_PER_ELEMENT;
  return new Uint8Array(column.buffer, column.byteOffset + begin * size, (end - begin) * size);
}

function valueColumns(batch: EventBatch): readonly Float64Array[] {
  return [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f];
}

function columnMask(batch: EventBatch, begin: number, end: number): number {
  let mask = 0;
  for (let at = begin; at < end; at += 1) {
    if (batch.a[at] !== 0) mask |= 1;
    if (batch.b[at] !== 0) mask |= 2;
    if (batch.c[at] !== 0) mask |= 4;
    if (batch.d[at] !== 0) mask |= 8;
    if (batch.e[at] !== 0) mask |= 16;
    if (batch.f[at] !== 0) mask |= 32;
  }
  return mask;
}
