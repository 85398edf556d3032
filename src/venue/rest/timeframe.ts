import { civilFromDays, dateNumber, daysFromCivil, MINUTE, weekday } from '../../core/time.ts';
import { newYorkDayNumber, newYorkToUs, usOfNewYorkDay } from '../../domain/market/calendar.ts';
import type { BarRow } from '../archive/bar-row.ts';

export interface Timeframe {
  readonly unit: 'minute' | 'day' | 'week' | 'month';
  readonly count: number;
}

/** `[1-59]Min [1-23]Hour 1Day 1Week [1,2,3,4,6,12]Month`, or their first letters (venues.md 5). */
export function parseTimeframe(text: string): Timeframe | undefined {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/.exec(text);
  if (match === null) return undefined;
  const count = Number(match[1]);
  switch (match[2]) {
    case 'Min':
    case 'T':
      return count >= 1 && count <= 59 ? { unit: 'minute', count } : undefined;
    case 'Hour':
    case 'H':
      return count >= 1 && count <= 23 ? { unit: 'minute', count: count * 60 } : undefined;
    case 'Day':
    case 'D':
      return count === 1 ? { unit: 'day', count } : undefined;
    case 'Week':
    case 'W':
      return count === 1 ? { unit: 'week', count } : undefined;
    default:
      return MONTHS.has(count) ? { unit: 'month', count } : undefined;
  }
}

const MONTHS: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 12]);

/** Where the bar begins that a moment belongs to; days and longer begin at New York's midnight. */
export function bucketStartUs(us: number, { unit, count }: Timeframe): number {
  if (unit === 'minute') {
    const sinceUs = usOfNewYorkDay(us);
    const length = count * MINUTE;
    return us - sinceUs + Math.floor(sinceUs / length) * length;
  }
  const days = newYorkDayNumber(us);
  if (unit === 'day') return midnightUs(days);
  if (unit === 'week') return midnightUs(days - ((weekday(days) + 6) % 7));
  const { year, month } = civilFromDays(days);
  return midnightUs(daysFromCivil(year, month - ((month - 1) % count), 1));
}

function midnightUs(days: number): number {
  return newYorkToUs(dateNumber(civilFromDays(days)), 0);
}

/** Bars of a longer span from those of a shorter, which come in time order. */
export function regroup(bars: readonly BarRow[], timeframe: Timeframe): readonly BarRow[] {
  const groups: BarRow[] = [];
  for (const bar of bars) {
    const startUs = bucketStartUs(bar.startUs, timeframe);
    const open = groups.at(-1);
    if (open?.startUs !== startUs) {
      groups.push({ ...bar, startUs });
      continue;
    }
    const turnover = open.vwap * open.volume + bar.vwap * bar.volume;
    open.high = Math.max(open.high, bar.high);
    open.low = Math.min(open.low, bar.low);
    open.close = bar.close;
    open.volume += bar.volume;
    open.trades += bar.trades;
    open.vwap = turnover / open.volume;
  }
  return groups;
}
