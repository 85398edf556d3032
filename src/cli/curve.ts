import { SECOND } from '../core/time.ts';

export interface Sample {
  readonly us: number;
  readonly values: readonly number[];
}

const SPACING_US_MIN = SECOND;

/**
 * Figures over time in bounded memory: the last of each span is kept, and when there are too many
 * spans, each becomes twice as long. A short session is exact to the second, a long one is coarse.
 */
export class Curve {
  readonly samplesMax: number;
  #spacingUs = SPACING_US_MIN;
  #samples: Sample[] = [];

  constructor(samplesMax = 1_024) {
    this.samplesMax = samplesMax;
  }

  /** Times never decrease. */
  add(us: number, values: readonly number[]): void {
    const samples = this.#samples;
    const last = samples.at(-1);
    if (last !== undefined && this.#slot(last.us) === this.#slot(us)) samples.pop();
    samples.push({ us, values });
    while (this.#samples.length > this.samplesMax) this.#thin();
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Of one figure, oldest first; at most `many`, spread evenly, the last always among them. */
  spread(column: number, many: number): readonly number[] {
    const { length } = this.#samples;
    const taken = Math.min(many, length);
    return Array.from({ length: taken }, (_, place) => {
      const at = Math.round(((place + 1) * length) / taken) - 1;
      return this.#samples[at]?.values[column] ?? Number.NaN;
    });
  }

  #slot(us: number): number {
    return Math.floor(us / this.#spacingUs);
  }

  #thin(): void {
    this.#spacingUs *= 2;
    this.#samples = this.#samples.filter((sample, at, all) => {
      const next = all[at + 1];
      return next === undefined || this.#slot(next.us) !== this.#slot(sample.us);
    });
  }
}
