import { assert } from '../../core/assert.ts';

/** One model of an ensemble. */
export interface HybridMember {
  readonly name: string;
  /** It votes where its strength is above this; at it, it does not. */
  readonly threshold: number;
  /** What its strength counts for in the mean. */
  readonly weight: number;
}

export interface HybridRules {
  readonly members: readonly HybridMember[];
  /** So many must vote. With fewer members alive there is no signal. */
  readonly votesLeast: number;
  /** Strength is multiplied by the entry for the number of votes, from `votesLeast` on. */
  readonly boosts: readonly number[];
}

/** Thresholds, quorum and boosts of the design of the scanner (2.2.1). */
export const HYBRID_RULES: HybridRules = {
  members: [
    { name: 'transformer', threshold: 0.5, weight: 1 },
    { name: 'lstm', threshold: 0.4, weight: 1 },
    { name: 'mlp', threshold: 0.4, weight: 1 },
  ],
  votesLeast: 2,
  boosts: [1.1, 1.2],
};

/** What a member did: voted, was not above its threshold, said nothing usable, or is dropped. */
export type MemberVote = 'votes' | 'below' | 'silent' | 'dropped';

/** Why there is a signal, or none. */
export type HybridReason = 'agreed' | 'tooFewMembers' | 'tooFewVotes';

export interface HybridVote {
  /** In 0 to 1; NaN where there is no signal. */
  readonly strength: number;
  readonly reason: HybridReason;
  readonly votes: number;
  /** Members that are not dropped and said something usable. */
  readonly alive: number;
  /** By the places of the rules' members. */
  readonly members: readonly MemberVote[];
}

/**
 * Whether the models of an ensemble agree that a price will rise.
 *
 * A strength is the calibrated probability of a rise. A member agrees by being above its own
 * threshold; the vote is one-sided, as the strategies are: nobody votes for a fall, and strengths
 * that are low are no votes against. The quorum is of members and not of those alive, so with two
 * alive both must vote and with one there is no signal. Strength is the weighted mean over those
 * that voted, times the boost, and never above 1.
 *
 * @param strengths by the places of the members; NaN, or outside 0 to 1: it said nothing usable.
 * @param isActive which members may vote: the others are tracked, and not heard.
 */
export function hybridVote(
  rules: HybridRules,
  strengths: ArrayLike<number>,
  isActive: (member: number) => boolean = () => true,
): HybridVote {
  assert(strengths.length >= rules.members.length, 'there is a strength for each member');
  let votes = 0;
  let alive = 0;
  let weights = 0;
  let sum = 0;
  const members = rules.members.map(({ threshold, weight }, member): MemberVote => {
    const strength = strengths[member] ?? Number.NaN;
    if (!isActive(member)) return 'dropped';
    if (!(strength >= 0 && strength <= 1)) return 'silent';
    alive += 1;
    if (!(strength > threshold)) return 'below';
    votes += 1;
    weights += weight;
    sum += weight * strength;
    return 'votes';
  });
  const { votesLeast } = rules;
  if (alive < votesLeast) {
    return { strength: Number.NaN, reason: 'tooFewMembers', votes, alive, members };
  }
  if (votes < votesLeast) {
    return { strength: Number.NaN, reason: 'tooFewVotes', votes, alive, members };
  }
  const strength = Math.min(1, (sum / weights) * boostOf(rules, votes));
  return { strength, reason: 'agreed', votes, alive, members };
}

/** What is wrong with rules that a person wrote; undefined where nothing is. */
export function hybridRulesFault(rules: HybridRules): string | undefined {
  const { members, votesLeast, boosts } = rules;
  const names = new Set(members.map(({ name }) => name));
  if (names.size < members.length) return 'a member is there twice';
  if (!Number.isInteger(votesLeast) || votesLeast < 1) return 'votesLeast is a whole number';
  if (members.length < votesLeast) return 'there are fewer members than have to vote';
  if (!members.every(({ threshold }) => threshold >= 0 && threshold < 1)) {
    return 'a threshold is at least 0 and below 1';
  }
  if (!members.every(({ weight }) => weight > 0 && weight < Number.POSITIVE_INFINITY)) {
    return 'a weight is above 0';
  }
  if (boosts.length === 0) return 'there is a boost for the least number of votes';
  if (!boosts.every((boost) => boost >= 1 && boost <= 2)) return 'a boost is from 1 to 2';
  const isRising = boosts.every((boost, at) => boost >= (boosts[at - 1] ?? 1));
  return isRising ? undefined : 'more votes are not boosted less';
}

/** A vote in a line: `strength 0.572 by 2 of 3 votes: transformer 0.64 > 0.5, mlp 0.4 not ...`. */
export function explainHybridVote(
  rules: HybridRules,
  strengths: ArrayLike<number>,
  vote: HybridVote,
): string {
  const parts = rules.members.map(({ name, threshold }, member) => {
    const strength = rounded(strengths[member] ?? Number.NaN);
    switch (vote.members[member] ?? 'silent') {
      case 'votes':
        return `${name} ${strength} > ${threshold}`;
      case 'below':
        return `${name} ${strength} not above ${threshold}`;
      case 'silent':
        return `${name} silent`;
      case 'dropped':
        return `${name} dropped`;
    }
  });
  return `${headline(rules, vote)}: ${parts.join(', ')}`;
}

function headline(rules: HybridRules, { reason, strength, votes, alive }: HybridVote): string {
  switch (reason) {
    case 'agreed':
      return `strength ${rounded(strength)} by ${votes} of ${alive} votes`;
    case 'tooFewVotes':
      return `no signal, ${votes} of ${alive} votes, ${rules.votesLeast} needed`;
    case 'tooFewMembers':
      return `no signal, ${alive} of ${rules.members.length} alive, ${rules.votesLeast} needed`;
  }
}

function boostOf({ votesLeast, boosts }: HybridRules, votes: number): number {
  return boosts[Math.min(votes - votesLeast, boosts.length - 1)] ?? 1;
}

function rounded(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
