import { type MessageFields, MOMENT } from '../../wire/message-fields.ts';
import { placeOf } from './field-places.ts';

const EV = placeOf('ev');
/** Above these a time is in microseconds, and in nanoseconds: both hold for the years to 5138. */
export const MS_MAX = 100_000_000_000_000;
export const MS_TO_US = 1_000;

export const KIND_T = 0x54;
export const KIND_Q = 0x51;
export const KIND_A = 0x41;
export const KIND_AM = 0x4d41;
export const KIND_LULD = 0x444c_554c;
export const KIND_NOI = 0x49_4f4e;
export const KIND_FMV = 0x56_4d46;
export const KIND_NEWS = 0x7377_656e;
export const KIND_STATUS = 1;
const KIND_OTHER = 0;

/** The kind's letters as one number, the first the lowest. */
export function kindOf(fields: MessageFields): number {
  const source = fields.source(EV);
  const from = fields.from[EV] ?? 0;
  const length = (fields.to[EV] ?? 0) - from;
  if (length === 1) return source[from] ?? 0;
  if (length > 4) return isStatus(source, from, length) ? KIND_STATUS : KIND_OTHER;
  let kind = 0;
  for (let at = length - 1; at >= 0; at -= 1) kind = (kind << 8) | (source[from + at] ?? 0);
  return kind;
}

const STATUS_WORD = new Uint8Array([0x73, 0x74, 0x61, 0x74, 0x75, 0x73]);

function isStatus(source: Uint8Array, from: number, length: number): boolean {
  return length === 6 && STATUS_WORD.every((letter, at) => source[from + at] === letter);
}

/** Microseconds of a time, whose unit its size tells; NaN where there is none. */
export function usOf(fields: MessageFields, place: number): number {
  if (fields.kind[place] === MOMENT) return fields.number[place] ?? Number.NaN;
  const time = fields.wideOf(place);
  if (time < MS_MAX) return Math.floor(time * MS_TO_US);
  return Math.floor(time < MS_MAX * MS_TO_US ? time : time / MS_TO_US);
}
