import { FieldNames } from '../../wire/field-names.ts';
import { MessageFields } from '../../wire/message-fields.ts';

/**
 * The fields of Alpaca's market data (venues.md 2.5). Also those that nothing is made of: a name
 * that is known is passed over faster.
 */
const NAMES = [
  'T',
  'S',
  't',
  'z',
  'x',
  'i',
  'p',
  's',
  'c',
  'bx',
  'bp',
  'bs',
  'ax',
  'ap',
  'as',
  'o',
  'h',
  'l',
  'v',
  'n',
  'vw',
  'u',
  'd',
  'sc',
  'sm',
  'rc',
  'rm',
  'oi',
  'op',
  'os',
  'oc',
  'ci',
  'cp',
  'cs',
  'cc',
  'a',
  'tks',
] as const;

export type FieldName = (typeof NAMES)[number];

export const FIELD_NAMES = new FieldNames(NAMES);

/** The place of a field; known when the file is read, so that each use is a constant. */
export function placeOf(name: FieldName): number {
  return FIELD_NAMES.placeOf(name);
}

export function alpacaFields(): MessageFields {
  return new MessageFields(FIELD_NAMES);
}
