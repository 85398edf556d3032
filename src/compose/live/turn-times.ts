import type { TurnWatch } from '../../actors/runtime/live-driver.ts';

/** A bucket is a tenth wider than the one before: what is told is right to five per cent. */
const BUCKETS_PER_DECADE = 24;
const DECADES = 8;
/** A tenth of a microsecond. */
const LEAST_US = 0.1;

/** How long what is measured took, over one span of time: 192 counters, whatever comes. */
export class Durations {
  readonly #counts = new Float64Array(BUCKETS_PER_DECADE * DECADES);
  #samples = 0;
  #most = 0;

  add(us: number): void {
    const place = Math.floor(Math.log10(Math.max(us, LEAST_US) / LEAST_US) * BUCKETS_PER_DECADE);
    const bucket = Math.min(this.#counts.length - 1, place);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#samples += 1;
    if (us > this.#most) this.#most = us;
  }

  /** What there is since it was asked last; undefined where nothing was measured. */
  take(): DurationsTaken | undefined {
    if (this.#samples === 0) return undefined;
    const taken = {
      samples: this.#samples,
      p50Us: this.#percentile(0.5),
      p99Us: this.#percentile(0.99),
      mostUs: this.#most,
    };
    this.#counts.fill(0);
    this.#samples = 0;
    this.#most = 0;
    return taken;
  }

  #percentile(share: number): number {
    let left = share * this.#samples;
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (left > 0) continue;
      return Math.min(this.#most, LEAST_US * 10 ** ((bucket + 0.5) / BUCKETS_PER_DECADE));
    }
    return this.#most;
  }
}

export interface DurationsTaken {
  readonly samples: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly mostUs: number;
}

/** Measures turns on their way to whoever watches them. */
export function timedTurns(watch: TurnWatch | undefined, turns: Durations): TurnWatch {
  let beganMs = 0;
  return {
    turnBegan() {
      watch?.turnBegan();
      beganMs = performance.now();
    },
    turnEnded() {
      turns.add((performance.now() - beganMs) * 1_000);
      watch?.turnEnded();
    },
  };
}
