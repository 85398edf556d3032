/** A percentile needs so many samples beyond it, or it is the luck of a few. */
const BEYOND_MIN = 10;

/** What is told of latencies, and how a figure of it ends. */
export const PERCENTILES = [
  { share: 0.5, suffix: 'P50' },
  { share: 0.99, suffix: 'P99' },
  { share: 0.999, suffix: 'P999' },
] as const;

/** How many samples a percentile needs: 20, 1,000 and 10,000. */
export function samplesMin(share: number): number {
  return Math.round(BEYOND_MIN / (1 - share));
}

/**
 * The value that so large a share of the values does not exceed, by the nearest rank; NaN of none.
 * Values are sorted, the least first.
 */
export function percentileOf(sorted: ArrayLike<number>, share: number): number {
  // 0.999 x 1,000 must be rank 999, whatever the product's last bit.
  const rank = Math.ceil(share * sorted.length - 1e-9);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
}

/**
 * Latencies of one kind, in milliseconds: room for so many; beyond it the oldest give way, and the
 * count goes on. In an open loop what is added runs from the moment at which an event was due
 * (`Schedule`), not from when it was sent: else a stall is one slow sample where it was a thousand
 * (coordinated omission).
 */
export class Samples {
  count = 0;
  readonly #values: Float64Array;

  constructor(samplesMax: number) {
    this.#values = new Float64Array(samplesMax);
  }

  add(value: number): void {
    this.#values[this.count % this.#values.length] = value;
    this.count += 1;
  }

  /**
   * Of a closed loop that stands for arrivals at an interval: a value longer than that also made
   * those wait that would have come meanwhile, so they are added as well.
   */
  addArrivals(value: number, intervalMs: number): void {
    this.add(value);
    if (!(intervalMs > 0)) return;
    for (let waited = value - intervalMs; waited >= intervalMs; waited -= intervalMs) {
      this.add(waited);
    }
  }

  /** In milliseconds; NaN where there are too few samples for it. */
  percentile(share: number): number {
    return this.#enough(share) ? percentileOf(this.#sorted(), share) : Number.NaN;
  }

  /**
   * `<name>Count`, and `<name>P50Us`, `P99Us`, `P999Us` in microseconds: NaN where there are too
   * few samples. The table gives each with its floor, and tells which it does not state.
   */
  figures(name: string): Readonly<Record<string, number>> {
    const sorted = this.#sorted();
    const told = PERCENTILES.map(({ share, suffix }): [string, number] => [
      `${name}${suffix}Us`,
      this.#enough(share) ? percentileOf(sorted, share) * 1e3 : Number.NaN,
    ]);
    return { [`${name}Count`]: this.count, ...Object.fromEntries(told) };
  }

  #enough(share: number): boolean {
    return Math.min(this.count, this.#values.length) >= samplesMin(share);
  }

  #sorted(): Float64Array {
    return this.#values.slice(0, Math.min(this.count, this.#values.length)).toSorted();
  }
}

/**
 * When the events of an open loop are due, whatever becomes of those before them. The latency of
 * one is the moment it is done less `dueMs` of it.
 */
export class Schedule {
  readonly #startMs: number;
  readonly #perMs: number;

  constructor(startMs: number, perSecond: number) {
    this.#startMs = startMs;
    this.#perMs = perSecond / 1e3;
  }

  /** Of the event of that number, counted from 0, which is due at the start. */
  dueMs(event: number): number {
    return this.#startMs + event / this.#perMs;
  }

  /** How many were due by then, all of them: what was not sent yet is late. */
  dueBy(nowMs: number): number {
    if (nowMs < this.#startMs) return 0;
    return Math.floor((nowMs - this.#startMs) * this.#perMs + 1e-9) + 1;
  }
}
