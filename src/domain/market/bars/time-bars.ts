import { assert } from '../../../core/assert.ts';
import { OPEN_BAR_START_US, OPEN_BAR_TRADES } from '../bar.ts';
import type { TimeBarKind } from './bar-kind.ts';
import {
  BAR_CLOSE_AT_US,
  BAR_DAMAGED,
  BAR_DOUBTFUL,
  BAR_END_US,
  BAR_MARKS,
  BAR_PARTIAL,
  BAR_RECORD_WIDTH,
  copyRecord,
  isOpenRecord,
  joinPart,
  markRecord,
  resetRecord,
} from './bar-record.ts';
import { SESSION_CLOSE_US, SESSION_OPEN_US } from './bar-session.ts';
import type { ClosedBars } from './closed-bars.ts';
import { beginRecord, publish, resetStream, STREAM_WIDTH } from './open-stream.ts';
import { REPAIR_REFUSED, repairBar } from './repair-bar.ts';
import { baseOf, findWindow, isCut } from './time-window.ts';

/** How many of the shortest bars of the session are closed: every moment before is told. */
const CLOSED = 0;
/** Before this moment nothing is open any more. */
export const TIMES_FRONTIER_US = 1;
/** When the next shortest bar may be closed; Infinity where none is left. */
export const TIMES_DUE_US = 2;
const BASES = 3;

export interface TimeStream {
  readonly kind: TimeBarKind;
  /** Its number in the builder. */
  readonly stream: number;
}

/**
 * All bars of a symbol that live by the clock. Trades are joined to one shared shortest bar, of
 * which as many are open as the grace asks for; when one closes it is joined to the open bar of
 * every stream. What comes too late for it still goes into the longer bars that are open.
 *
 * Session (bar-session.ts) and slots stand in one state: `at` is where the slots begin.
 */
export class TimeBars {
  readonly baseUs: number;
  readonly width: number;
  /** Bars that one event may close. */
  readonly closedMax: number;
  readonly #places: number;
  readonly #streams: readonly TimeStream[];
  readonly #streamsAt: number;
  readonly #times = new Float64Array(2);
  /** Of the last late part: 1 for each stream whose bar of it is closed. */
  readonly late: Uint8Array;

  /** @param late one byte for each stream of the builder, to write into. */
  constructor(streams: readonly TimeStream[], graceUs: number, late: Uint8Array) {
    this.#streams = streams.toSorted((one, other) => one.kind.spanUs - other.kind.spanUs);
    this.baseUs = baseOf(streams.map(({ kind }) => kind));
    this.#places = 1 + Math.ceil(graceUs / this.baseUs);
    this.#streamsAt = BASES + this.#places * BAR_RECORD_WIDTH;
    this.width = this.#streamsAt + streams.length * STREAM_WIDTH;
    this.closedMax = streams.length * (2 * this.#places + 1);
    this.late = late;
  }

  reset(state: Float64Array, at: number, sessionAt: number): void {
    this.begin(state, at, sessionAt, 0);
    for (let place = 0; place < this.#places; place += 1) {
      resetRecord(state, at + BASES + place * BAR_RECORD_WIDTH);
    }
    for (let place = 0; place < this.#streams.length; place += 1) {
      resetStream(state, at + this.#streamsAt + place * STREAM_WIDTH);
    }
  }

  /** After a session was set: as many of its shortest bars as given are closed. */
  begin(
    state: Float64Array,
    at: number,
    sessionAt: number,
    closed = state[at + CLOSED] ?? NaN,
  ): void {
    const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
    const closeUs = state[sessionAt + SESSION_CLOSE_US] ?? NaN;
    const frontierUs = Math.min(openUs + closed * this.baseUs, closeUs);
    const dueUs = Math.min(frontierUs + this.baseUs, closeUs);
    state[at + CLOSED] = closed;
    state[at + TIMES_FRONTIER_US] = frontierUs;
    state[at + TIMES_DUE_US] = frontierUs < closeUs ? dueUs : Infinity;
  }

  /**
   * After the session was told anew: what is open ends where it does now, and what began past its
   * close is dropped, since it is of no session. Answers how many trades that were.
   */
  resume(state: Float64Array, at: number, sessionAt: number, closed: ClosedBars): number {
    const closeUs = state[sessionAt + SESSION_CLOSE_US] ?? NaN;
    this.begin(state, at, sessionAt);
    let dropped = 0;
    for (let place = 0; place < this.#places; place += 1) {
      const baseAt = at + BASES + place * BAR_RECORD_WIDTH;
      if (!isOpenRecord(state, baseAt)) continue;
      const startUs = state[baseAt + OPEN_BAR_START_US] ?? NaN;
      state[baseAt + BAR_END_US] = Math.min(startUs + this.baseUs, closeUs);
      doubtPast(state, baseAt, closeUs);
      if (startUs < closeUs) continue;
      dropped += state[baseAt + OPEN_BAR_TRADES] ?? NaN;
      resetRecord(state, baseAt);
    }
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (one === undefined || !isOpenRecord(state, streamAt)) continue;
      const startUs = state[streamAt + OPEN_BAR_START_US] ?? NaN;
      if (startUs < closeUs && findWindow(this.#times, state, sessionAt, one.kind, startUs)) {
        state[streamAt + BAR_END_US] = this.#times[1] ?? NaN;
        const marks = (state[streamAt + BAR_MARKS] ?? 0) & ~BAR_PARTIAL;
        state[streamAt + BAR_MARKS] = isCut(this.#times, one.kind) ? marks | BAR_PARTIAL : marks;
        doubtPast(state, streamAt, closeUs);
        continue;
      }
      dropped += state[streamAt + OPEN_BAR_TRADES] ?? NaN;
      resetRecord(state, streamAt);
    }
    this.#closeStreams(state, at, state[at + TIMES_FRONTIER_US] ?? NaN, closed);
    return dropped;
  }

  /** When the first bar ends of those that are open; Infinity where none is. */
  nextEndUs(state: Float64Array, at: number): number {
    let endUs = Infinity;
    for (let place = 0; place < this.#places; place += 1) {
      const baseEndUs = state[at + BASES + place * BAR_RECORD_WIDTH + BAR_END_US] ?? NaN;
      if (baseEndUs < endUs) endUs = baseEndUs;
    }
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamEndUs = state[at + this.#streamsAt + place * STREAM_WIDTH + BAR_END_US] ?? NaN;
      if (streamEndUs < endUs) endUs = streamEndUs;
    }
    return endUs;
  }

  /**
   * Joins a part; answers for how many streams it came too late, and says in `late` for which. A
   * part that is a whole bar of a stream is never too late for that: it is closed at once.
   */
  join(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
    closed: ClosedBars,
  ): number {
    if (this.#streams.length === 0) return 0;
    const startUs = part[OPEN_BAR_START_US] ?? NaN;
    const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
    const base = Math.floor((startUs - openUs) / this.baseUs);
    if (base < (state[at + CLOSED] ?? NaN)) {
      return this.#joinLate(state, at, sessionAt, part, closed);
    }
    const baseAt = at + BASES + (base % this.#places) * BAR_RECORD_WIDTH;
    if (!isOpenRecord(state, baseAt)) {
      const times = this.#times;
      times[0] = openUs + base * this.baseUs;
      times[1] = Math.min(times[0] + this.baseUs, state[sessionAt + SESSION_CLOSE_US] ?? NaN);
      beginRecord(state, baseAt, times, state, sessionAt);
    }
    joinPart(state, baseAt, part, 0);
    return 0;
  }

  /** Closes every bar that ended at or before a moment. */
  closeBefore(
    state: Float64Array,
    at: number,
    sessionAt: number,
    us: number,
    closed: ClosedBars,
  ): void {
    const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
    const closeUs = state[sessionAt + SESSION_CLOSE_US] ?? NaN;
    const first = state[at + CLOSED] ?? NaN;
    const bases = (Math.min(us, closeUs) - openUs) / this.baseUs;
    const last = us >= closeUs ? Math.ceil(bases) : Math.floor(bases);
    if (!(last > first)) return;
    // Past as many as may be open at once there is nothing.
    const end = Math.min(last, first + this.#places);
    for (let base = first; base < end; base += 1) {
      const baseAt = at + BASES + (base % this.#places) * BAR_RECORD_WIDTH;
      if (isOpenRecord(state, baseAt)) this.#closeBase(state, at, sessionAt, baseAt, closed);
    }
    this.begin(state, at, sessionAt, last);
    this.#closeStreams(state, at, state[at + TIMES_FRONTIER_US] ?? NaN, closed);
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
    const openUs = state[sessionAt + SESSION_OPEN_US] ?? NaN;
    const base = Math.floor((startUs - openUs) / this.baseUs);
    if (base >= (state[at + CLOSED] ?? NaN)) {
      const baseAt = at + BASES + (base % this.#places) * BAR_RECORD_WIDTH;
      const isThere = holds(state, baseAt, startUs);
      return isThere && repairBar(state, baseAt, old, now) !== REPAIR_REFUSED ? 0 : -1;
    }
    const frontierUs = state[at + TIMES_FRONTIER_US] ?? NaN;
    let late = 0;
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      if (one === undefined || !findWindow(this.#times, state, sessionAt, one.kind, startUs))
        continue;
      const isClosed = (this.#times[1] ?? NaN) <= frontierUs;
      if (isClosed) {
        this.late[one.stream] = 1;
        late += 1;
        continue;
      }
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (isOpenRecord(state, streamAt)) repairBar(state, streamAt, old, now);
    }
    return late;
  }

  /** Data were lost: what is open is marked. */
  damage(state: Float64Array, at: number): void {
    for (let place = 0; place < this.#places; place += 1) {
      const baseAt = at + BASES + place * BAR_RECORD_WIDTH;
      if (isOpenRecord(state, baseAt)) markRecord(state, baseAt, BAR_DAMAGED);
    }
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (isOpenRecord(state, streamAt)) markRecord(state, streamAt, BAR_DAMAGED);
    }
  }

  /** Writes the bar of a stream that is forming, the oldest where several are; answers for one. */
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
    const first = state[at + CLOSED] ?? NaN;
    for (let base = first; base < first + this.#places; base += 1) {
      const baseAt = at + BASES + (base % this.#places) * BAR_RECORD_WIDTH;
      if (!isOpenRecord(state, baseAt)) continue;
      if (!isOpenRecord(record, 0)) this.#begin(record, 0, state, sessionAt, one, baseAt);
      if (holds(record, 0, state[baseAt + OPEN_BAR_START_US] ?? NaN)) {
        joinPart(record, 0, state, baseAt);
      }
    }
    return isOpenRecord(record, 0);
  }

  /** Where among the slots a stream of the builder begins. */
  streamAt(stream: number): number {
    const place = this.#streams.findIndex((one) => one.stream === stream);
    assert(place >= 0, 'the stream is one of time');
    return this.#streamsAt + place * STREAM_WIDTH;
  }

  #joinLate(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
    closed: ClosedBars,
  ): number {
    const startUs = part[OPEN_BAR_START_US] ?? NaN;
    const frontierUs = state[at + TIMES_FRONTIER_US] ?? NaN;
    let late = 0;
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      if (one === undefined) continue;
      if (!findWindow(this.#times, state, sessionAt, one.kind, startUs)) continue;
      const isClosed = (this.#times[1] ?? NaN) <= frontierUs;
      const isWhole = startUs === this.#times[0] && part[BAR_END_US] === this.#times[1];
      if (isClosed && !isWhole) {
        this.late[one.stream] = 1;
        late += 1;
        continue;
      }
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (!isOpenRecord(state, streamAt)) this.#beginFound(state, streamAt, state, sessionAt, one);
      joinPart(state, streamAt, part, 0);
      if (isClosed) publish(state, streamAt, one.stream, closed);
    }
    return late;
  }

  /** Joins a closed shortest bar to the open bar of every stream, and closes those it completes. */
  #closeBase(
    state: Float64Array,
    at: number,
    sessionAt: number,
    baseAt: number,
    closed: ClosedBars,
  ): void {
    this.#closeStreams(state, at, state[baseAt + OPEN_BAR_START_US] ?? NaN, closed);
    for (let place = 0; place < this.#streams.length; place += 1) {
      const one = this.#streams[place];
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (one === undefined) continue;
      if (!isOpenRecord(state, streamAt)) {
        if (!this.#begin(state, streamAt, state, sessionAt, one, baseAt)) continue;
      }
      joinPart(state, streamAt, state, baseAt);
    }
    const endUs = state[baseAt + BAR_END_US] ?? NaN;
    resetRecord(state, baseAt);
    this.#closeStreams(state, at, endUs, closed);
  }

  #closeStreams(state: Float64Array, at: number, us: number, closed: ClosedBars): void {
    for (let place = 0; place < this.#streams.length; place += 1) {
      const streamAt = at + this.#streamsAt + place * STREAM_WIDTH;
      if (!((state[streamAt + BAR_END_US] ?? NaN) <= us)) continue;
      publish(state, streamAt, this.#streams[place]?.stream ?? 0, closed);
    }
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

/** What it holds of after the close cannot be taken out again. */
function doubtPast(state: Float64Array, at: number, closeUs: number): void {
  if ((state[at + BAR_CLOSE_AT_US] ?? NaN) >= closeUs) markRecord(state, at, BAR_DOUBTFUL);
}

/** Whether a moment lies in an open bar. */
function holds(state: Float64Array, at: number, us: number): boolean {
  return us >= (state[at + OPEN_BAR_START_US] ?? NaN) && us < (state[at + BAR_END_US] ?? NaN);
}
