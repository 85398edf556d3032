import { isEmptyBar, OPEN_BAR_START_US } from '../bar.ts';
import type { BarRule } from './bar-rule.ts';
import {
  BAR_DAMAGED,
  BAR_DOUBTFUL,
  BAR_END_US,
  BAR_PARTIAL,
  copyRecord,
  isOpenRecord,
  joinPart,
  markRecord,
} from './bar-record.ts';
import type { ClosedBars } from './closed-bars.ts';
import { beginRecord, publish, resetStream, STREAM_WIDTH } from './open-stream.ts';
import { REPAIR_REFUSED, repairBar } from './repair-bar.ts';

/**
 * A stream of bars that live by what trades: parts are joined as they arrive, and the part that
 * makes the bar complete closes it. A bar without a price stays open until a trade gives it one.
 */
export class EventBars {
  readonly width: number;
  /** Its number in the builder. */
  readonly stream: number;
  readonly #rule: BarRule;
  readonly #times = new Float64Array(2);

  constructor(stream: number, rule: BarRule) {
    this.stream = stream;
    this.#rule = rule;
    this.width = STREAM_WIDTH + rule.width;
  }

  reset(state: Float64Array, at: number): void {
    resetStream(state, at);
    this.#rule.reset(state, at + STREAM_WIDTH);
  }

  join(
    state: Float64Array,
    at: number,
    sessionAt: number,
    part: Float64Array,
    closed: ClosedBars,
  ): void {
    const startUs = part[OPEN_BAR_START_US] ?? NaN;
    const endUs = part[BAR_END_US] ?? NaN;
    if (!isOpenRecord(state, at)) {
      this.#times[0] = startUs;
      this.#times[1] = endUs;
      beginRecord(state, at, this.#times, state, sessionAt);
    }
    if (startUs < (state[at + OPEN_BAR_START_US] ?? NaN)) state[at + OPEN_BAR_START_US] = startUs;
    if (endUs > (state[at + BAR_END_US] ?? NaN)) state[at + BAR_END_US] = endUs;
    joinPart(state, at, part, 0);
    const isComplete = this.#rule.isComplete(state, at, at + STREAM_WIDTH, part);
    if (!isComplete || isEmptyBar(state, at)) return;
    publish(state, at, this.stream, closed);
    this.#rule.begin(state, at + STREAM_WIDTH, true);
  }

  /** The session is over. */
  cut(state: Float64Array, at: number, closed: ClosedBars): void {
    if (!isOpenRecord(state, at)) return;
    markRecord(state, at, BAR_PARTIAL);
    publish(state, at, this.stream, closed);
    this.#rule.begin(state, at + STREAM_WIDTH, false);
  }

  /** Puts one part in the place of another, if it can be of the open bar; answers whether. */
  repair(state: Float64Array, at: number, old: Float64Array, now: Float64Array): boolean {
    const startUs = old[OPEN_BAR_START_US] ?? NaN;
    if (!(startUs >= (state[at + OPEN_BAR_START_US] ?? NaN))) return false;
    if (!(startUs <= (state[at + BAR_END_US] ?? NaN))) return false;
    if (repairBar(state, at, old, now) === REPAIR_REFUSED) return false;
    if (this.#rule.remembersParts) markRecord(state, at, BAR_DOUBTFUL);
    return true;
  }

  damage(state: Float64Array, at: number): void {
    if (isOpenRecord(state, at)) markRecord(state, at, BAR_DAMAGED);
  }

  forming(state: Float64Array, at: number, record: Float64Array): boolean {
    copyRecord(record, 0, state, at);
    return isOpenRecord(record, 0);
  }
}
