import { MINUTE } from '../../core/time.ts';
import { BAR, BAR_FINAL, type EventBatch } from '../../domain/market/event-batch.ts';
import { wholeCents } from './trade-size.ts';

/** Open, high, low and close of the running minute, by symbol. */
export class RunningBars {
  readonly #open: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  readonly #close: Float64Array;

  constructor(size: number) {
    this.#open = new Float64Array(size);
    this.#high = new Float64Array(size);
    this.#low = new Float64Array(size);
    this.#close = new Float64Array(size);
  }

  has(symbol: number): boolean {
    return (this.#open[symbol] ?? 0) > 0;
  }

  note(symbol: number, price: number): void {
    const whole = wholeCents(price);
    if (!this.has(symbol)) {
      this.#open[symbol] = whole;
      this.#high[symbol] = whole;
      this.#low[symbol] = whole;
    }
    if (whole > (this.#high[symbol] ?? 0)) this.#high[symbol] = whole;
    if (whole < (this.#low[symbol] ?? 0)) this.#low[symbol] = whole;
    this.#close[symbol] = whole;
  }

  /** The bar of the minute that ends at `endUs`; the next one begins empty. */
  write(batch: EventBatch, symbol: number, endUs: number, volume: number): void {
    const at = batch.add(BAR, symbol, endUs - MINUTE, BAR_FINAL, CONSOLIDATED);
    batch.a[at] = this.#open[symbol] ?? 0;
    batch.b[at] = this.#high[symbol] ?? 0;
    batch.c[at] = this.#low[symbol] ?? 0;
    batch.d[at] = this.#close[symbol] ?? 0;
    batch.e[at] = volume;
    batch.f[at] = MINUTE;
    this.drop(symbol);
  }

  drop(symbol: number): void {
    this.#open[symbol] = 0;
  }
}

const CONSOLIDATED = 0;
