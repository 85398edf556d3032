import { assert } from '../../core/assert.ts';
import { exp } from '../../core/math.ts';
import { type Interval, wilsonInterval } from '../../core/wilson.ts';

/**
 * How right a member of an ensemble has been lately, and whether it may vote: eight doubles of
 * somebody else's memory, `state[at .. at + MEMBER_WIDTH)`, all nought at first.
 */
export const MEMBER_WIDTH = 8;

/** Outcomes that came as it said, and all that came, older ones counting less. */
const RIGHT = 0;
const OUTCOMES = 1;
/** Questions in a row that it left without an answer, or answered again since it was dropped. */
const SILENT_RUN = 2;
const ANSWERED_RUN = 3;
/** 0 active, else why it is dropped: a place of `DROPPED_FOR` and one. */
const STANDING = 4;
/** The trial in the shadow that is going on. */
const SHADOW_RIGHT = 5;
const SHADOW_OUTCOMES = 6;
const DROPS = 7;

export type DroppedFor = 'accuracy' | 'silence';
const DROPPED_FOR: readonly DroppedFor[] = ['accuracy', 'silence'];

export interface MemberRules {
  /** A member of which the interval lies wholly below this share is dropped. */
  readonly floor: number;
  /** With fewer outcomes than this nothing is said of its accuracy. */
  readonly outcomesLeast: number;
  /** After so many outcomes an outcome counts half. */
  readonly halfLifeOutcomes: number;
  /** Questions in a row without an answer after which it is dropped. */
  readonly silentMax: number;
  /** Answers in a row after which one that was silent may vote again. */
  readonly answersLeast: number;
  /** Length of a trial in the shadow: it is looked at once, at its end, and then begun anew. */
  readonly shadowOutcomes: number;
}

export const MEMBER_RULES: MemberRules = {
  floor: 0.5,
  outcomesLeast: 100,
  halfLifeOutcomes: 500,
  silentMax: 20,
  answersLeast: 20,
  shadowOutcomes: 200,
};

export interface MemberAccuracy {
  /** NaN before the first outcome. */
  readonly accuracy: number;
  /** Wilson's, of what the outcomes are worth today. */
  readonly interval: Interval;
  readonly outcomes: number;
  /** Undefined: it votes. */
  readonly droppedFor: DroppedFor | undefined;
  /** How often it was dropped. */
  readonly drops: number;
  /** Of the trial that is going on in the shadow. */
  readonly shadow: { readonly right: number; readonly outcomes: number };
}

/** What a note changed: `undefined` nothing, else that it was dropped or may vote again. */
export type StandingChange = 'dropped' | 'returned' | undefined;

export function isMemberActive(state: Float64Array, at: number): boolean {
  return state[at + STANDING] === 0;
}

/** Notes that a question was answered with something usable, or was not. */
export function noteAnswer(
  state: Float64Array,
  at: number,
  isUsable: boolean,
  rules: MemberRules,
): StandingChange {
  state[at + SILENT_RUN] = isUsable ? 0 : read(state, at, SILENT_RUN) + 1;
  state[at + ANSWERED_RUN] = isUsable ? read(state, at, ANSWERED_RUN) + 1 : 0;
  if (isMemberActive(state, at)) {
    if (read(state, at, SILENT_RUN) < rules.silentMax) return undefined;
    return drop(state, at, 'silence');
  }
  if (droppedFor(state, at) !== 'silence') return undefined;
  if (read(state, at, ANSWERED_RUN) < rules.answersLeast) return undefined;
  state[at + STANDING] = 0;
  return 'returned';
}

/**
 * Notes an outcome that has matured: whether the member had it right. A dropped one goes on being
 * asked and noted. It returns when a whole trial in the shadow reached the floor, with the trial as
 * its record; a trial that did not is forgotten, so that waiting for luck does not help.
 */
export function noteOutcome(
  state: Float64Array,
  at: number,
  isRight: boolean,
  rules: MemberRules,
): StandingChange {
  const keep = keepOf(rules.halfLifeOutcomes);
  state[at + RIGHT] = keep * read(state, at, RIGHT) + Number(isRight);
  state[at + OUTCOMES] = keep * read(state, at, OUTCOMES) + 1;
  if (!isMemberActive(state, at)) return noteInShadow(state, at, isRight, rules);
  if (read(state, at, OUTCOMES) < rules.outcomesLeast) return undefined;
  if (intervalOf(state, at).high >= rules.floor) return undefined;
  return drop(state, at, 'accuracy');
}

/** Outcomes of one moment: those that came as the member said, and then the others. */
export function noteOutcomes(
  state: Float64Array,
  at: number,
  { outcomes, right }: { readonly outcomes: number; readonly right: number },
  rules: MemberRules,
): void {
  for (let outcome = 0; outcome < outcomes; outcome += 1) {
    noteOutcome(state, at, outcome < right, rules);
  }
}

/** For status and log. */
export function memberAccuracy(state: Float64Array, at: number): MemberAccuracy {
  const outcomes = read(state, at, OUTCOMES);
  return {
    accuracy: outcomes === 0 ? Number.NaN : read(state, at, RIGHT) / outcomes,
    interval: intervalOf(state, at),
    outcomes,
    droppedFor: droppedFor(state, at),
    drops: read(state, at, DROPS),
    shadow: { right: read(state, at, SHADOW_RIGHT), outcomes: read(state, at, SHADOW_OUTCOMES) },
  };
}

/** What is wrong with rules that a person wrote; undefined where nothing is. */
export function memberRulesFault(rules: MemberRules): string | undefined {
  const { floor, outcomesLeast, halfLifeOutcomes, ...counts } = rules;
  if (!(floor >= 0 && floor <= 1)) return 'a floor is from 0 to 1';
  if (!(halfLifeOutcomes > 0)) return 'a half-life is above 0';
  // The decayed count never passes 1 / (1 - keep), so a higher bar would never be reached.
  if (!(outcomesLeast >= 1 && outcomesLeast <= halfLifeOutcomes)) {
    return 'outcomesLeast is from 1 to the half-life';
  }
  const isCount = (value: number) => Number.isInteger(value) && value > 0;
  return Object.values(counts).every(isCount) ? undefined : 'a count is a whole number above 0';
}

function noteInShadow(
  state: Float64Array,
  at: number,
  isRight: boolean,
  rules: MemberRules,
): StandingChange {
  const right = read(state, at, SHADOW_RIGHT) + Number(isRight);
  const outcomes = read(state, at, SHADOW_OUTCOMES) + 1;
  const isOver = outcomes >= rules.shadowOutcomes;
  state[at + SHADOW_RIGHT] = isOver ? 0 : right;
  state[at + SHADOW_OUTCOMES] = isOver ? 0 : outcomes;
  const isBack = droppedFor(state, at) === 'accuracy' && isOver && right >= rules.floor * outcomes;
  if (!isBack) return undefined;
  state[at + RIGHT] = right;
  state[at + OUTCOMES] = outcomes;
  state[at + STANDING] = 0;
  return 'returned';
}

function drop(state: Float64Array, at: number, reason: DroppedFor): StandingChange {
  state[at + STANDING] = DROPPED_FOR.indexOf(reason) + 1;
  state[at + DROPS] = read(state, at, DROPS) + 1;
  state[at + ANSWERED_RUN] = 0;
  state[at + SHADOW_RIGHT] = 0;
  state[at + SHADOW_OUTCOMES] = 0;
  return 'dropped';
}

function droppedFor(state: Float64Array, at: number): DroppedFor | undefined {
  return DROPPED_FOR[read(state, at, STANDING) - 1];
}

/** Rounding may leave a hair more right than came. */
function intervalOf(state: Float64Array, at: number): Interval {
  const outcomes = read(state, at, OUTCOMES);
  return wilsonInterval(Math.min(outcomes, read(state, at, RIGHT)), outcomes);
}

function read(state: Float64Array, at: number, field: number): number {
  const value = state[at + field];
  assert(value !== undefined, 'a member has its row');
  return value;
}

/** 2^(-1 / outcomes). */
function keepOf(halfLifeOutcomes: number): number {
  return exp(-Math.LN2 / halfLifeOutcomes);
}
