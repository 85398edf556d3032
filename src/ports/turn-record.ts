import { type ByteReader, type ByteWriter, DecodeError } from '../core/bytes.ts';
import { Hash64 } from '../core/hash.ts';
import { type Effect, EFFECT_TRAITS, effectCodec } from './effect.ts';
import { type Fact, factCodec } from './fact.ts';

/** Kinds of journal records. */
export const RECORD_MARKET = 1;
export const RECORD_INPUT = 2;
export const RECORD_TURN = 3;

/** One thing a turn produced, in the order it was produced. */
export type TurnItem =
  | { readonly type: 'fact'; readonly actor: number; readonly fact: Fact }
  | {
      readonly type: 'effect';
      readonly actor: number;
      readonly requestedUs: number;
      readonly effect: Effect;
    }
  /** A bulky effect of which the journal keeps only the hash. */
  | {
      readonly type: 'digest';
      readonly actor: number;
      readonly requestedUs: number;
      readonly effectKind: string;
      readonly hash: string;
    };

/** A timer that a handler set. Kernel state, not a decision: recorded, not hashed. */
export interface TimerSet {
  readonly actor: number;
  readonly dueUs: number;
  readonly tag: string;
  readonly key: number;
}

/** A handling that threw: the `ordinal`-th of that actor in this turn. Honoured on `verify`. */
export interface CrashPoint {
  readonly actor: number;
  readonly ordinal: number;
  readonly code: string;
  readonly message: string;
}

/** What one turn left behind: the journal's second half, written after its input. */
export interface TurnRecord {
  readonly items: readonly TurnItem[];
  readonly timers: readonly TimerSet[];
  readonly crashes: readonly CrashPoint[];
}

/** A turn as the journal keeps it, with the decision hash after it. */
export interface RecordedTurn extends TurnRecord {
  readonly hashHigh: number;
  readonly hashLow: number;
}

const FACT = 0;
const EFFECT = 1;
const DIGEST = 2;

/**
 * Writes a turn and folds its decision into `hash`: the bytes of facts and effects, in order,
 * without actor numbers, ids or timers, so that grouping and numbering change nothing.
 */
export function writeTurn(writer: ByteWriter, turn: TurnRecord, hash: Hash64): void {
  writer.u32(turn.crashes.length);
  for (const crash of turn.crashes) {
    writer.u8(crash.actor);
    writer.u32(crash.ordinal);
    writer.text(crash.code);
    writer.text(crash.message);
  }
  writer.u32(turn.timers.length);
  for (const timer of turn.timers) {
    writer.u8(timer.actor);
    writer.f64(timer.dueUs);
    writer.text(timer.tag);
    writer.f64(timer.key);
  }
  writer.u32(turn.items.length);
  for (const item of turn.items) writeItem(writer, item, hash);
  writer.i32(hash.high);
  writer.i32(hash.low);
}

/** Throws `DecodeError` where the bytes are not a turn. */
export function readTurn(reader: ByteReader): RecordedTurn {
  const crashes: CrashPoint[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    crashes.push({
      actor: reader.u8(),
      ordinal: reader.u32(),
      code: reader.text(),
      message: reader.text(),
    });
  }
  const timers: TimerSet[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    timers.push({
      actor: reader.u8(),
      dueUs: reader.f64(),
      tag: reader.text(),
      key: reader.f64(),
    });
  }
  const items: TurnItem[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) items.push(readItem(reader));
  return { items, timers, crashes, hashHigh: reader.i32(), hashLow: reader.i32() };
}

function writeItem(writer: ByteWriter, item: TurnItem, hash: Hash64): void {
  switch (item.type) {
    case 'fact': {
      writer.u8(FACT);
      writer.u8(item.actor);
      const at = writer.length;
      factCodec.write(writer, item.fact);
      hash.bytes(writer.bytes, at, writer.length);
      return;
    }
    case 'effect':
      return writeEffect(writer, item.actor, item.requestedUs, item.effect, hash);
    case 'digest':
      writer.u8(DIGEST);
      writer.u8(item.actor);
      writer.f64(item.requestedUs);
      writer.text(item.effectKind);
      writer.text(item.hash);
      return;
  }
}

function writeEffect(
  writer: ByteWriter,
  actor: number,
  requestedUs: number,
  effect: Effect,
  hash: Hash64,
): void {
  const start = writer.length;
  writer.u8(EFFECT);
  writer.u8(actor);
  writer.f64(requestedUs);
  const at = writer.length;
  effectCodec.write(writer, effect);
  hash.bytes(writer.bytes, at, writer.length);
  if (EFFECT_TRAITS[effect.kind].journaled === 'whole') return;
  const own = new Hash64();
  own.bytes(writer.bytes, at, writer.length);
  writer.truncate(start);
  writer.u8(DIGEST);
  writer.u8(actor);
  writer.f64(requestedUs);
  writer.text(effect.kind);
  writer.text(own.hex());
}

function readItem(reader: ByteReader): TurnItem {
  const at = reader.at;
  const type = reader.u8();
  const actor = reader.u8();
  switch (type) {
    case FACT:
      return { type: 'fact', actor, fact: factCodec.read(reader) };
    case EFFECT:
      return {
        type: 'effect',
        actor,
        requestedUs: reader.f64(),
        effect: effectCodec.read(reader),
      };
    case DIGEST:
      return {
        type: 'digest',
        actor,
        requestedUs: reader.f64(),
        effectKind: reader.text(),
        hash: reader.text(),
      };
    default:
      throw new DecodeError('unknown type of turn item', at);
  }
}
