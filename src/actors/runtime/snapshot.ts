import { type ByteReader, ByteWriter, DecodeError } from '../../core/bytes.ts';
import { effectCodec } from '../../ports/effect.ts';
import { factCodec } from '../../ports/fact.ts';
import { type Input, inputCodec } from '../../ports/input.ts';
import type { Applied } from './definition.ts';
import type { TimerSet } from '../../ports/turn-record.ts';
import { type Kernel, SUPERVISOR } from './kernel.ts';
import { type FamilySlot, resetRow, type Slot } from './slot.ts';
import { liftedBy, liftKey } from './supervision.ts';

const VERSION = 4;
/** Of builds whose rows had no cold part: two bits away, so no flipped one makes it the other. */
const VERSION_WITHOUT_COLD = 2;

/** Where in a session a snapshot was taken, and what to go on with. */
export interface SnapshotPlace {
  readonly sequence: number;
  readonly hashHigh: number;
  readonly hashLow: number;
  readonly life: number;
  /** Market frames taken so far: where a recorded source goes on. */
  readonly frames: number;
}

/**
 * The kernel's whole state between two turns. What decisions made of it is kept as facts, which any
 * later build can apply; what rows learned is kept as doubles, which only a build with the same
 * layout can read (another re-learns them from events).
 */
export function writeSnapshot(kernel: Kernel, place: SnapshotPlace): Uint8Array {
  const writer = new ByteWriter(1 << 16);
  writer.u8(VERSION);
  writer.f64(kernel.nowUs);
  writer.f64(place.sequence);
  writer.i32(place.hashHigh);
  writer.i32(place.hashLow);
  writer.u32(place.life);
  writer.f64(place.frames);
  writer.u8(kernel.slots.length);
  for (const slot of kernel.slots) writeSlot(writer, slot);
  writeTimers(writer, kernel);
  writeOutstanding(writer, kernel);
  const crashes = kernel.supervision.list();
  writer.u32(crashes.length);
  for (const { place: actor, row, times } of crashes) {
    writer.u8(actor);
    writer.i32(row);
    writer.u32(times.length);
    for (const us of times) writer.f64(us);
  }
  return writer.copy();
}

export interface LoadedSnapshot extends SnapshotPlace {
  /** The actors of the build that wrote it, in the order of its table. */
  readonly actors: readonly string[];
}

/** Puts a fresh kernel into the state of a snapshot. Throws `DecodeError` where it cannot be. */
export function loadSnapshot(kernel: Kernel, reader: ByteReader): LoadedSnapshot {
  const version = readVersion(reader);
  const { nowUs, ...place } = readPlaceOf(reader);
  const names: string[] = [];
  for (let left = reader.u8(); left > 0; left -= 1) names.push(readSlot(kernel, reader, version));
  const rows = kernel.slots.map((slot) => (slot.type === 'family' ? slot.rows.rows : 0));
  const named = Math.max(...rows);
  if (named > 0) kernel.growRows(named - 1); // A family that the snapshot does not know.
  const placeOf = placesByName(kernel, names);
  readTimers(kernel, reader, placeOf);
  readOutstanding(kernel, reader, placeOf);
  readCrashes(kernel, reader, placeOf);
  kernel.nowUs = nowUs;
  return { ...place, actors: names };
}

/** Where a snapshot was taken, and when, without loading it. Throws `DecodeError`. */
export function readPlace(reader: ByteReader): SnapshotPlace & { readonly nowUs: number } {
  readVersion(reader);
  return readPlaceOf(reader);
}

function readVersion(reader: ByteReader): number {
  const version = reader.u8();
  if (version === VERSION || version === VERSION_WITHOUT_COLD) return version;
  throw new DecodeError('unknown version of snapshot', 0);
}

function readPlaceOf(reader: ByteReader): SnapshotPlace & { readonly nowUs: number } {
  return {
    nowUs: reader.f64(),
    sequence: reader.f64(),
    hashHigh: reader.i32(),
    hashLow: reader.i32(),
    life: reader.u32(),
    frames: reader.f64(),
  };
}

/** Actors are named in the journal by place; another build may have others. */
export function placesByName(kernel: Kernel, names: readonly string[]): PlaceOf {
  const places = names.map((name) => {
    const slot = kernel.slots.find(({ definition }) => definition.name === name);
    return slot?.place;
  });
  return (place) => (place < names.length ? places[place] : place);
}

/** A timer of another build's table, for this one's: also the supervisor's, which names a place. */
export function timerByName(timer: TimerSet, placeOf: PlaceOf): TimerSet | undefined {
  const actor = placeOf(timer.actor);
  if (actor === undefined || actor !== SUPERVISOR) {
    return actor === undefined ? undefined : { ...timer, actor };
  }
  const { place, row } = liftedBy(timer.key);
  const lifted = placeOf(place);
  return lifted === undefined ? undefined : { ...timer, key: liftKey(lifted, row) };
}

type PlaceOf = (place: number) => number | undefined;

const FACT = 0;
const INPUT = 1;

function writeSlot(writer: ByteWriter, slot: Slot): void {
  writer.text(slot.definition.name);
  writer.u8(slot.isOut ? 1 : 0);
  const condensed =
    slot.type === 'actor'
      ? slot.definition.condense(slot.state)
      : slot.definition.condense(slot.rows);
  writer.u32(condensed.length);
  for (const applied of condensed) writeApplied(writer, applied);
  writer.u8(slot.type === 'family' ? 1 : 0);
  if (slot.type === 'family') writeRows(writer, slot);
}

function writeRows(writer: ByteWriter, { definition, rows, outRows }: FamilySlot): void {
  writer.text(definition.layoutHash);
  writer.u32(rows.rows);
  writer.u32(definition.stride);
  writer.raw(outRows.subarray(0, rows.rows));
  const values = rows.checkpoint();
  writer.raw(bytesOf(values));
  writer.u32(rows.coldStride);
  if (rows.coldStride === 0) return;
  // Most symbols have none.
  for (let row = 0; row < rows.rows; row += 1) {
    const cold = rows.coldRow(row);
    writer.u8(cold === undefined ? 0 : 1);
    if (cold !== undefined) writer.raw(bytesOf(cold));
  }
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function readSlot(kernel: Kernel, reader: ByteReader, version: number): string {
  const name = reader.text();
  const isOut = reader.u8() === 1;
  const slot = kernel.slots.find(({ definition }) => definition.name === name);
  const condensed: Applied[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) condensed.push(readApplied(reader));
  if (slot !== undefined) slot.isOut = isOut;
  if (reader.u8() === 1) readRows(reader, slot, condensed, version);
  else if (slot?.type === 'actor') {
    for (const applied of condensed) slot.definition.apply(slot.state, applied);
  }
  return name;
}

function readRows(
  reader: ByteReader,
  slot: Slot | undefined,
  condensed: readonly Applied[],
  version: number,
): void {
  const layoutHash = reader.text();
  const rows = reader.u32();
  const stride = reader.u32();
  const outRows = reader.raw(rows);
  const values = readDoubles(reader, rows * stride);
  const coldStride = version === VERSION_WITHOUT_COLD ? 0 : reader.u32();
  const cold = coldStride === 0 ? [] : readCold(reader, rows, coldStride);
  if (slot?.type !== 'family') return;
  if (rows > slot.rows.rowsMax) throw new DecodeError('more rows than this kernel has', reader.at);
  slot.outRows.set(outRows);
  const isOfShape = slot.definition.stride === stride && slot.rows.coldStride === coldStride;
  if (slot.definition.layoutHash === layoutHash && isOfShape) {
    slot.rows.load(values, rows);
    for (const [row, part] of cold) slot.rows.loadCold(row, part);
    return;
  }
  // Another layout: the rows start anew and are warming; what was decided about them stays.
  if (rows > 0) slot.rows.grow(rows - 1);
  for (let row = 0; row < rows; row += 1) resetRow(slot, row);
  for (const applied of condensed) slot.definition.apply(slot.rows, applied);
}

/** Copied by hand: `slice` of a Node buffer would be a view, and at any offset. */
function readDoubles(reader: ByteReader, count: number): Float64Array {
  const bytes = new Uint8Array(reader.raw(count * Float64Array.BYTES_PER_ELEMENT));
  return new Float64Array(bytes.buffer, 0, count);
}

/** The cold parts that there are, by their rows. */
function readCold(reader: ByteReader, rows: number, stride: number): [number, Float64Array][] {
  const parts: [number, Float64Array][] = [];
  for (let row = 0; row < rows; row += 1) {
    if (reader.u8() === 1) parts.push([row, readDoubles(reader, stride)]);
  }
  return parts;
}

function writeApplied(writer: ByteWriter, applied: Applied): void {
  if (isInput(applied)) {
    writer.u8(INPUT);
    inputCodec.write(writer, applied);
  } else {
    writer.u8(FACT);
    factCodec.write(writer, applied);
  }
}

function isInput(applied: Applied): applied is Input {
  return inputKinds.has(applied.kind);
}

function readApplied(reader: ByteReader): Applied {
  return reader.u8() === INPUT ? inputCodec.read(reader) : factCodec.read(reader);
}

const inputKinds: ReadonlySet<string> = new Set(inputCodec.kinds);

function writeTimers(writer: ByteWriter, kernel: Kernel): void {
  const timers = kernel.timers.list();
  writer.u32(timers.length);
  for (const { actor, dueUs, tag, key } of timers) {
    writer.u8(actor);
    writer.f64(dueUs);
    writer.text(tag);
    writer.f64(key);
  }
}

function readTimers(kernel: Kernel, reader: ByteReader, placeOf: PlaceOf): void {
  for (let left = reader.u32(); left > 0; left -= 1) {
    const actor = reader.u8();
    const written = { actor, dueUs: reader.f64(), tag: reader.text(), key: reader.f64() };
    const timer = timerByName(written, placeOf);
    if (timer !== undefined) kernel.timers.add(timer);
  }
}

function writeOutstanding(writer: ByteWriter, kernel: Kernel): void {
  const open = kernel.outstanding.list();
  writer.u32(open.length);
  for (const { input, index, actor, requestedUs, effect } of open) {
    writer.f64(input);
    writer.u32(index);
    writer.u8(actor);
    writer.f64(requestedUs);
    effectCodec.write(writer, effect);
  }
}

function readOutstanding(kernel: Kernel, reader: ByteReader, placeOf: PlaceOf): void {
  for (let left = reader.u32(); left > 0; left -= 1) {
    const id = { input: reader.f64(), index: reader.u32() };
    const actor = placeOf(reader.u8());
    const requested = { requestedUs: reader.f64(), effect: effectCodec.read(reader) };
    if (actor !== undefined) kernel.outstanding.add({ ...id, actor, ...requested });
  }
}

function readCrashes(kernel: Kernel, reader: ByteReader, placeOf: PlaceOf): void {
  for (let left = reader.u32(); left > 0; left -= 1) {
    const place = placeOf(reader.u8());
    const row = reader.i32();
    const times: number[] = [];
    for (let more = reader.u32(); more > 0; more -= 1) times.push(reader.f64());
    if (place !== undefined) kernel.supervision.load({ place, row, times });
  }
}
