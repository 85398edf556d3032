import { civilFromDays, DAY, daysFromCivil, MINUTE, SECOND } from '../../../core/time.ts';

const ZERO = 0x30;
const DATE_BYTES = 10;
/** `2026-11-19T15:04:05`: a fraction or the zone follows. */
const CLOCK_BYTES = 19;
const PLACES_MAX = 9;

/**
 * Moments of RFC 3339 from bytes, as `parseTime` of core/time reads them from text: any offset, 0
 * to 9 places, what lies below a microsecond is cut. The last date is kept: it is nearly always
 * that of the next event too.
 */
export class TimeBytes {
  readonly #date = new Uint8Array(DATE_BYTES);
  #dateUs = Number.NaN;

  /** Microseconds, or NaN where the bytes are no moment. */
  read(bytes: Uint8Array, from: number, to: number): number {
    if (to - from <= CLOCK_BYTES) return Number.NaN;
    const separator = bytes[from + 10];
    if (separator !== 0x54 && separator !== 0x20) return Number.NaN;
    if (bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a) return Number.NaN;
    const hour = two(bytes, from + 11);
    const minute = two(bytes, from + 14);
    const second = two(bytes, from + 17);
    // A field that is no number is NaN, which fails as well.
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
    let at = from + CLOCK_BYTES;
    let fraction = 0;
    if (bytes[at] === 0x2e) {
      const begin = at + 1;
      at = begin;
      let unit = 100_000;
      for (; at < to; at += 1) {
        const digit = (bytes[at] ?? 0) - ZERO;
        if (digit < 0 || digit > 9) break;
        // Places beyond the sixth weigh nothing.
        fraction += digit * unit;
        unit = Math.floor(unit / 10);
      }
      if (at === begin || at - begin > PLACES_MAX) return Number.NaN;
    }
    const clock = (hour * 60 + minute) * MINUTE + second * SECOND + fraction;
    return this.#dayUs(bytes, from) + clock - offsetUs(bytes, at, to);
  }

  #dayUs(bytes: Uint8Array, from: number): number {
    const date = this.#date;
    for (let at = 0; at < DATE_BYTES; at += 1) {
      if (bytes[from + at] !== date[at]) return this.#newDay(bytes, from);
    }
    return this.#dateUs;
  }

  #newDay(bytes: Uint8Array, from: number): number {
    const isDate = bytes[from + 4] === 0x2d && bytes[from + 7] === 0x2d;
    const year = two(bytes, from) * 100 + two(bytes, from + 2);
    const month = two(bytes, from + 5);
    const day = two(bytes, from + 8);
    if (!isDate || !(year + month + day >= 0)) return Number.NaN;
    const days = daysFromCivil(year, month, day);
    const civil = civilFromDays(days);
    if (civil.year !== year || civil.month !== month || civil.day !== day) return Number.NaN;
    this.#date.set(bytes.subarray(from, from + DATE_BYTES));
    this.#dateUs = days * DAY;
    return this.#dateUs;
  }
}

/** Two digits; NaN where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones;
}

/** `Z`, `-05:00`, `+0530`; NaN for anything else. */
function offsetUs(bytes: Uint8Array, at: number, to: number): number {
  const sign = bytes[at];
  if (sign === 0x5a) return to === at + 1 ? 0 : Number.NaN;
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN;
  const colon = bytes[at + 3] === 0x3a ? 1 : 0;
  if (to !== at + 5 + colon) return Number.NaN;
  const hour = two(bytes, at + 1);
  const minute = two(bytes, at + 3 + colon);
  if (!(hour <= 23 && minute <= 59)) return Number.NaN;
  return (hour * 60 + minute) * (sign === 0x2d ? -MINUTE : MINUTE);
}
