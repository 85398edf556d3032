import { DAY } from '../../core/time.ts';
import { newYorkDate } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { BAR, EventBatch, TRADE } from '../../domain/market/event-batch.ts';
import type { MarketSource } from '../../ports/market-source.ts';

/** The days of each symbol out of a market's bars, or of its trades; closes the market. */
export function daysOfMarket(
  source: MarketSource,
  untilUs: number,
): ReadonlyMap<string, readonly DailyBar[]> {
  const days: Day[][] = source.symbols.map(() => []);
  const batch = new EventBatch();
  try {
    let isOver = false;
    while (!isOver && source.next(batch)) {
      for (let event = 0; event < batch.count; event += 1) hear(days, batch, event, untilUs);
      isOver = (batch.frameUs[batch.frames - 1] ?? 0) >= untilUs;
    }
  } finally {
    source.close();
  }
  const found = source.symbols.map(({ name }, at) => [name, days[at] ?? []] as const);
  return new Map(found.filter(([, bars]) => bars.length > 0));
}

interface Day {
  date: number;
  /** Before when the date is the same. */
  endUs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

function hear(days: readonly Day[][], batch: EventBatch, event: number, untilUs: number): void {
  const kind = batch.kind[event];
  if (kind !== BAR && kind !== TRADE) return;
  const own = days[batch.symbol[event] ?? -1];
  const us = batch.venueUs[event] ?? 0;
  if (own === undefined || us >= untilUs) return;
  const isOfDay = kind === BAR && (batch.f[event] ?? 0) >= DAY;
  const [high, low, close] =
    kind === BAR
      ? [batch.b[event] ?? 0, batch.c[event] ?? 0, batch.d[event] ?? 0]
      : [batch.a[event] ?? 0, batch.a[event] ?? 0, batch.a[event] ?? 0];
  const volume = (kind === BAR ? batch.e[event] : batch.b[event]) ?? 0;
  const day = own.at(-1);
  if (day !== undefined && us < day.endUs && !isOfDay) {
    day.high = Math.max(day.high, high);
    day.low = Math.min(day.low, low);
    day.close = close;
    day.volume += volume;
    return;
  }
  // A bar of a day begins at midnight in UTC, which is the evening before in New York.
  const date = newYorkDate(isOfDay ? us + DAY / 2 : us);
  const endUs = Math.floor(us / DAY) * DAY + DAY;
  own.push({ date, endUs, open: batch.a[event] ?? 0, high, low, close, volume });
}
