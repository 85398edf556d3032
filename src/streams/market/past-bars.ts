import { civilFromDays, dateNumber, type DateNumber, daysOfDate } from '../../core/time.ts';
import { newYorkDate, newYorkToUs } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { ticksOf } from '../wire/event-values.ts';
import type { HistoryBar, HistorySpan } from './market-history.ts';
import type { Timeframe } from '../alpaca/history/rest-history.ts';

/** Calendar days that hold this many sessions, with a week of holidays to spare. */
const CALENDAR_DAYS = 1.5;
const SPARE_DAYS = 7;
/** Symbols between two words of progress; a request's worth, so that none is sent in vain. */
const PORTION = 400;

/** Where past bars come from: `RestHistory`. */
export interface BarSource {
  bars(
    timeframe: Timeframe,
    span: HistorySpan,
    take: (name: string, bars: readonly HistoryBar[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
}

export interface DailyRequest {
  readonly symbols: readonly string[];
  /** Sessions of each symbol at most, the newest. */
  readonly days: number;
  /** The first date that is not wanted: usually today. */
  readonly before: DateNumber;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Daily bars for the session's start, oldest first. A symbol without any has no entry. */
export async function fetchDailyBars(
  source: BarSource,
  request: DailyRequest,
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const { symbols, days, before, onProgress, signal } = request;
  const toUs = newYorkToUs(before, 0);
  const reach = Math.ceil(days * CALENDAR_DAYS) + SPARE_DAYS;
  const first = dateNumber(civilFromDays(daysOfDate(before) - reach));
  const fromUs = newYorkToUs(first, 0);
  const daily = new Map<string, readonly DailyBar[]>();
  for (let at = 0; at < symbols.length; at += PORTION) {
    const portion = symbols.slice(at, at + PORTION);
    await source.bars('1Day', { symbols: portion, fromUs, toUs }, take, signal);
    onProgress?.(Math.min(at + PORTION, symbols.length), symbols.length);
  }
  return daily;

  function take(name: string, bars: readonly HistoryBar[]): void {
    const kept = bars.map(dailyBar).filter(({ date }) => date < before);
    if (kept.length > 0) daily.set(name, kept.slice(-days));
  }
}

function dailyBar(bar: HistoryBar): DailyBar {
  return {
    // Stamped with midnight in New York; noon would not matter, a zone would.
    date: newYorkDate(bar.startUs),
    open: ticksOf(bar.open),
    high: ticksOf(bar.high),
    low: ticksOf(bar.low),
    close: ticksOf(bar.close),
    volume: bar.volume,
  };
}
