import { FieldNames } from '../../wire/field-names.ts';
import { MessageFields } from '../../wire/message-fields.ts';

/**
 * The fields of Polygon's stock events (venues.md 6.1). Also those that nothing is made of: a name
 * that is known is passed over faster.
 */
const NAMES = [
  'ev',
  'sym',
  'T',
  't',
  'q',
  'z',
  'x',
  'i',
  'p',
  's',
  'c',
  'trfi',
  'trft',
  'ds',
  'pt',
  'bx',
  'bp',
  'bs',
  'ax',
  'ap',
  'as',
  'v',
  'av',
  'dv',
  'dav',
  'op',
  'vw',
  'o',
  'h',
  'l',
  'a',
  'e',
  'n',
  'otc',
] as const;

export type FieldName = (typeof NAMES)[number];

export const FIELD_NAMES = new FieldNames(NAMES);

/** The place of a field; known when the file is read, so that each use is a constant. */
export function placeOf(name: FieldName): number {
  return FIELD_NAMES.placeOf(name);
}

export function polygonFields(): MessageFields {
  return new MessageFields(FIELD_NAMES);
}
