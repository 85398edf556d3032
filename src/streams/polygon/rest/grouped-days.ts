import { civilFromDays, dateNumber, type DateNumber, daysOfDate } from '../../../core/time.ts';
import { tradingDay } from '../../../domain/market/calendar.ts';
import type { DailyBar } from '../../../domain/market/daily-bar.ts';
import { FaultList } from '../../../domain/market/data-fault.ts';
import { ticksOf } from '../../wire/event-values.ts';
import type { DailyRequest } from '../../market/past-bars.ts';
import { forEachAtOnce } from './at-once.ts';
import type { Call, PolygonRest } from './polygon-rest.ts';
import { readBar, readRows, rowsOf, valueOf } from './rest-rows.ts';

/** Calendar days that hold this many sessions, with a week of holidays to spare. */
const CALENDAR_DAYS = 1.5;
const SPARE_DAYS = 7;
/** Requests that are on their way at a time; each answers with some megabytes. */
const AT_ONCE = 4;

/**
 * Daily bars for the session's start, oldest first, adjusted for splits: one request for a day of
 * the whole market. A symbol without any has no entry.
 */
export async function fetchGroupedDays(
  rest: PolygonRest,
  { symbols, days, before, onProgress, signal }: DailyRequest,
  faults: FaultList = new FaultList(),
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const wanted = new Set(symbols);
  const dates = datesBefore(before, Math.ceil(days * CALENDAR_DAYS) + SPARE_DAYS);
  const told = new Map<DateNumber, ReadonlyMap<string, DailyBar>>();
  await forEachAtOnce(dates, AT_ONCE, async (date) => {
    const call: Call = ({ api }, options) =>
      api.getGroupedStocksAggregates(dashed(date), undefined, undefined, options);
    const body = await rest.ask({ query: { adjusted: 'true' }, call, signal });
    const rows = rowsOf(body).filter((row) => wanted.has(String(valueOf(row, 'T'))));
    const read = (row: unknown) => readDay(row, date);
    told.set(date, new Map(readRows(rows, 'grouped bars', read, faults)));
    onProgress?.(told.size, dates.length);
  });
  const found = new Map<string, readonly DailyBar[]>();
  for (const name of symbols) {
    // Newest first until here.
    const bars = dates.flatMap((date) => told.get(date)?.get(name) ?? []).slice(0, days);
    if (bars.length > 0) found.set(name, bars.toReversed());
  }
  return found;
}

/** Trading days of the calendar days before a date, newest first. */
function datesBefore(before: DateNumber, calendarDays: number): readonly DateNumber[] {
  const last = daysOfDate(before);
  const all = Array.from({ length: calendarDays }, (_, at) =>
    dateNumber(civilFromDays(last - 1 - at)),
  );
  return all.filter((date) => tradingDay(date) !== undefined);
}

/** The date is that of the request: `t` is the end of the window here, elsewhere its start. */
function readDay(row: unknown, date: DateNumber): readonly [string, DailyBar] | undefined {
  const name = valueOf(row, 'T');
  const bar = readBar(row);
  if (typeof name !== 'string' || bar === undefined) return undefined;
  const { open, high, low, close, volume } = bar;
  const [o, h, l, c] = [ticksOf(open), ticksOf(high), ticksOf(low), ticksOf(close)];
  return [name, { date, open: o, high: h, low: l, close: c, volume }];
}

/** `2026-11-19` of 20261119. */
function dashed(date: DateNumber): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
