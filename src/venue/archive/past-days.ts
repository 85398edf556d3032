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
