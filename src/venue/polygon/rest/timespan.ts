import type { Timeframe } from '../../rest/timeframe.ts';

/**
 * `5` and `minute`: what the archive can make. Bars of seconds are kept by nobody, and of days
 * only one at a time; undefined for those.
 */
export function readTimespan(count: string, timespan: string): Timeframe | undefined {
  if (!/^\d{1,4}$/.test(count)) return undefined;
  const multiplier = Number(count);
  switch (timespan) {
    case 'minute':
      return within(multiplier, MINUTES_MAX, { unit: 'minute', count: multiplier });
    case 'hour':
      return within(multiplier, HOURS_MAX, { unit: 'minute', count: multiplier * 60 });
    case 'day':
    case 'week':
      return within(multiplier, 1, { unit: timespan, count: 1 });
    case 'month':
      return months(multiplier);
    case 'quarter':
      return months(multiplier * 3);
    case 'year':
      return months(multiplier * 12);
    default:
      return undefined;
  }
}

const MINUTES_MAX = 1_439;
const HOURS_MAX = 23;

function within(count: number, most: number, timeframe: Timeframe): Timeframe | undefined {
  return count >= 1 && count <= most ? timeframe : undefined;
}

/** Those that a year is a multiple of. */
function months(count: number): Timeframe | undefined {
  return count >= 1 && count <= 12 && 12 % count === 0 ? { unit: 'month', count } : undefined;
}
