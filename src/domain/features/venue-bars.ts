import { REWARM_BARS } from '../indicators/rewarm.ts';
import { OPEN_BAR_START_US } from '../market/bar.ts';
import type { BarBuilder } from '../market/bars/bar-builder.ts';
import { BarHistory, NO_BAR } from '../market/bars/bar-history.ts';
import type { BarSource } from '../market/bars/bar-options.ts';
import { isSoundVenueBar, readVenueBar } from '../market/bars/bar-parts.ts';
import {
  BAR_CORE_OPEN_US,
  BAR_END_US,
  BAR_ESTIMATED,
  BAR_MARKS,
  BAR_RECORD_WIDTH,
  copyRecord,
  resetRecord,
} from '../market/bars/bar-record.ts';
import {
  COUNT_LATE,
  COUNT_OUTSIDE,
  COUNT_REFUSED,
  countOne,
  isInSession,
  SESSION_CORE_US,
  SESSION_LAST_US,
  SESSION_OPEN_US,
} from '../market/bars/bar-session.ts';
import { type BarVerdict, LATE, TAKEN } from '../market/bars/bar-verdict.ts';
import { LATE_IN_GRACE } from '../market/bars/closing-rule.ts';
import type { EventBatch } from '../market/event-batch.ts';
import type { FeatureHistory } from './feature-history.ts';

/** Where the parts of a symbol begin in the state. */
export interface EnginePlaces {
  readonly builder: number;
  readonly history: number;
  readonly sources: number;
  readonly venue: number;
}

/**
 * What the venue says of its bars after they are closed. Where bars are made of the venue's, its
 * last ones are kept, so that one that is told anew takes the place of itself in every longer bar,
 * whatever timeframes a layout has. Where they are made of trades, the venue's word replaces closed
 * bars of its own span, and no others. What cannot be taken in is counted with the session's.
 */
export class VenueBars {
  /** Doubles that one symbol needs. */
  readonly width: number;
  readonly #from: BarSource;
  readonly #builder: BarBuilder;
  readonly #history: FeatureHistory;
  /** Span of each of the builder's streams. */
  readonly #spans: readonly number[];
  readonly #told = new BarHistory(REWARM_BARS);
  readonly #old = new Float64Array(BAR_RECORD_WIDTH);
  readonly #now = new Float64Array(BAR_RECORD_WIDTH);

  constructor(
    from: BarSource,
    builder: BarBuilder,
    history: FeatureHistory,
    spans: readonly number[],
  ) {
    this.#from = from;
    this.#builder = builder;
    this.#history = history;
    this.#spans = spans;
    this.width = from.kind === 'bars' ? this.#told.width : 0;
  }

  reset(state: Float64Array, at: number): void {
    if (this.width > 0) this.#told.reset(state, at);
  }

  /** Is it the newest? Asked before the builder takes it: an older one is late for every stream. */
  isNew(state: Float64Array, { builder }: EnginePlaces, batch: EventBatch, event: number): boolean {
    return !((batch.venueUs[event] ?? NaN) <= (state[builder + SESSION_LAST_US] ?? NaN));
  }

  /**
   * After the builder took the newest bar, and what it closed was told. Longer bars that time had
   * closed before it came take it in late.
   */
  remember(
    state: Float64Array,
    at: EnginePlaces,
    batch: EventBatch,
    event: number,
    verdict: BarVerdict,
  ): void {
    if (this.width === 0 || (verdict !== TAKEN && verdict !== LATE)) return;
    this.#read(state, at, batch, event);
    this.#told.push(state, at.venue, this.#now, 0);
    if (verdict === TAKEN) return;
    joinLate(state, at, this.#builder, this.#history, this.#now, this.#old);
  }

  /** A bar that the venue tells anew. */
  toldAnew(state: Float64Array, at: EnginePlaces, batch: EventBatch, event: number): void {
    const startUs = batch.venueUs[event] ?? NaN;
    const spanUs = batch.f[event] ?? NaN;
    const openUs = state[at.builder + SESSION_OPEN_US] ?? NaN;
    const isOnGrid = (startUs - openUs) % spanUs === 0;
    const isOurs = this.#from.kind === 'trades' || spanUs === this.#from.spanUs;
    if (!isSoundVenueBar(batch, event) || !isOurs || !isOnGrid) {
      return countOne(state, at.builder + COUNT_REFUSED);
    }
    if (!isInSession(state, at.builder, startUs)) {
      return countOne(state, at.builder + COUNT_OUTSIDE);
    }
    this.#read(state, at, batch, event);
    const isTaken =
      this.#from.kind === 'trades' ? this.#overOwn(state, at, spanUs) : this.#overTold(state, at);
    if (!isTaken) countOne(state, at.builder + COUNT_LATE);
  }

  /** Over a bar that was made of trades, if one of that span was. */
  #overOwn(state: Float64Array, at: EnginePlaces, spanUs: number): boolean {
    const stream = this.#spans.indexOf(spanUs);
    return this.#history.replace(state, at.history, at.sources, stream, this.#now);
  }

  /**
   * Over the venue's own bar, in all that it is a part of. What learned from the bar itself needs
   * only what the venue says now; of longer ones it must be known what it said before.
   */
  #overTold(state: Float64Array, at: EnginePlaces): boolean {
    const startUs = this.#now[OPEN_BAR_START_US] ?? NaN;
    const own = this.#spans.indexOf(this.#from.kind === 'bars' ? this.#from.spanUs : NaN);
    const isOwn = this.#history.replace(state, at.history, at.sources, own, this.#now);
    const found = this.#told.find(state, at.venue, startUs);
    if (found < 0 && found !== NO_BAR) return isOwn;
    if (found === NO_BAR) emptyPart(this.#old, this.#now);
    else copyRecord(this.#old, 0, state, this.#told.barAt(at.venue, found));
    if (this.#told.replace(state, at.venue, this.#now) < 0) return isOwn;
    const verdict = this.#builder.repair(state, at.builder, this.#old, this.#now);
    if (verdict !== LATE) return verdict === TAKEN || isOwn;
    const { late } = this.#builder;
    if (own >= 0) late[own] = 0;
    this.#history.repair(state, at.history, at.sources, late, this.#old, this.#now);
    return true;
  }

  #read(state: Float64Array, at: EnginePlaces, batch: EventBatch, event: number): void {
    readVenueBar(this.#now, batch, event);
    this.#now[BAR_CORE_OPEN_US] = state[at.builder + SESSION_CORE_US] ?? NaN;
  }
}

/** Lets what closed bars were made of hear of a part that came after them. */
export function joinLate(
  state: Float64Array,
  at: EnginePlaces,
  builder: BarBuilder,
  history: FeatureHistory,
  part: Float64Array,
  alone: Float64Array,
): void {
  for (let stream = 0; stream < builder.late.length; stream += 1) {
    if (builder.late[stream] !== LATE_IN_GRACE) continue;
    builder.alone(state, at.builder, stream, part, alone);
    history.join(state, at.history, at.sources, stream, part, alone);
  }
}

/** What stood there before, where nothing did. */
function emptyPart(old: Float64Array, now: Float64Array): void {
  resetRecord(old, 0);
  old[OPEN_BAR_START_US] = now[OPEN_BAR_START_US] ?? NaN;
  old[BAR_END_US] = now[BAR_END_US] ?? NaN;
  old[BAR_MARKS] = BAR_ESTIMATED;
}
