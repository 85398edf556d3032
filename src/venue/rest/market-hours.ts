import {
  civilFromDays,
  type DateNumber,
  daysOfDate,
  formatTime,
  HOUR,
  MINUTE,
} from '../../core/time.ts';
import {
  newYorkDate,
  newYorkOffsetUs,
  nextTradingDay,
  sessionOf,
  type TradingDay,
  tradingDay,
} from '../../domain/market/calendar.ts';

/** `2026-11-19T10:04:05.1-05:00`: the clock speaks New York's time, not UTC (venues.md 4.2). */
export function newYorkTime(us: number): string {
  const offsetUs = newYorkOffsetUs(us);
  const hours = Math.floor(Math.abs(offsetUs) / HOUR);
  const minutes = Math.floor(Math.abs(offsetUs) / MINUTE) % 60;
  const text = formatTime(us + offsetUs)
    .slice(0, -1)
    .replace(/\.?0+$/, '');
  return `${text}${offsetUs < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

/** `2026-11-27`. */
export function dateText(date: DateNumber): string {
  const { year, month, day } = civilFromDays(daysOfDate(date));
  return `${year}-${two(month)}-${two(day)}`;
}

/** `09:30` on New York's clocks. */
export function clockText(us: number): string {
  return formatTime(us + newYorkOffsetUs(us)).slice(11, 16);
}

/** When the core session begins and ends next. */
export function nextEdges(us: number): { readonly openUs: number; readonly closeUs: number } {
  const date = newYorkDate(us);
  const today = tradingDay(date);
  const next = nextTradingDay(date);
  const openUs = today !== undefined && us < today.openUs ? today.openUs : (next?.openUs ?? 0);
  const closeUs = today !== undefined && us < today.closeUs ? today.closeUs : (next?.closeUs ?? 0);
  return { openUs, closeUs };
}

/** The phase of the day and when it ends. */
export function phaseAt(us: number): { readonly phase: string; readonly untilUs: number } {
  const phase = sessionOf(us);
  const today = tradingDay(newYorkDate(us));
  switch (phase) {
    case 'pre':
      return { phase, untilUs: today?.openUs ?? us };
    case 'core':
      return { phase, untilUs: today?.closeUs ?? us };
    case 'post':
      return { phase, untilUs: today?.postUs ?? us };
    case 'closed': {
      const isBefore = today !== undefined && us < today.preUs;
      const next = isBefore ? today : nextTradingDay(newYorkDate(us));
      return { phase, untilUs: next?.preUs ?? us };
    }
  }
}

/** Trading days of a span, both ends included. */
export function tradingDays(from: DateNumber, to: DateNumber): readonly TradingDay[] {
  const days: TradingDay[] = [];
  let day = tradingDay(from) ?? nextTradingDay(from);
  while (day !== undefined && day.date <= to) {
    days.push(day);
    day = nextTradingDay(day.date);
  }
  return days;
}

/** Shares and money change hands on the next trading day. */
export function settlementDate(date: DateNumber): DateNumber {
  return nextTradingDay(date)?.date ?? date;
}

/** The date some days before or after another. */
export function dateAway(date: DateNumber, days: number): DateNumber {
  const { year, month, day } = civilFromDays(daysOfDate(date) + days);
  return year * 10_000 + month * 100 + day;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
