import type { EventBatch } from '../market/event-batch.ts';
import { BEST_ASK, BEST_ASK_SIZE, BEST_BID, BEST_BID_SIZE } from '../market/nbbo.ts';
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
} from './source.ts';

/** Trades and quotes as sources hear them: written into one small array that is used again. */
export class Ticks {
  readonly #tick = new Float64Array(TICK_WIDTH);

  /** A trade, with the best quote (`nbbo.ts`, at `quoteAt`) as it stood. */
  trade(
    state: Float64Array,
    quoteAt: number,
    batch: EventBatch,
    event: number,
    nowUs: number,
  ): Float64Array {
    const tick = this.quote(state, quoteAt, batch.venueUs[event] ?? Number.NaN, nowUs);
    tick[TICK_PRICE] = batch.a[event] ?? Number.NaN;
    tick[TICK_SIZE] = batch.b[event] ?? 0;
    tick[TICK_FLAGS] = batch.flags[event] ?? 0;
    return tick;
  }

  /** The best quote, after it moved. */
  quote(state: Float64Array, quoteAt: number, venueUs: number, nowUs: number): Float64Array {
    const tick = this.#tick;
    tick[TICK_VENUE_US] = venueUs;
    tick[TICK_NOW_US] = nowUs;
    tick[TICK_BID] = state[quoteAt + BEST_BID] ?? Number.NaN;
    tick[TICK_BID_SIZE] = state[quoteAt + BEST_BID_SIZE] ?? Number.NaN;
    tick[TICK_ASK] = state[quoteAt + BEST_ASK] ?? Number.NaN;
    tick[TICK_ASK_SIZE] = state[quoteAt + BEST_ASK_SIZE] ?? Number.NaN;
    return tick;
  }
}
