import { FeatureEngine } from '../../domain/features/feature-engine.ts';
import { tradingDay } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { addDay } from '../history-source.ts';
import type { TakenRows } from './minute-rows.ts';
import { RowTaker, type WideSet } from './symbol-rows.ts';

export interface DayRowsOptions {
  /** In the order of dates. */
  readonly bars: ReadonlyMap<string, readonly DailyBar[]>;
  readonly wide: WideSet;
  readonly sectors: ReadonlyMap<string, string>;
  /** The last so many trading days give rows; those before teach the features. */
  readonly lookbackDays: number | undefined;
  readonly progress: (nowUs: number, rows: number) => void;
}

/** Days of several symbols, one day after the other, each known when its session had closed. */
export function dayRows(options: DayRowsOptions): TakenRows {
  const { bars, wide, sectors, lookbackDays, progress } = options;
  const symbols = [...bars.keys()].toSorted().map((name) => {
    return { name, sector: sectors.get(name) ?? '' };
  });
  const byDate = new Map<number, { readonly symbol: number; readonly bar: DailyBar }[]>();
  symbols.forEach(({ name }, symbol) => {
    for (const bar of bars.get(name) ?? []) {
      const day = byDate.get(bar.date);
      if (day === undefined) byDate.set(bar.date, [{ symbol, bar }]);
      else day.push({ symbol, bar });
    }
  });
  const dates = [...byDate.keys()].toSorted((left, right) => left - right);
  const firstDate = lookbackDays === undefined ? undefined : dates.at(-lookbackDays);
  const fromUs = tradingDay(firstDate ?? 0)?.closeUs ?? Number.NEGATIVE_INFINITY;
  const engine = new FeatureEngine({
    set: wide.set,
    symbolsMax: Math.max(1, symbols.length),
    from: { kind: 'trades', graceUs: 0 },
  });
  symbols.forEach(({ name, sector }, at) => engine.name(at, name, sector));
  const taker = new RowTaker(wide, fromUs);
  const batch = new EventBatch(Math.max(1, symbols.length), 1);
  let closed = 0;
  for (const date of dates) {
    const closeUs = tradingDay(date)?.closeUs;
    const day = byDate.get(date) ?? [];
    if (closeUs === undefined) {
      closed += day.length;
      continue;
    }
    batch.clear();
    for (const { symbol, bar } of day) addDay(batch, symbol, bar);
    batch.endFrame(closeUs);
    engine.takeFrame(batch, 0);
    for (const { symbol } of day) {
      taker.take(symbol, closeUs, (row, flags) => engine.row(symbol, row, flags, 0));
    }
    progress(closeUs, taker.rows);
  }
  const dropped = {
    'feature not known yet': taker.refused,
    'bar of a day without a session': closed,
    'refused day': engine.refusedDays,
    'with a stand-in (kept)': taker.imputed,
  };
  return { rows: taker.finish(symbols), dropped };
}
