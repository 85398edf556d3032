/** Eight buckets for each doubling: a percentile is within an eighth of what was. */
const PER_DOUBLING = 8;
const DOUBLINGS = 40;

/** How often what was how large: whole numbers from 0 on, in memory that does not grow. */
export class Histogram {
  count = 0;
  most = 0;
  readonly #buckets = new Float64Array(PER_DOUBLING * DOUBLINGS);

  add(value: number): void {
    if (!(value >= 0)) return; // A clock that was set back measures nothing.
    this.count += 1;
    this.most = Math.max(this.most, value);
    const bucket = bucketOf(value);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  /** The upper edge of the bucket in which this share of the values ends; NaN of nothing. */
  percentile(share: number): number {
    if (this.count === 0) return Number.NaN;
    let left = Math.max(1, Math.ceil(share * this.count));
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      left -= this.#buckets[bucket] ?? 0;
      if (left <= 0) return Math.min(this.most, upperEdge(bucket));
    }
    return this.most;
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

/** 0 to 7 have a bucket each; above, each doubling is divided into eight. */
function bucketOf(value: number): number {
  if (value < PER_DOUBLING) return Math.floor(value);
  const doubling = Math.floor(Math.log2(value));
  const place = Math.floor((value / 2 ** doubling - 1) * PER_DOUBLING);
  return Math.min(PER_DOUBLING * DOUBLINGS - 1, (doubling - 2) * PER_DOUBLING + place);
}

function upperEdge(bucket: number): number {
  if (bucket < PER_DOUBLING) return bucket;
  const doubling = Math.floor(bucket / PER_DOUBLING) + 2;
  return 2 ** doubling * (1 + ((bucket % PER_DOUBLING) + 1) / PER_DOUBLING);
}
