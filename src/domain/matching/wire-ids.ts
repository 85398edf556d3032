import { Random } from '../../core/random.ts';

/** What an id is drawn for: each has its own row of numbers. */
export type IdKind = 'account' | 'asset' | 'order' | 'clientOrder' | 'event' | 'activity';

/** A version 4 UUID out of seed, kind and number: the same in every run. */
export function uuidOf(seed: number, kind: IdKind, number: number): string {
  // Seed, kind and number are three of the generator's four words: no two ids share a state.
  const random = new Random((seed % WORD) + STREAMS[kind] * WORD, number);
  const words = [random.u32(), random.u32(), random.u32(), random.u32()];
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

const WORD = 4_294_967_296;

const STREAMS: Readonly<Record<IdKind, number>> = {
  account: 1,
  asset: 2,
  order: 3,
  clientOrder: 4,
  event: 5,
  activity: 6,
};

/** A ULID: 48 bits of milliseconds, then the count, so that ids sort as their events came. */
export function ulidOf(us: number, count: number): string {
  return crockford(Math.floor(us / 1_000), 10) + crockford(count, 16);
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function crockford(value: number, length: number): string {
  let text = '';
  let left = value;
  for (let at = 0; at < length; at += 1) {
    text = DIGITS.charAt(left % 32) + text;
    left = Math.floor(left / 32);
  }
  return text;
}
