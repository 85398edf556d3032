import { assert } from '../../core/assert.ts';

/**
 * What the members of an ensemble said of one symbol and what has not come out yet: doubles of
 * somebody else's memory, `state[at .. at + pendingWidth(members))`, all nought at first.
 *
 * One question of a symbol is open at a time. Those that come while it is are not noted: outcomes
 * that overlap are nearly the same outcome, and would make a member look surer than it is.
 */
export function pendingWidth(members: number): number {
  return HEAD + members;
}

const ASKED_PRICE = 0;
const DUE_US = 1;
const HEAD = 2;

/** When the question that is open can be settled, or 0. */
export function dueUs(state: Float64Array, at: number): number {
  return state[at + DUE_US] ?? 0;
}

export function isPending(state: Float64Array, at: number): boolean {
  return dueUs(state, at) > 0;
}

/** Nothing is open, whatever the doubles were. */
export function closeQuestion(state: Float64Array, at: number, members: number): void {
  state.fill(0, at, at + pendingWidth(members));
}

export interface Question {
  /** The price at the decision. */
  readonly price: number;
  /** When the outcome is known: the horizon of the members' label. */
  readonly dueUs: number;
  /** By the places of the members; NaN of one that said nothing. */
  readonly strengths: ArrayLike<number>;
}

/** Opens a question, where none is open. Answers whether it did. */
export function openQuestion(
  state: Float64Array,
  at: number,
  members: number,
  { price, dueUs: us, strengths }: Question,
): boolean {
  assert(strengths.length >= members, 'there is a strength for each member');
  if (isPending(state, at) || !(price > 0) || !(us > 0 && us < Number.POSITIVE_INFINITY)) {
    return false;
  }
  state[at + ASKED_PRICE] = price;
  state[at + DUE_US] = us;
  for (let member = 0; member < members; member += 1) {
    state[at + HEAD + member] = strengths[member] ?? Number.NaN;
  }
  return true;
}

/**
 * Settles the question by the first price from its hour on: `right(member, isRight)` for each that
 * had said something, where right is to be above `thresholds[member]` of what rose by more than
 * `riseAbove`, and not above it of what did not. A price that comes too late - the next session's -
 * settles nothing and closes the question. Answers whether it was settled.
 */
export function settleQuestion(
  state: Float64Array,
  at: number,
  now: { readonly us: number; readonly price: number },
  rules: {
    readonly thresholds: readonly number[];
    readonly riseAbove: number;
    readonly lateUsMax: number;
  },
  right: (member: number, isRight: boolean) => void,
): boolean {
  const due = dueUs(state, at);
  if (!(due > 0 && now.us >= due) || !(now.price > 0)) return false;
  const isLate = now.us > due + rules.lateUsMax;
  const isRisen = now.price / (state[at + ASKED_PRICE] ?? Number.NaN) - 1 > rules.riseAbove;
  rules.thresholds.forEach((threshold, member) => {
    const strength = state[at + HEAD + member] ?? Number.NaN;
    if (!isLate && strength === strength) right(member, strength > threshold === isRisen);
  });
  closeQuestion(state, at, rules.thresholds.length);
  return !isLate;
}
