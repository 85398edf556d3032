import { DAY, daysOfDate } from '../core/time.ts';
import type { DailyBar } from '../domain/market/daily-bar.ts';
import { BAR, BAR_FINAL, type EventBatch } from '../domain/market/event-batch.ts';
import type { MarketSource } from '../ports/market-source.ts';

/**
 * A market preceded by its past: daily bars of the symbols, as frames received at `atUs`, so that
 * layer 1 has its 20 days. History enters like every other market event and is journaled with it.
 */
export function withHistory(
  source: MarketSource,
  history: ReadonlyMap<string, readonly DailyBar[]>,
  atUs: number,
): MarketSource {
  // By days: who compares symbols must not see one's last day before another's first.
  const rows = source.symbols
    .flatMap(({ name }, symbol) => (history.get(name) ?? []).map((bar) => ({ symbol, bar })))
    .toSorted((left, right) => left.bar.date - right.bar.date);
  let next = 0;
  return {
    name: source.name,
    symbols: source.symbols,
    calendar: source.calendar,
    get faults() {
      return source.faults;
    },
    next(batch) {
      if (next >= rows.length) return source.next(batch);
      batch.clear();
      for (; next < rows.length && !batch.isFull; next += 1) {
        const row = rows[next];
        if (row !== undefined) addDay(batch, row.symbol, row.bar);
      }
      batch.endFrame(atUs);
      return true;
    },
    close: () => source.close(),
  };
}

/** A day's bar as a market event. */
export function addDay(batch: EventBatch, symbol: number, bar: DailyBar): void {
  const at = batch.add(BAR, symbol, daysOfDate(bar.date) * DAY, BAR_FINAL, 0);
  batch.a[at] = bar.open;
  batch.b[at] = bar.high;
  batch.c[at] = bar.low;
  batch.d[at] = bar.close;
  batch.e[at] = bar.volume;
  batch.f[at] = DAY;
}
