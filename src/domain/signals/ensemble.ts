import { assert } from '../../core/assert.ts';
import {
  explainHybridVote,
  type HybridRules,
  hybridRulesFault,
  hybridVote,
} from './hybrid-vote.ts';
import {
  isMemberActive,
  MEMBER_WIDTH,
  type MemberRules,
  memberRulesFault,
  noteAnswer,
  noteOutcomes,
} from './member-accuracy.ts';

export interface EnsembleRules {
  /** In the order in which they are asked: the members of the vote, then those in shadow. */
  readonly models: readonly string[];
  /** Of the first models; with one member its score is the ensemble's. */
  readonly vote: HybridRules;
  readonly accuracy: MemberRules;
}

/** What the models together say of a symbol. */
export interface EnsembleScore {
  /** In 0 to 1; NaN: nothing can be said. */
  readonly score: number;
  /** Enough members voted: without that a score may end a position, and never begin one. */
  readonly isAgreed: boolean;
  readonly reason: string;
  /** Of those whose scores are in it. */
  readonly versions: readonly string[];
}

/** What is known of the models of a session: how each did, and who may vote. */
export class Ensemble {
  readonly #rules: EnsembleRules;
  readonly #known: Float64Array;

  constructor(rules: EnsembleRules) {
    const { models, vote, accuracy } = rules;
    const isFirst = vote.members.every(({ name }, place) => models[place] === name);
    assert(vote.members.length > 0 && isFirst, 'the members are the first of the models');
    const fault = hybridRulesFault(vote) ?? memberRulesFault(accuracy);
    assert(fault === undefined, fault ?? '');
    this.#rules = rules;
    this.#known = new Float64Array(models.length * MEMBER_WIDTH);
  }

  get models(): readonly string[] {
    return this.#rules.models;
  }

  /** `MEMBER_WIDTH` doubles of a model, as `member-accuracy.ts` means them. */
  known(place: number): Float64Array {
    return this.#known.subarray(place * MEMBER_WIDTH, (place + 1) * MEMBER_WIDTH);
  }

  placeOf(model: string): number {
    return this.#rules.models.indexOf(model);
  }

  isActive(place: number): boolean {
    return isMemberActive(this.#known, place * MEMBER_WIDTH);
  }

  score(scores: Float64Array, versions: readonly string[]): EnsembleScore {
    const { vote } = this.#rules;
    if (vote.members.length === 1) {
      const [score = Number.NaN] = scores;
      return { score, isAgreed: true, reason: 'score', versions: versions.slice(0, 1) };
    }
    const voted = hybridVote(vote, scores, (place) => this.isActive(place));
    const isAgreed = voted.reason === 'agreed';
    const counted = isAgreed ? ['votes'] : ['votes', 'below'];
    const places = vote.members.flatMap((_, place) =>
      counted.includes(voted.members[place] ?? '') ? [place] : [],
    );
    return {
      score: isAgreed ? voted.strength : meanOf(vote, scores, places),
      isAgreed,
      reason: explainHybridVote(vote, scores, voted),
      versions: places.map((place) => versions[place] ?? ''),
    };
  }

  /** Whether each model answered a question. */
  answered(place: number, isUsable: boolean): void {
    noteAnswer(this.#known, place * MEMBER_WIDTH, isUsable, this.#rules.accuracy);
  }

  /** Outcomes of a moment: those that came as the model said, and then the others. */
  judged(place: number, outcomes: number, right: number): void {
    const at = place * MEMBER_WIDTH;
    noteOutcomes(this.#known, at, { outcomes, right }, this.#rules.accuracy);
  }
}

/** Without agreement nothing is boosted. */
function meanOf(vote: HybridRules, scores: Float64Array, places: readonly number[]): number {
  // With fewer alive than have to agree there is nothing to say.
  if (places.length < vote.votesLeast) return Number.NaN;
  let [sum, weights] = [0, 0];
  for (const place of places) {
    const weight = vote.members[place]?.weight ?? 0;
    sum += weight * (scores[place] ?? Number.NaN);
    weights += weight;
  }
  return sum / weights;
}
