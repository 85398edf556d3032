import { createHistogram } from 'node:perf_hooks';

/** Largest value: eleven days in microseconds. */
const HIGHEST = 1e12;

/** How often what was how large: whole numbers from 0 on, to one per cent, in bounded memory. */
export class Histogram {
  count = 0;
  most = 0;
  /** Of values and one, since it begins at one. */
  readonly #values = createHistogram({ lowest: 1, highest: HIGHEST, figures: 2 });

  add(value: number): void {
    if (!(value >= 0)) return; // A clock that was set back measures nothing.
    this.count += 1;
    this.most = Math.max(this.most, value);
    this.#values.record(Math.min(HIGHEST, Math.floor(value) + 1));
  }

  /** The value at which this share of them ends; NaN of nothing. */
  percentile(share: number): number {
    if (this.count === 0) return Number.NaN;
    // It rounds to the nearest of them, and a share ends in the next.
    const whole = Math.max(1, Math.ceil(share * this.count)) / this.count;
    return Math.min(this.most, this.#values.percentile(whole * 100) - 1);
  }

  get summary(): HistogramSummary {
    const [p50, p99] = [this.percentile(0.5), this.percentile(0.99)];
    return { count: this.count, p50, p99, most: this.most };
  }
}

export interface HistogramSummary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}
