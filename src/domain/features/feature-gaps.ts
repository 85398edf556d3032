import { OPEN_BAR_START_US } from '../market/bar.ts';
import type { BarSource } from '../market/bars/bar-options.ts';
import { BAR_DAMAGED, BAR_END_US, BAR_MARKS } from '../market/bars/bar-record.ts';
import { CHANNEL_BARS, CHANNEL_QUOTES, CHANNEL_TRADES } from '../market/event-batch.ts';
import type { FeatureSet } from './feature-set.ts';
import { spanOf } from './timeframe.ts';

/** The last day that was told, counted from 1970; -Infinity before. */
const DAY_TOLD = 0;
const STREAMS = 1;
/** Of a stream: 1 where bars may be missing since the last that was told, and where that ended. */
const IS_GAP = 0;
const TOLD_US = 1;
const STREAM_WIDTH = 2;

/**
 * What a loss of data costs a symbol, by the rule of the kernel's rows: bars from before are not
 * joined to those after, so what learns from them begins again, and a bar that may lack a part is
 * not told. Bars that the venue makes may yet be sent: they begin anew only where the first that
 * comes does not begin as the last one ended. Streams are the set's timeframes by their places.
 */
export class FeatureGaps {
  readonly width: number;
  readonly #set: FeatureSet;
  readonly #from: BarSource;
  readonly #isMade: readonly boolean[];

  constructor(set: FeatureSet, from: BarSource) {
    this.#set = set;
    this.#from = from;
    // Of several parts; else the venue's bar is the whole bar.
    this.#isMade = set.timeframes.map(
      (timeframe) => from.kind === 'trades' || spanOf(timeframe) !== from.spanUs,
    );
    this.width = STREAMS + set.timeframes.length * STREAM_WIDTH;
  }

  reset(state: Float64Array, at: number): void {
    state[at + DAY_TOLD] = Number.NEGATIVE_INFINITY;
    for (let stream = 0; stream < this.#isMade.length; stream += 1) {
      const place = at + STREAMS + stream * STREAM_WIDTH;
      state[place + IS_GAP] = 0;
      state[place + TOLD_US] = NaN;
    }
  }

  /** A day is about to be told; answers whether it is after the last one. */
  day(state: Float64Array, at: number, day: number): boolean {
    if (!(day > (state[at + DAY_TOLD] ?? NaN))) return false;
    state[at + DAY_TOLD] = day;
    return true;
  }

  /** Answers whether what learned from bars begins anew; the sources are told. */
  lose(state: Float64Array, at: number, sourcesAt: number, channel: number): boolean {
    if (channel === CHANNEL_QUOTES) return false;
    if (this.#from.kind === 'trades') {
      this.#set.loseTrades(state, sourcesAt);
      this.#set.loseBars(state, sourcesAt);
      return true;
    }
    if (channel === CHANNEL_TRADES) this.#set.loseTrades(state, sourcesAt);
    if (channel !== CHANNEL_BARS) return false;
    for (let stream = 0; stream < this.#isMade.length; stream += 1) {
      state[at + STREAMS + stream * STREAM_WIDTH + IS_GAP] = 1;
    }
    return false;
  }

  /** Of a closed bar, before anybody hears of it: may it lack a part? */
  isDamaged(stream: number, records: Float64Array, recordAt: number): boolean {
    const isMarked = ((records[recordAt + BAR_MARKS] ?? 0) & BAR_DAMAGED) !== 0;
    return this.#isMade[stream] === true && isMarked;
  }

  /** The same of one that is whole: answers whether its timeframe begins anew with it. */
  heal(
    state: Float64Array,
    at: number,
    sourcesAt: number,
    stream: number,
    records: Float64Array,
    recordAt: number,
  ): boolean {
    const place = at + STREAMS + stream * STREAM_WIDTH;
    const isGap = state[place + IS_GAP] === 1;
    const isJoined = records[recordAt + OPEN_BAR_START_US] === state[place + TOLD_US];
    state[place + IS_GAP] = 0;
    state[place + TOLD_US] = records[recordAt + BAR_END_US] ?? NaN;
    if (!isGap || isJoined) return false;
    this.#set.loseBars(state, sourcesAt, this.#set.timeframes[stream]);
    return true;
  }
}
