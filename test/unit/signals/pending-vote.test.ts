import { describe, expect, it } from 'vitest';
import {
  isPending,
  openQuestion,
  pendingWidth,
  settleQuestion,
} from '../../../src/domain/signals/pending-vote.ts';

const RULES = { thresholds: [0.5, 0.4], riseAbove: 0.001, lateUsMax: 60 };
const WIDTH = pendingWidth(2);

function asked(strengths: readonly number[], price = 100): Float64Array {
  const state = new Float64Array(2 * WIDTH).fill(Number.NaN);
  openQuestion(state, WIDTH, 2, { price, dueUs: 1_000, strengths });
  return state;
}

function settled(state: Float64Array, us: number, price: number) {
  const right: (readonly [number, boolean])[] = [];
  const isSettled = settleQuestion(state, WIDTH, { us, price }, RULES, (member, isRight) =>
    right.push([member, isRight]),
  );
  return { isSettled, right };
}

describe('a question of a symbol', () => {
  it('is settled by the first price from its hour on', () => {
    const state = asked([0.6, 0.3]);
    expect(settled(state, 999, 101)).toEqual({ isSettled: false, right: [] });
    expect(isPending(state, WIDTH)).toBe(true);

    expect(settled(state, 1_000, 101).right).toEqual([
      [0, true],
      [1, false],
    ]);
    expect(isPending(state, WIDTH)).toBe(false);
    expect(settled(state, 1_001, 90)).toEqual({ isSettled: false, right: [] });
  });

  it('was right not to vote for what did not rise enough', () => {
    expect(settled(asked([0.6, 0.4]), 1_000, 100.1).right).toEqual([
      [0, false],
      [1, true],
    ]);
  });

  it('says nothing of a member that said nothing', () => {
    expect(settled(asked([Number.NaN, 0.9]), 1_000, 101).right).toEqual([[1, true]]);
  });

  it('is not settled by a price that comes too late, and is closed by it', () => {
    const state = asked([0.6, 0.6]);

    expect(settled(state, 1_061, 101)).toEqual({ isSettled: false, right: [] });
    expect(isPending(state, WIDTH)).toBe(false);
  });

  it('is asked alone: one that overlaps is not noted', () => {
    const state = asked([0.6, 0.6]);
    const other = { price: 50, dueUs: 2_000, strengths: [0, 0] };

    expect(openQuestion(state, WIDTH, 2, other)).toBe(false);
    expect(settled(state, 1_000, 101).right).toEqual([
      [0, true],
      [1, true],
    ]);
    expect(openQuestion(state, WIDTH, 2, other)).toBe(true);
  });

  it('needs a price and an hour, and touches only its own doubles', () => {
    const state = asked([0.6, 0.6], Number.NaN);
    expect(isPending(state, WIDTH)).toBe(false);
    const endless = { price: 1, dueUs: Number.POSITIVE_INFINITY, strengths: [0, 0] };
    expect(openQuestion(state, WIDTH, 2, endless)).toBe(false);

    expect(asked([0.6, 0.6]).subarray(0, WIDTH).every(Number.isNaN)).toBe(true);
  });
});
