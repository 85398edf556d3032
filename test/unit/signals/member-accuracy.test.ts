import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { wilsonInterval } from '../../../src/core/wilson.ts';
import {
  isMemberActive,
  MEMBER_RULES,
  MEMBER_WIDTH,
  memberAccuracy,
  memberRulesFault,
  noteAnswer,
  noteOutcome,
} from '../../../src/domain/signals/member-accuracy.ts';

const RULES = MEMBER_RULES;

function member(): Float64Array {
  return new Float64Array(MEMBER_WIDTH);
}

/** Outcomes of which so large a share is right, until the standing changes or they are over. */
function outcomes(state: Float64Array, share: number, count: number, seed: number): number {
  const random = new Random(seed);
  for (let at = 1; at <= count; at += 1) {
    if (noteOutcome(state, 0, random.chance(share), RULES) !== undefined) return at;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a member of an ensemble', () => {
  it('is active and unknown at first', () => {
    expect(memberAccuracy(member(), 0)).toEqual({
      accuracy: Number.NaN,
      interval: { low: 0, high: 1 },
      outcomes: 0,
      droppedFor: undefined,
      drops: 0,
      shadow: { right: 0, outcomes: 0 },
    });
    expect(isMemberActive(member(), 0)).toBe(true);
  });

  it('is not judged by few outcomes, and dropped when its interval lies below the floor', () => {
    const state = member();
    for (let at = 1; at < RULES.outcomesLeast; at += 1) {
      expect(noteOutcome(state, 0, false, RULES)).toBeUndefined();
    }
    // Decay keeps what has come below its number: it takes a few more until it counts a hundred.
    let more = 1;
    while (noteOutcome(state, 0, false, RULES) === undefined) more += 1;
    expect(more).toBeGreaterThan(1);
    expect(more).toBeLessThan(20);
    expect(memberAccuracy(state, 0)).toMatchObject({
      accuracy: 0,
      droppedFor: 'accuracy',
      drops: 1,
    });
    expect(isMemberActive(state, 0)).toBe(false);
  });

  it('goes on while its interval holds the floor', () => {
    const kept = Array.from({ length: 40 }, (_, seed) => outcomes(member(), 0.55, 1_000, seed));
    expect(kept.every((at) => at === Number.POSITIVE_INFINITY)).toBe(true);

    const dropped = Array.from({ length: 40 }, (_, seed) => outcomes(member(), 0.35, 1_000, seed));
    expect(dropped.every(Number.isFinite)).toBe(true);
  });

  it('forgets: what was good long ago does not hold it up', () => {
    const state = member();
    outcomes(state, 0.9, 3_000, 1);
    const at = outcomes(state, 0.3, 3_000, 2);

    expect(at).toBeGreaterThan(200);
    expect(at).toBeLessThan(1_500);
  });

  it('returns after a whole trial in the shadow that reached the floor', () => {
    const state = member();
    outcomes(state, 0, 1_000, 1);
    expect(outcomes(state, 0.7, 1_000, 2)).toBe(RULES.shadowOutcomes);

    expect(isMemberActive(state, 0)).toBe(true);
    const { accuracy, outcomes: counted } = memberAccuracy(state, 0);
    expect(counted).toBe(RULES.shadowOutcomes);
    expect(accuracy).toBeGreaterThan(0.6);
  });

  it('begins a trial anew after one that it did not pass', () => {
    const state = member();
    outcomes(state, 0, 1_000, 1);
    expect(outcomes(state, 0, RULES.shadowOutcomes, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(memberAccuracy(state, 0).shadow).toEqual({ right: 0, outcomes: 0 });

    expect(outcomes(state, 0.7, 1_000, 3)).toBe(RULES.shadowOutcomes);
  });

  it('stays dropped while it is no better, and by luck seldom', () => {
    let returned = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const state = member();
      outcomes(state, 0, 1_000, seed);
      // Ten trials at 40 %: 200 outcomes reach one half once in four hundred.
      if (Number.isFinite(outcomes(state, 0.4, 10 * RULES.shadowOutcomes, seed + 1_000))) {
        returned += 1;
      }
    }
    expect(returned).toBeLessThan(12);
  });

  it('is dropped by silence, and returns when it answers again for a while', () => {
    const state = member();
    for (let at = 1; at < RULES.silentMax; at += 1) {
      expect(noteAnswer(state, 0, false, RULES)).toBeUndefined();
    }
    expect(noteAnswer(state, 0, false, RULES)).toBe('dropped');
    expect(memberAccuracy(state, 0).droppedFor).toBe('silence');

    for (let at = 1; at < RULES.answersLeast; at += 1) {
      expect(noteAnswer(state, 0, true, RULES)).toBeUndefined();
    }
    expect(noteAnswer(state, 0, true, RULES)).toBe('returned');
  });

  it('that is bad does not return by answering, nor one that is silent by being right', () => {
    const bad = member();
    outcomes(bad, 0, 1_000, 1);
    for (let at = 0; at < 100; at += 1) noteAnswer(bad, 0, true, RULES);
    expect(isMemberActive(bad, 0)).toBe(false);

    const silent = member();
    for (let at = 0; at < RULES.silentMax; at += 1) noteAnswer(silent, 0, false, RULES);
    for (let at = 0; at < 1_000; at += 1) noteOutcome(silent, 0, true, RULES);
    expect(isMemberActive(silent, 0)).toBe(false);
  });

  it('is its doubles: a copy goes on to the bit, and a neighbour is not touched', () => {
    const notes = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(notes, fc.nat(), (all, place) => {
        const state = new Float64Array(3 * MEMBER_WIDTH).fill(7, 2 * MEMBER_WIDTH);
        const cut = place % all.length;
        const rules = { ...RULES, outcomesLeast: 5, shadowOutcomes: 5, silentMax: 3 };
        let copy = state.slice();
        all.forEach(([isOutcome, isGood], at) => {
          if (at === cut) copy = state.slice();
          const note = isOutcome ? noteOutcome : noteAnswer;
          note(state, MEMBER_WIDTH, isGood, rules);
          if (at >= cut) note(copy, MEMBER_WIDTH, isGood, rules);
        });

        expect(copy).toEqual(state);
        expect(state.subarray(0, MEMBER_WIDTH).every((value) => value === 0)).toBe(true);
        expect(state.subarray(2 * MEMBER_WIDTH).every((value) => value === 7)).toBe(true);
        const { interval, accuracy, outcomes: counted } = memberAccuracy(state, MEMBER_WIDTH);
        if (counted > 0) {
          expect(accuracy).toBeGreaterThanOrEqual(interval.low);
          expect(accuracy).toBeLessThanOrEqual(interval.high + 1e-12);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('rules of members', () => {
  it('that ship are sound', () => {
    expect(memberRulesFault(MEMBER_RULES)).toBeUndefined();
  });

  it.each([
    ['floor', { floor: 1.1 }],
    ['half-life', { halfLifeOutcomes: 0 }],
    ['outcomesLeast', { outcomesLeast: 501 }],
    ['count', { silentMax: 0.5 }],
  ])('are refused: %s', (fault, change) => {
    expect(memberRulesFault({ ...MEMBER_RULES, ...change })).toContain(fault);
  });
});

describe("Wilson's interval", () => {
  it('holds the share, is inside 0 to 1 and narrows with more', () => {
    const counts = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }));
    fc.assert(
      fc.property(counts, ([successes, more]) => {
        const trials = successes + more;
        const { low, high } = wilsonInterval(successes, trials);
        const wider = wilsonInterval(4 * successes, 4 * trials);

        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(wider.high - wider.low).toBeLessThan(high - low);
      }),
    );
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(2, 1)).toThrow(/part of the trials/);
  });
});
