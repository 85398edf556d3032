import type { FeatureSet } from '../../domain/features/feature-set.ts';
import {
  TICK_ASK,
  TICK_ASK_SIZE,
  TICK_BID,
  TICK_BID_SIZE,
  TICK_FLAGS,
  TICK_NOW_US,
  TICK_PRICE,
  TICK_SIZE,
  TICK_VENUE_US,
  TICK_WIDTH,
} from '../../domain/features/source.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { BEST_ASK, BEST_ASK_SIZE, BEST_BID, BEST_BID_SIZE } from '../../domain/market/nbbo.ts';
import { ROW_NBBO } from '../../domain/market/symbol-row.ts';

/**
 * Tells a row's features of trades and quotes, with the best quote as it stands. One object serves
 * all rows. Where no feature hears ticks it does nothing.
 */
export class RowTicks {
  readonly #features: FeatureSet;
  readonly #featuresAt: number;
  readonly #tick = new Float64Array(TICK_WIDTH);

  constructor(features: FeatureSet, featuresAt: number) {
    this.#features = features;
    this.#featuresAt = featuresAt;
  }

  trade(values: Float64Array, at: number, batch: EventBatch, event: number, nowUs: number): void {
    if (!this.#features.hearsTicks) return;
    const tick = this.#tick;
    tick[TICK_PRICE] = batch.a[event] ?? Number.NaN;
    tick[TICK_SIZE] = batch.b[event] ?? 0;
    tick[TICK_FLAGS] = batch.flags[event] ?? 0;
    this.#stamp(values, at, batch.venueUs[event] ?? 0, nowUs);
    this.#features.trade(values, at + this.#featuresAt, tick);
  }

  /** After the row has taken the quote. */
  quote(values: Float64Array, at: number, venueUs: number, nowUs: number): void {
    if (!this.#features.hearsTicks) return;
    this.#stamp(values, at, venueUs, nowUs);
    this.#features.quote(values, at + this.#featuresAt, this.#tick);
  }

  #stamp(values: Float64Array, at: number, venueUs: number, nowUs: number): void {
    const tick = this.#tick;
    const best = at + ROW_NBBO;
    tick[TICK_VENUE_US] = venueUs;
    tick[TICK_NOW_US] = nowUs;
    tick[TICK_BID] = values[best + BEST_BID] ?? Number.NaN;
    tick[TICK_BID_SIZE] = values[best + BEST_BID_SIZE] ?? Number.NaN;
    tick[TICK_ASK] = values[best + BEST_ASK] ?? Number.NaN;
    tick[TICK_ASK_SIZE] = values[best + BEST_ASK_SIZE] ?? Number.NaN;
  }
}
