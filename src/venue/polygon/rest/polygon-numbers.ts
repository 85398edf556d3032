import { PRICE_SCALE } from '../../../core/money.ts';
import { wireTime } from '../../sockets/wire-event.ts';

/** Ten-thousandths to dollars; the division is correctly rounded, so it prints whole. */
export function dollars(ticks: number): number {
  return ticks / PRICE_SCALE;
}

/** Four places. */
export function rounded(ticks: number): number {
  return Math.round(ticks) / PRICE_SCALE;
}

/**
 * Nanoseconds since 1970, exactly: a double has no room for them, so they travel as a marked text
 * and become digits when the body is written.
 */
export function nanos(us: number): string | number {
  if (us === 0) return 0;
  return `${MARK}${us}${String(wireTime(us).nanos).padStart(3, '0')}`;
}

const MARK = '\u0001ns';

/** JSON with the digits of nanoseconds in full. */
export function bodyText(body: unknown): string {
  return JSON.stringify(body).replaceAll(/"\\u0001ns(\d+)"/g, '$1');
}
