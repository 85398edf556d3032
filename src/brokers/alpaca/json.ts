import { isRecord, type JsonRecord } from '../../core/json.ts';

/** Amounts are strings on the wire (venues.md 4.2); one that came as a number is written out. */
export function textOf(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** Undefined where it is no list of objects. */
export function recordsOf(value: unknown): readonly JsonRecord[] | undefined {
  return Array.isArray(value) && value.every(isRecord) ? value : undefined;
}
