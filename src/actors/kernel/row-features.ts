import type { FeatureSet } from '../../domain/features/feature-set.ts';
import { outputsLayout, STANDARD_OUTPUTS } from '../../domain/features/momentum-set.ts';
import { Ticks } from '../../domain/features/ticks.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { ROW_NBBO } from '../../domain/market/symbol-row.ts';

/** The layout of a row needs nothing but the symbol itself. */
const NO_MARKET = new Float64Array(0);
const NOBODY = { symbol: -1, sector: -1, benchmark: -1 } as const;

/** The part of a row that its feature set owns. One object serves all rows. */
export class RowFeatures {
  /** What the values of `outputs` mean. */
  readonly outputsLayout: string;
  readonly #features: FeatureSet;
  readonly #featuresAt: number;
  readonly #outputs: readonly number[];
  readonly #ticks = new Ticks();
  readonly #raw: Float64Array;
  readonly #flags: Uint8Array;

  constructor(features: FeatureSet, featuresAt: number) {
    this.outputsLayout = outputsLayout(features.timeframe);
    this.#features = features;
    this.#featuresAt = featuresAt;
    this.#outputs = STANDARD_OUTPUTS.map((name) => featuresAt + features.slot(name));
    this.#raw = new Float64Array(features.rawWidth);
    this.#flags = new Uint8Array(features.width);
  }

  /** Does any feature learn from trades and quotes? Else they are not told here. */
  get hearsTicks(): boolean {
    return this.#features.hearsTicks;
  }

  /** With the best quote as the row has it. */
  trade(values: Float64Array, at: number, batch: EventBatch, event: number, nowUs: number): void {
    const tick = this.#ticks.trade(values, at + ROW_NBBO, batch, event, nowUs);
    this.#features.trade(values, at + this.#featuresAt, tick);
  }

  /** After the row has taken the quote. */
  quote(values: Float64Array, at: number, venueUs: number, nowUs: number): void {
    const tick = this.#ticks.quote(values, at + ROW_NBBO, venueUs, nowUs);
    this.#features.quote(values, at + this.#featuresAt, tick);
  }

  bar(values: Float64Array, at: number, bar: Float64Array): void {
    this.#features.bar(values, at + this.#featuresAt, this.#features.timeframe, bar);
  }

  /** The row's vector of a moment, or undefined where it must not be scored. */
  vector(values: Float64Array, at: number, nowUs: number): Float64Array | undefined {
    const features = this.#features;
    const [raw, flags] = [this.#raw, this.#flags];
    const row = new Float64Array(features.width);
    features.readSymbol(values, at + this.#featuresAt, nowUs, raw, 0);
    const standing = features.compute(raw, 0, NO_MARKET, NOBODY, nowUs, row, flags, 0);
    return standing === 'refused' ? undefined : row;
  }

  /** The standard outputs, prices in dollars, for the time series store. */
  outputs(values: Float64Array, at: number): Float64Array {
    const row = new Float64Array(this.#outputs.length);
    for (let slot = 0; slot < row.length; slot += 1) {
      row[slot] = values[at + (this.#outputs[slot] ?? -1)] ?? Number.NaN;
    }
    return row;
  }
}
