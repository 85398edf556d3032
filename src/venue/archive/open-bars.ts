import {
  addTrade,
  isEmptyBar,
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
  OPEN_BAR_WIDTH,
  resetBar,
} from '../../domain/market/bar.ts';
import type { BarRow } from './bar-row.ts';
import type { MinuteBars } from './minute-bars.ts';

/** One bar for each symbol that is still growing, by the rules of domain/market. */
export class OpenBars {
  readonly #symbols: number;
  readonly #state: Float64Array;

  constructor(symbols: number) {
    this.#symbols = symbols;
    this.#state = new Float64Array(symbols * OPEN_BAR_WIDTH);
    this.clear();
  }

  clear(): void {
    for (let symbol = 0; symbol < this.#symbols; symbol += 1) this.reset(symbol);
  }

  reset(symbol: number): void {
    resetBar(this.#state, symbol * OPEN_BAR_WIDTH);
  }

  /** NaN before the first trade of any kind. */
  startUs(symbol: number): number {
    return this.#state[symbol * OPEN_BAR_WIDTH + OPEN_BAR_START_US] ?? Number.NaN;
  }

  isEmpty(symbol: number): boolean {
    return isEmptyBar(this.#state, symbol * OPEN_BAR_WIDTH);
  }

  volume(symbol: number): number {
    return this.#state[symbol * OPEN_BAR_WIDTH + OPEN_BAR_VOLUME] ?? 0;
  }

  turnover(symbol: number): number {
    return this.#state[symbol * OPEN_BAR_WIDTH + OPEN_BAR_TURNOVER] ?? 0;
  }

  add(symbol: number, price: number, size: number, flags: number, startUs: number): void {
    addTrade(this.#state, symbol * OPEN_BAR_WIDTH, price, size, flags, startUs);
  }

  /** Volume that came without a trade of its own: a bar of the market, a correction. */
  addVolume(symbol: number, volume: number, turnover: number, trades: number): void {
    const at = symbol * OPEN_BAR_WIDTH;
    const state = this.#state;
    state[at + OPEN_BAR_VOLUME] = Math.max(0, (state[at + OPEN_BAR_VOLUME] ?? 0) + volume);
    state[at + OPEN_BAR_TURNOVER] = Math.max(0, (state[at + OPEN_BAR_TURNOVER] ?? 0) + turnover);
    state[at + OPEN_BAR_TRADES] = Math.max(0, (state[at + OPEN_BAR_TRADES] ?? 0) + trades);
  }

  /** Prices of a shorter bar. The comparisons are written so that NaN loses them. */
  addPrices(symbol: number, bar: Readonly<BarRow>): void {
    const at = symbol * OPEN_BAR_WIDTH;
    const state = this.#state;
    const open = state[at + OPEN_BAR_OPEN] ?? Number.NaN;
    if (open !== open) state[at + OPEN_BAR_OPEN] = bar.open;
    if (!(bar.high <= (state[at + OPEN_BAR_HIGH] ?? 0))) state[at + OPEN_BAR_HIGH] = bar.high;
    if (!(bar.low >= (state[at + OPEN_BAR_LOW] ?? 0))) state[at + OPEN_BAR_LOW] = bar.low;
    state[at + OPEN_BAR_CLOSE] = bar.close;
  }

  /** False where no bar may be published. */
  read(symbol: number, into: BarRow): boolean {
    const at = symbol * OPEN_BAR_WIDTH;
    const state = this.#state;
    if (isEmptyBar(state, at)) return false;
    into.startUs = state[at + OPEN_BAR_START_US] ?? 0;
    into.open = state[at + OPEN_BAR_OPEN] ?? 0;
    into.high = state[at + OPEN_BAR_HIGH] ?? 0;
    into.low = state[at + OPEN_BAR_LOW] ?? 0;
    into.close = state[at + OPEN_BAR_CLOSE] ?? 0;
    into.volume = state[at + OPEN_BAR_VOLUME] ?? 0;
    into.trades = state[at + OPEN_BAR_TRADES] ?? 0;
    into.vwap = (state[at + OPEN_BAR_TURNOVER] ?? 0) / into.volume;
    return true;
  }

  /** Writes the bar into the day's columns; it must not be empty. */
  keep(symbol: number, minutes: MinuteBars, slot: number): void {
    const at = symbol * OPEN_BAR_WIDTH;
    const state = this.#state;
    minutes.open[slot] = state[at + OPEN_BAR_OPEN] ?? 0;
    minutes.high[slot] = state[at + OPEN_BAR_HIGH] ?? 0;
    minutes.low[slot] = state[at + OPEN_BAR_LOW] ?? 0;
    minutes.close[slot] = state[at + OPEN_BAR_CLOSE] ?? 0;
    minutes.volume[slot] = state[at + OPEN_BAR_VOLUME] ?? 0;
    minutes.trades[slot] = state[at + OPEN_BAR_TRADES] ?? 0;
    minutes.turnover[slot] = state[at + OPEN_BAR_TURNOVER] ?? 0;
  }
}
