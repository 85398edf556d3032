import { type BarLearner, Rewarm, REWARM_BARS } from '../indicators/rewarm.ts';
import { isEmptyBar } from '../market/bar.ts';
import { BarHistory } from '../market/bars/bar-history.ts';
import { LATE_IN_GRACE } from '../market/bars/closing-rule.ts';
import type { FeatureSet } from './feature-set.ts';

interface Kept {
  readonly rewarm: Rewarm;
  /** Among the slots of a history. */
  readonly at: number;
  /** In the stride of the sources. */
  readonly offset: number;
}

/**
 * The last closed bars of every timeframe of a symbol, so that sources which hear nothing else can
 * learn again from a bar that is corrected. All is in `state[at .. at + width)`; the stride of the
 * sources stands in the same state. Streams are the set's timeframes by their places.
 */
export class FeatureHistory {
  readonly width: number;
  readonly #kept: readonly (Kept | undefined)[];

  constructor(set: FeatureSet) {
    let width = 0;
    this.#kept = set.timeframes.map((timeframe) => {
      const { offset, ...learner } = set.barPart(timeframe);
      if (learner.width === 0) return undefined; // Nothing could learn again.
      const kept = { rewarm: rewarmOf(learner), at: width, offset };
      width += kept.rewarm.width;
      return kept;
    });
    this.width = width;
  }

  /** After sources were reset. */
  reset(state: Float64Array, at: number, sourcesAt: number): void {
    for (const kept of this.#kept) {
      kept?.rewarm.begin(state, at + kept.at, state, sourcesAt + kept.offset, NaN);
    }
  }

  /** A closed bar, before the sources hear of it. */
  remember(
    state: Float64Array,
    at: number,
    sourcesAt: number,
    stream: number,
    records: Float64Array,
    recordAt: number,
  ): void {
    const kept = this.#kept[stream];
    if (kept === undefined) return;
    const live = sourcesAt + kept.offset;
    kept.rewarm.remember(state, at + kept.at, state, live, records, recordAt);
  }

  /** One part in the place of another in the closed bar of each stream that is marked as late. */
  repair(
    state: Float64Array,
    at: number,
    sourcesAt: number,
    late: Uint8Array,
    old: Float64Array,
    now: Float64Array,
  ): void {
    for (let stream = 0; stream < this.#kept.length; stream += 1) {
      const kept = this.#kept[stream];
      if (kept === undefined || late[stream] !== LATE_IN_GRACE) continue;
      const bar = kept.rewarm.repair(state, at + kept.at, old, now);
      settle(kept, bar, state, at, sourcesAt);
    }
  }

  /** A part that came after its bar of a stream had closed, or that bar where there was none. */
  join(
    state: Float64Array,
    at: number,
    sourcesAt: number,
    stream: number,
    part: Float64Array,
    alone: Float64Array,
  ): void {
    const kept = this.#kept[stream];
    if (kept === undefined) return;
    settle(kept, kept.rewarm.join(state, at + kept.at, part, alone), state, at, sourcesAt);
  }

  /** A closed bar told anew; answers whether a stream could take it in. */
  replace(
    state: Float64Array,
    at: number,
    sourcesAt: number,
    stream: number,
    record: Float64Array,
  ): boolean {
    const kept = this.#kept[stream];
    if (kept === undefined) return false;
    const bar = kept.rewarm.correct(state, at + kept.at, record);
    settle(kept, bar, state, at, sourcesAt);
    return bar >= 0;
  }
}

/** Sources learn again, if a bar has changed. Without volume it never was one. */
function settle(
  { rewarm, at: keptAt, offset }: Kept,
  bar: number,
  state: Float64Array,
  at: number,
  sourcesAt: number,
): void {
  if (bar < 0) return;
  const memory = at + keptAt;
  if (isEmptyBar(state, rewarm.recordAt(memory, bar))) rewarm.remove(state, memory, bar);
  rewarm.rewarm(state, memory, state, sourcesAt + offset);
}

function rewarmOf(learner: BarLearner): Rewarm {
  return new Rewarm(learner, new BarHistory(REWARM_BARS));
}
