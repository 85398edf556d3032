import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  explainHybridVote,
  HYBRID_RULES,
  type HybridRules,
  hybridRulesFault,
  hybridVote,
} from '../../../src/domain/signals/hybrid-vote.ts';

const NONE = Number.NaN;

/** Strengths of transformer, lstm and mlp, whose thresholds are .5, .4 and .4. */
function vote(strengths: readonly number[], dropped: readonly number[] = []) {
  return hybridVote(HYBRID_RULES, strengths, (member) => !dropped.includes(member));
}

describe('an ensemble of three', () => {
  it('agrees by two votes, whose mean is raised by a tenth', () => {
    const { strength, ...rest } = vote([0.6, 0.5, 0.3]);

    expect(strength).toBeCloseTo(0.55 * 1.1, 12);
    expect(rest).toEqual({
      reason: 'agreed',
      votes: 2,
      alive: 3,
      members: ['votes', 'votes', 'below'],
    });
  });

  it('agrees by three votes, whose mean is raised by a fifth, and never above 1', () => {
    expect(vote([0.6, 0.5, 0.7]).strength).toBeCloseTo(0.6 * 1.2, 12);
    expect(vote([0.9, 0.95, 0.99]).strength).toBe(1);
  });

  it.each([
    ['one vote is not enough', [0.9, 0.3, 0.2], [], 'tooFewVotes'],
    ['at its threshold a member does not vote', [0.5, 0.4, 0.9], [], 'tooFewVotes'],
    ['of two alive one does not vote', [0.9, 0.3, NONE], [], 'tooFewVotes'],
    ['with one alive there is none', [0.9, NONE, NONE], [], 'tooFewMembers'],
    ['a dropped member is not heard', [0.9, 0.9, NONE], [0], 'tooFewMembers'],
    ['what is no probability is not heard', [0.9, 1.2, -0.1], [], 'tooFewMembers'],
    ['nobody is there', [NONE, NONE, NONE], [], 'tooFewMembers'],
  ] as const)('gives no signal: %s', (_, strengths, dropped, reason) => {
    expect(vote(strengths, dropped)).toMatchObject({ strength: NONE, reason });
  });

  it('agrees by both of two that are alive', () => {
    expect(vote([NONE, 0.5, 0.6])).toMatchObject({ reason: 'agreed', votes: 2, alive: 2 });
    expect(vote([0.9, 0.5, 0.6], [0]).strength).toBeCloseTo(0.55 * 1.1, 12);
  });

  it('weighs those that voted, and nobody else', () => {
    const [transformer, lstm, mlp] = HYBRID_RULES.members;
    if (transformer === undefined || lstm === undefined || mlp === undefined) throw new Error('');
    const rules: HybridRules = {
      ...HYBRID_RULES,
      members: [{ ...transformer, weight: 3 }, lstm, { ...mlp, weight: 100 }],
    };

    const { strength } = hybridVote(rules, [0.6, 0.8, 0.1]);
    expect(strength).toBeCloseTo(((3 * 0.6 + 0.8) / 4) * 1.1, 12);
  });

  it('explains itself in a line', () => {
    const said = (strengths: readonly number[], dropped: readonly number[] = []) =>
      explainHybridVote(HYBRID_RULES, strengths, vote(strengths, dropped)).split(': ');

    expect(said([0.61234, 0.5, 0.3])).toEqual([
      'strength 0.612 by 2 of 3 votes',
      'transformer 0.612 > 0.5, lstm 0.5 > 0.4, mlp 0.3 not above 0.4',
    ]);
    expect(said([0.9, NONE, 0.3])).toEqual([
      'no signal, 1 of 2 votes, 2 needed',
      'transformer 0.9 > 0.5, lstm silent, mlp 0.3 not above 0.4',
    ]);
    expect(said([0.9, NONE, 0.3], [2])).toEqual([
      'no signal, 1 of 3 alive, 2 needed',
      'transformer 0.9 > 0.5, lstm silent, mlp dropped',
    ]);
  });
});

describe('any vote', () => {
  const strengths = fc.array(
    fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NONE)),
    { minLength: 3, maxLength: 3 },
  );
  const standings = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });

  it('is a signal by two votes of active members, of at least their mean and at most 1', () => {
    fc.assert(
      fc.property(strengths, standings, (said, isActive) => {
        const found = hybridVote(HYBRID_RULES, said, (member) => isActive[member] === true);
        const voting = HYBRID_RULES.members.flatMap(({ threshold }, at) => {
          const strength = said[at] ?? NONE;
          return isActive[at] === true && strength > threshold ? [strength] : [];
        });
        const mean = voting.reduce((sum, value) => sum + value, 0) / voting.length;

        expect(found.votes).toBe(voting.length);
        expect(found.reason === 'agreed').toBe(voting.length >= 2);
        if (found.reason !== 'agreed') expect(found.strength).toBeNaN();
        else {
          expect(found.strength).toBeGreaterThanOrEqual(Math.min(1, mean));
          expect(found.strength).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('never loses strength by a member that says more', () => {
    const added = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(strengths, fc.integer({ min: 0, max: 2 }), added, (said, member, more) => {
        const before = hybridVote(HYBRID_RULES, said);
        const isVoting = before.members[member] === 'votes';
        const raised = said.map((value, at) => (at === member ? Math.min(1, value + more) : value));
        const after = hybridVote(HYBRID_RULES, raised);

        expect(after.votes).toBeGreaterThanOrEqual(before.votes);
        if (isVoting && before.reason === 'agreed') {
          expect(after.strength).toBeGreaterThanOrEqual(before.strength - 1e-12);
        }
      }),
    );
  });
});

describe('rules of a vote', () => {
  it('of the design are sound', () => {
    expect(hybridRulesFault(HYBRID_RULES)).toBeUndefined();
  });

  const [first] = HYBRID_RULES.members;
  const members = first === undefined ? [] : [first];
  it.each([
    ['there twice', { members: [...members, ...members] }],
    ['whole number', { votesLeast: 1.5 }],
    ['fewer members', { votesLeast: 4 }],
    ['threshold', { members: [...HYBRID_RULES.members, { name: 'x', threshold: 1, weight: 1 }] }],
    ['weight', { members: [...HYBRID_RULES.members, { name: 'x', threshold: 0, weight: 0 }] }],
    ['boost for the least', { boosts: [] }],
    ['from 1 to 2', { boosts: [0.9] }],
    ['boosted less', { boosts: [1.2, 1.1] }],
  ] as const)('are refused: %s', (fault, change) => {
    expect(hybridRulesFault({ ...HYBRID_RULES, ...change })).toContain(fault);
  });
});
