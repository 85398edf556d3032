import { assert } from '../../../core/assert.ts';
import { hashText } from '../../../core/hash.ts';
import { DAY } from '../../../core/time.ts';
import { OPEN_BAR_START_US } from '../bar.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CORRECTION,
  type EventBatch,
  GAP,
  TRADE,
  TRADE_SUSPICIOUS,
} from '../event-batch.ts';
import { isAheadOfClock } from '../venue-clock.ts';
import { type BarKind, barLabel } from './bar-kind.ts';
import { type BarOptions, barOptionsFault, type BarSource } from './bar-options.ts';
import {
  isSoundCorrection,
  isSoundTrade,
  isSoundVenueBar,
  readCorrection,
  readTrade,
  readVenueBar,
} from './bar-parts.ts';
import { BAR_RECORD_WIDTH, resetRecord } from './bar-record.ts';
import { type BarRule, countedRule } from './bar-rule.ts';
import {
  type BarSession,
  COUNT_LATE,
  COUNT_OUTSIDE,
  COUNT_REFUSED,
  countOne,
  isInSession,
  isPassed,
  resetSession,
  SESSION_CLOSE_US,
  SESSION_EXTENDED,
  SESSION_LAST_US,
  SESSION_OPEN_US,
  SESSION_PASSED_US,
  SESSION_WIDTH,
  setSession,
} from './bar-session.ts';
import { type BarVerdict, LATE, NOT_READ, OUTSIDE, REFUSED, TAKEN } from './bar-verdict.ts';
import type { ClosedBars } from './closed-bars.ts';
import { ClosingRule, LATE_IN_GRACE } from './closing-rule.ts';
import { EventBars } from './event-bars.ts';
import { imbalanceRule } from './imbalance-bars.ts';
import { STREAM_UNPUBLISHED } from './open-stream.ts';
import { TimeBars, type TimeStream } from './time-bars.ts';

/**
 * Makes bars of several kinds of one symbol at once, out of its trades or out of the venue's bars.
 * Everything is in `state[at .. at + width)`: a copy is a checkpoint, and one builder serves every
 * symbol. What an event closes is added to a block of the caller's; nothing is allocated.
 */
export class BarBuilder {
  readonly kinds: readonly BarKind[];
  /** In the order of the kinds: `['1m', '5m', 'volume10000']`. A stream is its place here. */
  readonly labels: readonly string[];
  readonly width: number;
  /** The most bars that one event may close: the block has room for as many. */
  readonly closedMax: number;
  /** Of what the places of a saved state mean; it may be loaded only where this is equal. */
  readonly layoutHash: string;
  /** By which its bars of time close. */
  readonly rule: ClosingRule;
  /**
   * After a verdict of LATE, of each stream whose bar was closed already: LATE_IN_GRACE, and its
   * history may have it, or PAST_GRACE.
   */
  readonly late: Uint8Array;
  readonly #from: BarSource;
  readonly #times: TimeBars;
  readonly #events: readonly PlacedEvents[];
  readonly #part = new Float64Array(BAR_RECORD_WIDTH);
  readonly #old = new Float64Array(BAR_RECORD_WIDTH);

  /** From a config, ask `barOptionsFault` first. */
  constructor(options: BarOptions) {
    const fault = barOptionsFault(options);
    assert(fault === undefined, `bars ${fault?.kind ?? ''}: ${fault?.expected ?? ''}`);
    const { kinds, from } = options;
    this.kinds = [...kinds];
    this.labels = kinds.map(barLabel);
    this.rule = new ClosingRule(from.graceUs);
    this.late = new Uint8Array(kinds.length);
    this.#from = from;
    this.#times = new TimeBars(timeStreams(kinds), this.rule, this.late);
    this.#events = placeEvents(kinds, TIMES_AT + this.#times.width);
    const last = this.#events.at(-1);
    this.width = last === undefined ? TIMES_AT + this.#times.width : last.at + last.bars.width;
    this.closedMax = 2 * this.#times.closedMax + 3 * this.#events.length;
    this.layoutHash = hashText(`${LAYOUT};${from.kind};${this.#times.width};${this.labels.join()}`);
    resetRecord(this.#part, 0);
    resetRecord(this.#old, 0);
  }

  reset(state: Float64Array, at: number): void {
    assert(at >= 0 && at + this.width <= state.length, 'a row lies within its table');
    resetSession(state, at);
    this.#times.reset(state, at + TIMES_AT, at);
    for (const { bars, at: place } of this.#events) bars.reset(state, at + place);
  }

  /** Closes what is open of the last session, and keeps to this one from now on. */
  openSession(state: Float64Array, at: number, session: BarSession, closed: ClosedBars): void {
    const isSame = session.openUs === state[at + SESSION_OPEN_US];
    if (!isSame) this.closeBefore(state, at, Infinity, closed);
    // A session told anew may close at another time: what is open goes on.
    setSession(state, at, session);
    if (!isSame) {
      state[at + SESSION_PASSED_US] = -Infinity;
      return this.#times.begin(state, at + TIMES_AT, at);
    }
    this.#assertRoom(closed);
    const dropped = this.#times.resume(state, at + TIMES_AT, at, closed);
    state[at + COUNT_OUTSIDE] = (state[at + COUNT_OUTSIDE] ?? NaN) + dropped;
    if (!isPassed(state, at)) return;
    this.#cut(state, at, closed);
  }

  /**
   * Takes an event of the symbol that was received at `nowUs`, after `closeBefore` was told of
   * that. Bars that it closes are added, the shortest first. What is dated too far after its
   * receipt is refused.
   */
  take(
    state: Float64Array,
    at: number,
    batch: EventBatch,
    event: number,
    closed: ClosedBars,
    nowUs: number,
  ): BarVerdict {
    this.#assertRoom(closed);
    const isOfTrades = this.#from.kind === 'trades';
    switch (batch.kind[event]) {
      case TRADE:
        return isOfTrades ? this.#trade(state, at, batch, event, closed, nowUs) : NOT_READ;
      case BAR:
        return this.#bar(state, at, batch, event, closed, nowUs);
      case CORRECTION:
        return isOfTrades ? this.#correction(state, at, batch, event) : NOT_READ;
      case GAP:
        return this.#gap(state, at, batch, event, nowUs);
    }
    return NOT_READ;
  }

  /** When the first bar of time ends of those that are open; Infinity where none is. */
  nextEndUs(state: Float64Array, at: number): number {
    return this.#times.nextEndUs(state, at + TIMES_AT);
  }

  /** Closes every bar of time that ended at or before a moment, and all where the session did. */
  closeBefore(state: Float64Array, at: number, us: number, closed: ClosedBars): void {
    this.#assertRoom(closed);
    this.#close(state, at, us, closed);
  }

  /**
   * Puts one part in the place of another in every bar that is open: a bar of the venue that it
   * told anew, in those that are longer. Parts are records of bar-record.ts, from place 0.
   */
  repair(state: Float64Array, at: number, old: Float64Array, now: Float64Array): BarVerdict {
    if (!isInSession(state, at, old[OPEN_BAR_START_US] ?? NaN)) return OUTSIDE;
    this.late.fill(0);
    let late = this.#times.repair(state, at + TIMES_AT, at, old, now);
    if (late < 0) return REFUSED;
    for (const { bars, at: place } of this.#events) {
      if (bars.repair(state, at + place, old, now)) continue;
      this.late[bars.stream] = LATE_IN_GRACE;
      late += 1;
    }
    return late > 0 ? LATE : TAKEN;
  }

  /** The forming bar of a stream, with all that is known of it; false where there is none. */
  forming(state: Float64Array, at: number, stream: number, record: Float64Array): boolean {
    resetRecord(record, 0);
    const events = this.#events.find(({ bars }) => bars.stream === stream);
    if (events !== undefined) return events.bars.forming(state, at + events.at, record);
    return this.#times.forming(state, at + TIMES_AT, at, stream, record);
  }

  /** Of a stream of time: the bar that a part would be alone, to be remembered where none was. */
  alone(
    state: Float64Array,
    at: number,
    stream: number,
    part: Float64Array,
    record: Float64Array,
  ): void {
    this.#times.alone(state, at, stream, part, record);
  }

  /**
   * Where in a row stand the volume, the turnover and the trades of a stream's bars that were not
   * published, because no trade gave them a price.
   */
  unpublishedAt(stream: number): number {
    const events = this.#events.find(({ bars }) => bars.stream === stream);
    if (events !== undefined) return events.at + STREAM_UNPUBLISHED;
    return TIMES_AT + this.#times.streamAt(stream) + STREAM_UNPUBLISHED;
  }

  #trade(
    state: Float64Array,
    at: number,
    batch: EventBatch,
    event: number,
    closed: ClosedBars,
    nowUs: number,
  ): BarVerdict {
    const venueUs = batch.venueUs[event] ?? NaN;
    const isDoubted = ((batch.flags[event] ?? 0) & TRADE_SUSPICIOUS) !== 0;
    const isRefused = isDoubted || !isSoundTrade(batch, event) || isAheadOfClock(venueUs, nowUs);
    if (isRefused) return count(state, at + COUNT_REFUSED, REFUSED);
    this.#close(state, at, venueUs, closed);
    if (!isInSession(state, at, venueUs)) return count(state, at + COUNT_OUTSIDE, OUTSIDE);
    const isTold = readTrade(this.#part, batch, event, state[at + SESSION_EXTENDED] === 1);
    if (!isTold) return TAKEN;
    return this.#join(state, at, closed, nowUs);
  }

  #bar(
    state: Float64Array,
    at: number,
    batch: EventBatch,
    event: number,
    closed: ClosedBars,
    nowUs: number,
  ): BarVerdict {
    const flags = batch.flags[event] ?? 0;
    // What is still forming, and what was told before, would count twice.
    if ((flags & BAR_FINAL) === 0 || (flags & BAR_UPDATED) !== 0) return NOT_READ;
    const spanUs = batch.f[event] ?? NaN;
    const isOfBars = this.#from.kind === 'bars';
    if (isOfBars ? spanUs !== this.#from.spanUs : spanUs >= DAY) return NOT_READ;
    const startUs = batch.venueUs[event] ?? NaN;
    const isRefused = !isSoundVenueBar(batch, event) || isAheadOfClock(startUs, nowUs);
    if (isRefused) return count(state, at + COUNT_REFUSED, REFUSED);
    const openUs = state[at + SESSION_OPEN_US] ?? NaN;
    const closeUs = state[at + SESSION_CLOSE_US] ?? NaN;
    const isRepeated = startUs <= (state[at + SESSION_LAST_US] ?? NaN);
    if (!isRepeated) this.#close(state, at, startUs, closed);
    const isInside = startUs >= openUs && startUs + spanUs <= closeUs;
    if (!isRepeated && !isInside) return count(state, at + COUNT_OUTSIDE, OUTSIDE);
    const isPart = isOfBars || this.#times.baseUs % spanUs === 0;
    const isOnGrid = isPart && (startUs - openUs) % spanUs === 0;
    if (!isRepeated && !isOnGrid) return count(state, at + COUNT_REFUSED, REFUSED);
    this.late.fill(isOfBars && isRepeated ? LATE_IN_GRACE : 0);
    if (isRepeated) return count(state, at + COUNT_LATE, LATE);
    readVenueBar(this.#part, batch, event);
    const verdict = isOfBars
      ? // Of bars of the venue none is too late: they were told once, and whole.
        this.#join(state, at, closed, -Infinity)
      : this.#times.joinBeside(state, at + TIMES_AT, at, this.#part);
    if (verdict === NOT_READ) return NOT_READ;
    if (verdict === LATE && !isOfBars) return count(state, at + COUNT_LATE, LATE);
    state[at + SESSION_LAST_US] = startUs;
    this.#close(state, at, Math.max(startUs + spanUs, nowUs - this.rule.graceUs), closed);
    return verdict;
  }

  #close(state: Float64Array, at: number, us: number, closed: ClosedBars): void {
    this.#times.closeBefore(state, at + TIMES_AT, at, us, closed);
    if (!(us > (state[at + SESSION_PASSED_US] ?? NaN))) return;
    state[at + SESSION_PASSED_US] = us;
    if (isPassed(state, at)) this.#cut(state, at, closed);
  }

  #cut(state: Float64Array, at: number, closed: ClosedBars): void {
    for (const { bars, at: place } of this.#events) bars.cut(state, at + place, closed);
  }

  #assertRoom(closed: ClosedBars): void {
    assert(closed.count + this.closedMax <= closed.barsMax, 'closed bars have room for an event');
  }

  /** Joins the part that was read. */
  #join(state: Float64Array, at: number, closed: ClosedBars, nowUs: number): BarVerdict {
    const isDone = isPassed(state, at);
    this.late.fill(0);
    let late = this.#times.join(state, at + TIMES_AT, at, this.#part, closed, nowUs);
    for (const { bars, at: place } of this.#events) {
      if (!isDone) {
        bars.join(state, at + place, at, this.#part, closed);
        continue;
      }
      this.late[bars.stream] = LATE_IN_GRACE;
      late += 1;
    }
    return late > 0 ? count(state, at + COUNT_LATE, LATE) : TAKEN;
  }

  #correction(state: Float64Array, at: number, batch: EventBatch, event: number): BarVerdict {
    if (!isSoundCorrection(batch, event)) return count(state, at + COUNT_REFUSED, REFUSED);
    readCorrection(this.#old, this.#part, batch, event, state[at + SESSION_EXTENDED] === 1);
    const verdict = this.repair(state, at, this.#old, this.#part);
    if (verdict === LATE) countOne(state, at + COUNT_LATE);
    if (verdict === OUTSIDE) countOne(state, at + COUNT_OUTSIDE);
    if (verdict === REFUSED) countOne(state, at + COUNT_REFUSED);
    return verdict;
  }

  #gap(
    state: Float64Array,
    at: number,
    batch: EventBatch,
    event: number,
    nowUs: number,
  ): BarVerdict {
    const channel = batch.flags[event];
    // Beside trades the venue's bars tell what no trade does.
    const isOurs =
      this.#from.kind === 'bars' ? channel === CHANNEL_BARS : channel !== CHANNEL_QUOTES;
    if (!isOurs) return NOT_READ;
    this.#times.damage(state, at + TIMES_AT, at, nowUs);
    for (const { bars, at: place } of this.#events) bars.damage(state, at + place);
    return TAKEN;
  }
}

/** Raised when a slot changes what it means without changing the width. */
const LAYOUT = 'bars/3';
const TIMES_AT = SESSION_WIDTH;

interface PlacedEvents {
  readonly bars: EventBars;
  readonly at: number;
}

function timeStreams(kinds: readonly BarKind[]): readonly TimeStream[] {
  return kinds.flatMap((kind, stream) => (kind.kind === 'time' ? [{ kind, stream }] : []));
}

function placeEvents(kinds: readonly BarKind[], from: number): readonly PlacedEvents[] {
  const placed: PlacedEvents[] = [];
  let at = from;
  for (const [stream, kind] of kinds.entries()) {
    const rule = ruleOf(kind);
    if (rule === undefined) continue;
    const bars = new EventBars(stream, rule);
    placed.push({ bars, at });
    at += bars.width;
  }
  return placed;
}

function ruleOf(kind: BarKind): BarRule | undefined {
  switch (kind.kind) {
    case 'time':
      return undefined;
    case 'tick':
    case 'volume':
    case 'dollar':
      return countedRule(kind);
    case 'tickImbalance':
    case 'volumeImbalance':
    case 'dollarImbalance':
      return imbalanceRule(kind);
  }
}

function count(state: Float64Array, at: number, verdict: BarVerdict): BarVerdict {
  countOne(state, at);
  return verdict;
}
