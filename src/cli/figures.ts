import { formatMoney, PRICE_SCALE } from '../core/money.ts';
import { formatTime, HOUR, MINUTE, MS, SECOND } from '../core/time.ts';
import { newYorkOffsetUs } from '../domain/market/calendar.ts';

/** Figures as people read them: only for showing, nothing is reckoned with what comes out. */

const CENT = PRICE_SCALE / 100;

/** Ten-thousandths as dollars to the cent: `-1,234.57`. */
export function dollars(ticks: number): string {
  const cents = Math.round(Math.abs(ticks) / CENT);
  const sign = ticks < 0 && cents > 0 ? '-' : '';
  return `${sign}${count(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
}

/** With its sign, where it is not zero: `+12.30`. */
export function signedDollars(ticks: number): string {
  const text = dollars(ticks);
  return ticks > 0 && text !== '0.00' ? `+${text}` : text;
}

/** A price to its last place; `-` where there is none. */
export function priceText(ticks: number): string {
  return Number.isFinite(ticks) ? formatMoney(Math.round(ticks)) : '-';
}

/** `1,234,567`. */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A ratio as a signed percentage: `+0.12 %`. */
export function percent(ratio: number): string {
  if (!Number.isFinite(ratio)) return '-';
  const text = (ratio * 100).toFixed(2);
  if (Number(text) === 0) return '0.00 %';
  return `${ratio > 0 ? '+' : ''}${text} %`;
}

/** A measure of unknown size in few characters: four digits, no exponent below a million. */
export function measure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 10_000) return count(value);
  return String(Number(value.toPrecision(4)));
}

/** New York's clocks: `09:30:00`. */
export function clock(us: number): string {
  return local(us).slice(11, 19);
}

/** To the microsecond: `09:30:00.000125`. */
export function exactClock(us: number): string {
  return local(us).slice(11, 26);
}

/** New York's date: `2013-10-07`. */
export function dateOf(us: number): string {
  return local(us).slice(0, 10);
}

/** A length of time in its two largest units: `1 h 23 min`, `12.3 s`, `850 ms`. */
export function span(us: number): string {
  if (us >= HOUR) return `${Math.floor(us / HOUR)} h ${Math.floor((us % HOUR) / MINUTE)} min`;
  if (us >= MINUTE) {
    return `${Math.floor(us / MINUTE)} min ${Math.floor((us % MINUTE) / SECOND)} s`;
  }
  if (us >= 10 * SECOND) return `${Math.round(us / SECOND)} s`;
  if (us >= SECOND) return `${(us / SECOND).toFixed(1)} s`;
  if (us === 0) return '0 s';
  return us >= MS ? `${Math.round(us / MS)} ms` : `${Math.round(us)} us`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** In steps of a thousand, as disks are sold: `12.3 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < BYTE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** `1 order`, `2 orders`. */
export function plural(many: number, one: string, more = `${one}s`): string {
  return `${count(many)} ${many === 1 ? one : more}`;
}

function local(us: number): string {
  return formatTime(us + newYorkOffsetUs(us));
}
