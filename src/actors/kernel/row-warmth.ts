import { hashText } from '../../core/hash.ts';
import type { FeatureSet } from '../../domain/features/feature-set.ts';
import {
  closesAt,
  CLOSES_WIDTH,
  type QuotePlaces,
  ROW_BAR_US,
  ROW_GAP,
} from '../../domain/market/symbol-row.ts';

export interface WarmParts {
  readonly features: FeatureSet;
  readonly featuresAt: number;
  readonly quotes: QuotePlaces;
  readonly barSpanUs: number;
}

/** The end of the last bar, the closes, and then what the features hold. */
const CLOSES = 1;
const FEATURES = CLOSES + CLOSES_WIDTH;

/**
 * What a symbol's row has learned from bars, to go on from in another session: neither its quotes
 * and its open bar, which are of the moment, nor what decisions wrote into it.
 */
export class RowWarmth {
  readonly family = 'symbols';
  /** Doubles in it, and the hash of what they mean. */
  readonly width: number;
  readonly layout: string;
  readonly #parts: WarmParts;
  readonly #closes: number;

  constructor(parts: WarmParts) {
    const { features, quotes, barSpanUs } = parts;
    this.#parts = parts;
    this.#closes = closesAt(quotes);
    this.width = FEATURES + features.symbolWidth;
    this.layout = hashText(`row-warmth/1;${features.stateHash};${this.width};${barSpanUs}`);
  }

  read(values: Float64Array, at: number): Float64Array {
    const { features, featuresAt } = this.#parts;
    const warmth = new Float64Array(this.width);
    warmth[0] = values[at + ROW_BAR_US] ?? 0;
    const closes = at + this.#closes;
    warmth.set(values.subarray(closes, closes + CLOSES_WIDTH), CLOSES);
    const state = at + featuresAt;
    warmth.set(values.subarray(state, state + features.symbolWidth), FEATURES);
    return warmth;
  }

  /** `mayLack`: bars may have been lost since; the row then goes on only from the very next one. */
  write(values: Float64Array, at: number, warmth: Float64Array, mayLack: boolean): void {
    const { featuresAt } = this.#parts;
    values[at + ROW_BAR_US] = warmth[0] ?? 0;
    values[at + ROW_GAP] = mayLack ? 1 : 0;
    values.set(warmth.subarray(CLOSES, FEATURES), at + this.#closes);
    values.set(warmth.subarray(FEATURES), at + featuresAt);
  }
}
