import { assert } from '../../../core/assert.ts';
import { OPEN_BAR_START_US, OPEN_BAR_TRADES } from '../bar.ts';
import type { TimeBarKind } from './bar-kind.ts';
import {
  BAR_DAMAGED,
  BAR_END_US,
  BAR_PARTIAL,
  copyRecord,
  doubtPast,
  holds,
  isOfVenue,
  isOpenRecord,
  isSameTime,
  joinPart,
  markRecord,
  resetRecord,
  unmarkRecord,
} from './bar-record.ts';
import {
  type ClosingRule,
  closeUntil,
  endOpen,
  isClosed,
  isDamaged,
  isOverBy,
  LATE_IN_GRACE,
  loseOpen,
  OPEN,
  OPEN_WIDTH,
  PAST_GRACE,
  resetOpen,
} from './closing-rule.ts';
import { SESSION_CLOSE_US, SESSION_GAP_US, SESSION_OPEN_US } from './bar-session.ts';
import { LATE, NOT_READ, TAKEN } from './bar-verdict.ts';
import type { ClosedBars } from './closed-bars.ts';
import { beginRecord, publish, resetStream, STREAM_WIDTH } from './open-stream.ts';
import { REPAIR_REFUSED, repairBar } from './repair-bar.ts';
import { baseOf, findWindow, isCut } from './time-window.ts';

/** The open shortest bar, and behind it the open bar of every stream. */
const BASE = 0;
const STREAMS = BASE + OPEN_WIDTH;

export interface TimeStream {
  readonly kind: TimeBarKind;
  /** Its number in the builder. */
  readonly stream: number;
}

/**
 * All bars of a symbol that live by the clock, closed by one rule (closing-rule.ts). Trades are
 * joined to one shared shortest bar; when it closes it is joined to the open bar of every stream.
 * What comes too late for it still goes into the longer bars that are open.
 *
 * Session (bar-session.ts) and slots stand in one state: `at` is where the slots begin.
 */
export class TimeBars {
  readonly baseUs: number;
  readonly width: number;
  /** Bars that one event may close. */
  readonly closedMax: number;
  readonly #rule: ClosingRule;
  readonly #streams: readonly TimeStream[];
  readonly #times = new Float64Array(2);
  /** Of the last late part, by streams: whose bar of it is closed (LATE_IN_GRACE, PAST_GRACE). */
  readonly late: Uint8Array;

  /** @param late one byte for each stream of the builder, to write into. */
  constructor(streams: readonly TimeStream[], rule: ClosingRule, late: Uint8Array) {
    this.#rule = rule;
    this.#streams = streams.toSorted((one, other) => one.kind.spanUs - other.kind.spanUs);
    this.baseUs = baseOf(streams.map(({ kind }) => kind));
    this.width = STREAMS + streams.length * STREAM_WIDTH;
    this.closedMax = 3 * streams.length;
    this.late = late;
  }

  reset(state: Float64Array, at: number, sessionAt: number): void {
    this.begin(state, at, sessionAt);
    for (let place = 0; place < this.#streams.length; place += 1) {
      resetStream(state, at + STREAMS + place * STREAM_WIDTH);
    }
  }

  /** After a session was set, and nothing is open of the last one. */
  begin(state: Float64Array, at: number, sessionAt: number): void {
    resetOpen(state, at + BASE, state[sessionAt + SESSION_OPEN_US] ?? NaN);
  }

  /**
   * After the session was told anew: what is open ends where it does now, and what began past its
   * close is dropped, since it is of no session. Answers how many trades that were.
   */
  resume(state: Float64Array, at: number, sessionAt: number, closed: ClosedBars): number {
    const closeUs = state[sessionAt + SESSION_CLOSE_US] ?? NaN;
    let dropped = this.#resumeBase(state, at + BASE, closeUs);
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      if (one === undefined || !isOpenRecord(state, streamAt)) continue;
      const startUs = state[streamAt + OPEN_BAR_START_US] ?? NaN;
      if (startUs < closeUs && findWindow(this.#times, state, sessionAt, one.kind, startUs)) {
        state[streamAt + BAR_END_US] = this.#times[1] ?? NaN;
        unmarkRecord(state, streamAt, BAR_PARTIAL);
        if (isCut(this.#times, one.kind)) markRecord(state, streamAt, BAR_PARTIAL);
        doubtPast(state, streamAt, closeUs);
        if (isClosed(state, at + BASE, this.#times[1] ?? NaN)) {
          publish(state, streamAt, one.stream, closed);
        }
        continue;
      }
      dropped += state[streamAt + OPEN_BAR_TRADES] ?? NaN;
      resetRecord(state, streamAt);
    }
    return dropped;
  }

  /** When the first bar ends of those that are open; Infinity where none is. */
  nextEndUs(state: Float64Array, at: number): number {
    const baseEndUs = state[at + BASE + BAR_END_US] ?? NaN;
    if (baseEndUs === baseEndUs) return baseEndUs; // None ends before it does.
    let endUs = Infinity;
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamEndUs = state[at + STREAMS + place * STREAM_WIDTH + BAR_END_US] ?? NaN;
      if (streamEndUs < endUs) endUs = streamEndUs;
    }
    return endUs;
  }

  /**
   * Joins a part that came at `nowUs`; answers for how many streams it came too late, and says in
   * `late` for which. A part that is a whole bar of a stream is never too late for that: it is
   * closed at once.
   */
  join(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
    closed: ClosedBars,
    nowUs: number,
  ): number {
    if (this.#streams.length === 0) return 0;
    this.#findBase(state, sessionAt, part[OPEN_BAR_START_US] ?? NaN);
    const endUs = this.#times[1] ?? NaN;
    if (isDamaged(state, at + BASE, endUs) && !this.#isBase(part)) {
      for (const { stream } of this.#streams) this.late[stream] = PAST_GRACE;
      return this.#streams.length;
    }
    if (this.#rule.standing(state, at + BASE, endUs, nowUs) !== OPEN) {
      return this.#joinLate(state, at, sessionAt, part, closed, nowUs);
    }
    this.#joinBase(state, at + BASE, sessionAt, part);
    return 0;
  }

  /**
   * Joins a bar of the venue's, of the shortest span or a part of it, where no trade told it; a
   * whole one also where data were lost. Too late it is where the bar is closed: trades told that.
   */
  joinBeside(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
  ): typeof TAKEN | typeof LATE | typeof NOT_READ {
    if ((state[at + BASE + OPEN_BAR_TRADES] ?? 0) > 0) return NOT_READ;
    this.#findBase(state, sessionAt, part[OPEN_BAR_START_US] ?? NaN);
    const endUs = this.#times[1] ?? NaN;
    const isWhole = this.#isBase(part);
    const isLost = isDamaged(state, at + BASE, endUs) && !isWhole;
    if (isLost || isClosed(state, at + BASE, endUs)) return LATE;
    this.#joinBase(state, at + BASE, sessionAt, part);
    if (isWhole) unmarkRecord(state, at + BASE, BAR_DAMAGED);
    return TAKEN;
  }

  /** Closes every bar that ended at or before a moment. */
  closeBefore(
    state: Float64Array,
    at: number,
    sessionAt: number,
    us: number,
    closed: ClosedBars,
  ): void {
    if (isOverBy(state, at + BASE, us)) this.#closeBase(state, at, sessionAt, closed);
    else if (isOpenRecord(state, at + BASE)) return; // None ends before it does.
    this.#closeStreams(state, at, us, closed);
  }

  /**
   * Puts one part in the place of another in the bars that are open. Answers for how many streams
   * the bar is closed, and says in `late` for which; -1 where nothing like it was joined.
   */
  repair(
    state: Float64Array,
    at: number,
    sessionAt: number,
    old: Float64Array,
    now: Float64Array,
  ): number {
    if (this.#streams.length === 0) return 0;
    const startUs = old[OPEN_BAR_START_US] ?? NaN;
    this.#findBase(state, sessionAt, startUs);
    if (!isClosed(state, at + BASE, this.#times[1] ?? NaN)) {
      // What the venue told need not hold a trade, and may hold its correction.
      const isThere =
        holds(state, at + BASE, startUs) && isOfVenue(state, at + BASE) === isOfVenue(old, 0);
      return isThere && repairBar(state, at + BASE, old, now) !== REPAIR_REFUSED ? 0 : -1;
    }
    let late = 0;
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      if (one === undefined || !findWindow(this.#times, state, sessionAt, one.kind, startUs))
        continue;
      if (isClosed(state, at + BASE, this.#times[1] ?? NaN)) {
        this.late[one.stream] = LATE_IN_GRACE;
        late += 1;
        continue;
      }
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      if (isOpenRecord(state, streamAt)) repairBar(state, streamAt, old, now);
    }
    return late;
  }

  /** Data were lost: of the shortest bars none is made of what is left, longer ones are marked. */
  damage(state: Float64Array, at: number, sessionAt: number, nowUs: number): void {
    // The clock of a venue may be ahead: of what it has begun something is lost too.
    const openUs = state[at + BASE + OPEN_BAR_START_US] ?? NaN;
    const lostUs = openUs > nowUs ? openUs : nowUs;
    const gapUs = state[sessionAt + SESSION_GAP_US] ?? NaN;
    if (!(lostUs <= gapUs)) state[sessionAt + SESSION_GAP_US] = lostUs;
    this.#findBase(state, sessionAt, nowUs);
    loseOpen(state, at + BASE, this.#times[1] ?? NaN);
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      if (isOpenRecord(state, streamAt)) markRecord(state, streamAt, BAR_DAMAGED);
    }
  }

  /** Writes the bar of a stream that is forming; answers whether there is one. */
  forming(
    state: Float64Array,
    at: number,
    sessionAt: number,
    stream: number,
    record: Float64Array,
  ): boolean {
    const one = this.#streams.find((each) => each.stream === stream);
    if (one === undefined) return false;
    copyRecord(record, 0, state, at + this.streamAt(stream));
    const baseAt = at + BASE;
    if (!isOpenRecord(state, baseAt)) return isOpenRecord(record, 0);
    if (!isOpenRecord(record, 0)) this.#begin(record, 0, state, sessionAt, one, baseAt);
    if (holds(record, 0, state[baseAt + OPEN_BAR_START_US] ?? NaN)) {
      joinPart(record, 0, state, baseAt);
    }
    return isOpenRecord(record, 0);
  }

  /** Writes the bar of a stream that a part would be, if nothing else were in it. */
  alone(
    state: Float64Array,
    sessionAt: number,
    stream: number,
    part: Float64Array,
    record: Float64Array,
  ): void {
    resetRecord(record, 0);
    const one = this.#streams.find((each) => each.stream === stream);
    const startUs = part[OPEN_BAR_START_US] ?? NaN;
    if (one === undefined || !findWindow(this.#times, state, sessionAt, one.kind, startUs)) return;
    this.#beginFound(record, 0, state, sessionAt, one);
    joinPart(record, 0, part, 0);
  }

  /** Where among the slots a stream of the builder begins. */
  streamAt(stream: number): number {
    const place = this.#streams.findIndex((one) => one.stream === stream);
    assert(place >= 0, 'the stream is one of time');
    return STREAMS + place * STREAM_WIDTH;
  }

  /** After `#findBase`, and after what is over was closed. */
  #joinBase(state: Float64Array, baseAt: number, sessionAt: number, part: Float64Array): void {
    closeUntil(state, baseAt, this.#times[0] ?? NaN);
    if (!isOpenRecord(state, baseAt)) beginRecord(state, baseAt, this.#times, state, sessionAt);
    joinPart(state, baseAt, part, 0);
  }

  #resumeBase(state: Float64Array, baseAt: number, closeUs: number): number {
    const startUs = state[baseAt + OPEN_BAR_START_US] ?? NaN;
    const dropped = startUs >= closeUs ? (state[baseAt + OPEN_BAR_TRADES] ?? NaN) : 0;
    if (startUs >= closeUs) resetRecord(state, baseAt);
    if (!isOpenRecord(state, baseAt)) return dropped;
    state[baseAt + BAR_END_US] = Math.min(startUs + this.baseUs, closeUs);
    doubtPast(state, baseAt, closeUs);
    return 0;
  }

  #joinLate(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
    closed: ClosedBars,
    nowUs: number,
  ): number {
    const startUs = part[OPEN_BAR_START_US] ?? NaN;
    let late = 0;
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      if (one === undefined) continue;
      if (!findWindow(this.#times, state, sessionAt, one.kind, startUs)) continue;
      const standing = this.#rule.standing(state, at + BASE, this.#times[1] ?? NaN, nowUs);
      const isWhole = startUs === this.#times[0] && part[BAR_END_US] === this.#times[1];
      if (standing !== OPEN && !isWhole) {
        this.late[one.stream] = standing;
        late += 1;
        continue;
      }
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      if (!isOpenRecord(state, streamAt)) this.#beginFound(state, streamAt, state, sessionAt, one);
      joinPart(state, streamAt, part, 0);
      if (standing !== OPEN) publish(state, streamAt, one.stream, closed);
    }
    return late;
  }

  /** Joins a closed shortest bar to the open bar of every stream, and closes those it completes. */
  #closeBase(state: Float64Array, at: number, sessionAt: number, closed: ClosedBars): void {
    const baseAt = at + BASE;
    this.#closeStreams(state, at, state[baseAt + OPEN_BAR_START_US] ?? NaN, closed);
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      if (one === undefined) continue;
      if (!isOpenRecord(state, streamAt)) {
        if (!this.#begin(state, streamAt, state, sessionAt, one, baseAt)) continue;
      }
      // What is lost of a bar that is this one alone, this one says.
      if (isSameTime(state, streamAt, baseAt)) unmarkRecord(state, streamAt, BAR_DAMAGED);
      joinPart(state, streamAt, state, baseAt);
    }
    const endUs = state[baseAt + BAR_END_US] ?? NaN;
    endOpen(state, baseAt);
    this.#closeStreams(state, at, endUs, closed);
  }

  #closeStreams(state: Float64Array, at: number, us: number, closed: ClosedBars): void {
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamAt = at + STREAMS + place * STREAM_WIDTH;
      const endUs = state[streamAt + BAR_END_US] ?? NaN;
      if (!(endUs <= us)) continue;
      closeUntil(state, at + BASE, endUs);
      publish(state, streamAt, this.#streams[place]?.stream ?? 0, closed);
    }
  }

  /** After `#findBase`: is the part the whole of that bar? */
  #isBase(part: Float64Array): boolean {
    return part[OPEN_BAR_START_US] === this.#times[0] && part[BAR_END_US] === this.#times[1];
  }

  /** Start and end of the shortest bar that a moment of the session lies in. */
  #findBase(state: Float64Array, sessionAt: number, us: number): void {
    const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
    const startUs = openUs + Math.floor((us - openUs) / this.baseUs) * this.baseUs;
    this.#times[0] = startUs;
    this.#times[1] = Math.min(startUs + this.baseUs, state[sessionAt + SESSION_CLOSE_US] ?? NaN);
  }

  /** Begins the bar of a stream that a shortest bar is a part of, where the stream has one. */
  #begin(
    record: Float64Array,
    recordAt: number,
    state: Float64Array,
    sessionAt: number,
    one: TimeStream,
    baseAt: number,
  ): boolean {
    const startUs = state[baseAt + OPEN_BAR_START_US] ?? NaN;
    if (!findWindow(this.#times, state, sessionAt, one.kind, startUs)) return false;
    this.#beginFound(record, recordAt, state, sessionAt, one);
    return true;
  }

  #beginFound(
    record: Float64Array,
    recordAt: number,
    state: Float64Array,
    sessionAt: number,
    one: TimeStream,
  ): void {
    beginRecord(record, recordAt, this.#times, state, sessionAt);
    if (isCut(this.#times, one.kind)) markRecord(record, recordAt, BAR_PARTIAL);
  }
}
