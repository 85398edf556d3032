/** Latencies of one kind: room for so many, those beyond it are dropped and counted. */
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

  /** `<name>P50`, `P99` and `P999` in microseconds, of values in milliseconds, and how many. */
  figures(name: string): Readonly<Record<string, number>> {
    const sorted = this.#values.slice(0, Math.min(this.count, this.#values.length)).toSorted();
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 1e3;
    return {
      [`${name}Count`]: this.count,
      [`${name}P50Us`]: at(0.5),
      [`${name}P99Us`]: at(0.99),
      [`${name}P999Us`]: at(0.999),
    };
  }
}
