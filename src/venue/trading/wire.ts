import { formatTime } from '../../core/time.ts';
import { newYorkOffsetUs } from '../../domain/market/calendar.ts';
import { amountText } from '../../domain/matching/brokerage-refusal.ts';
import type { VenueRefusal } from '../../domain/matching/venue-refusal.ts';

/** What stands on the wire, and nothing else: absent values are null here. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** A status and a body, for refusals as for successes; 204 has no body. */
export interface DeskAnswer {
  readonly status: number;
  readonly body: Json;
}

/** The parameters of a request's address, as text. */
export type Query = Readonly<Record<string, string | undefined>>;

export function answer(status: number, body: Json): DeskAnswer {
  return { status, body };
}

export function refuse(refusal: VenueRefusal): DeskAnswer {
  const { httpStatus, venueCode, message, details } = refusal;
  return { status: httpStatus, body: { code: venueCode, message, ...details } };
}

export function isRefusal(value: object): value is VenueRefusal {
  return 'venueCode' in value;
}

export function amount(ticks: number | undefined): string | null {
  return ticks === undefined ? null : amountText(ticks);
}

/**
 * The quotient as decimal text, rounded half away from zero, without zeros at its end. Exact: the
 * products do not fit a double.
 */
export function ratioText(dividend: number, divisor: number, places: number): string {
  if (divisor === 0) return '0';
  const sign = dividend < 0 !== divisor < 0 ? '-' : '';
  const [top, bottom] = [BigInt(Math.abs(dividend)), BigInt(Math.abs(divisor))];
  const scaled = (top * 10n ** BigInt(places) * 2n + bottom) / (bottom * 2n);
  const digits = String(scaled).padStart(places + 1, '0');
  const rest = digits.slice(-places).replace(/0+$/, '');
  const text = digits.slice(0, -places) + (rest === '' ? '' : `.${rest}`);
  return text === '0' ? text : sign + text;
}

/** Nanoseconds are made of nothing: the venue's clock has microseconds. */
export function nanoTime(us: number): string {
  return formatTime(us).replace('Z', '000Z');
}

/** Venues mix `Z` with offsets and 0 to 9 places (venues.md 3.2); readers must take them all. */
export type TimeStyle = 'varied' | 'utc';

/** Times that others page by keep every microsecond; the rest may be cut. */
export function timeText(
  us: number | undefined,
  style: TimeStyle,
  choice: number,
  isExact = false,
): string | null {
  if (us === undefined) return null;
  if (style === 'utc') return formatTime(us);
  switch (choice % 5) {
    case 0:
      return offsetTime(us);
    case 1:
      return isExact ? formatTime(us) : `${formatTime(us).slice(0, 23)}Z`;
    case 2:
      return nanoTime(us);
    case 3:
      return isExact ? formatTime(us) : `${formatTime(us).slice(0, 19)}Z`;
    default:
      return formatTime(us);
  }
}

/** `2026-11-19T10:04:05.101334000-05:00`. */
export function offsetTime(us: number): string {
  const offsetUs = newYorkOffsetUs(us);
  const hours = String(Math.abs(offsetUs) / 3_600_000_000).padStart(2, '0');
  return `${formatTime(us + offsetUs).slice(0, 26)}000-${hours}:00`;
}
