import type { DateNumber } from '../../core/time.ts';
import { newYorkToUs } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { TRADE_SIZE_MEAN } from '../market/trade-size.ts';
import type { BarRow } from './bar-row.ts';
import { type Adjustment, AdjustmentTable, type CorporateAction } from './corporate-actions.ts';

/** Daily bars of the days that are over, by symbol, oldest first. */
export class PastDays {
  readonly #names: readonly string[];
  readonly #days: DailyBar[][];
  readonly #adjustments: AdjustmentTable;

  constructor(
    symbols: readonly ListedSymbol[],
    history: ReadonlyMap<string, readonly DailyBar[]>,
    actions: readonly CorporateAction[],
  ) {
    this.#names = symbols.map(({ name }) => name);
    this.#days = this.#names.map((name) => [...(history.get(name) ?? [])]);
    this.#adjustments = new AdjustmentTable(actions);
  }

  /** A day is over. Beyond the longest history there is, the oldest goes. */
  add(symbol: number, bar: DailyBar): void {
    const days = this.#days[symbol];
    if (days === undefined) return;
    days.push(bar);
    if (days.length > DAYS_MAX) days.shift();
  }

  /** The close before the running day; undefined where there is none. */
  lastClose(symbol: number): number | undefined {
    return this.#days[symbol]?.at(-1)?.close;
  }

  /** One day of a symbol; undefined where it has none. */
  on(symbol: number, date: DateNumber, how: Adjustment): BarRow | undefined {
    const days = this.#days[symbol] ?? [];
    const at = placeOf(days, date);
    if (days[at]?.date !== date) return undefined;
    return rowOf(this.#adjustments.adjust(this.#names[symbol] ?? '', days, at, how));
  }

  /** The last days of a symbol, at most so many. */
  read(symbol: number, how: Adjustment, daysMax = DAYS_MAX): readonly BarRow[] {
    const days = this.#days[symbol] ?? [];
    const name = this.#names[symbol] ?? '';
    const rows: BarRow[] = [];
    for (let at = Math.max(0, days.length - daysMax); at < days.length; at += 1) {
      rows.push(rowOf(this.#adjustments.adjust(name, days, at, how)));
    }
    return rows;
  }
}

const DAYS_MAX = 800;

/** The place of the first day that is not before a date. */
function placeOf(days: readonly DailyBar[], date: DateNumber): number {
  let from = 0;
  let to = days.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((days[middle]?.date ?? 0) < date) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A day of the history says neither turnover nor trades: both are estimates. */
function rowOf(bar: DailyBar): BarRow {
  const { open, high, low, close, volume } = bar;
  return {
    startUs: newYorkToUs(bar.date, 0),
    open,
    high,
    low,
    close,
    volume,
    trades: Math.max(1, Math.round(volume / TRADE_SIZE_MEAN)),
    vwap: (high + low + close) / 3,
  };
}
