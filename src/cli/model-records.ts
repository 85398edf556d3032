import { wilsonInterval } from '../core/wilson.ts';
import {
  type DroppedFor,
  MEMBER_RULES,
  MEMBER_WIDTH,
  memberAccuracy,
  noteAnswer,
  noteOutcomes,
} from '../domain/signals/member-accuracy.ts';
import type { FactOf } from '../ports/fact.ts';
import { count } from './figures.ts';

export interface ModelRecord {
  readonly model: string;
  /** Scores that were held against the price of their horizon, and how many were right. */
  readonly judged: number;
  readonly right: number;
  /** Where its share of right ones lies, with 95 % confidence. */
  readonly low: number;
  readonly high: number;
  /** Why it has no vote now; left out where it has. */
  readonly droppedFor?: DroppedFor;
}

/** How right each model of a session has been, those in shadow too. */
export class ModelRecords {
  readonly #models = new Map<string, { judged: number; right: number; state: Float64Array }>();

  judged({ models, judged, right }: FactOf<'modelsJudged'>): void {
    models.forEach((model, place) => {
      const known = this.#of(model);
      const outcomes = { outcomes: judged[place] ?? 0, right: right[place] ?? 0 };
      known.judged += outcomes.outcomes;
      known.right += outcomes.right;
      noteOutcomes(known.state, 0, outcomes, MEMBER_RULES);
    });
  }

  answered({ models, hasAnswered }: FactOf<'modelsAnswered'>): void {
    models.forEach((model, place) => {
      noteAnswer(this.#of(model).state, 0, hasAnswered[place] ?? false, MEMBER_RULES);
    });
  }

  list(): readonly ModelRecord[] {
    return [...this.#models].map(([model, { judged, right, state }]) => {
      const { droppedFor } = memberAccuracy(state, 0);
      const record = { model, judged, right, ...wilsonInterval(right, judged) };
      return droppedFor === undefined ? record : { ...record, droppedFor };
    });
  }

  /** `momentum-mlp right 53.1 % of 1,204 [50.2, 55.9]`, a line a model. */
  lines(): readonly string[] {
    return this.list().map(({ model, judged, right, low, high, droppedFor }) => {
      const vote = droppedFor === undefined ? '' : `; no vote, for ${WHY[droppedFor]}`;
      if (judged === 0) return `${model}: nothing to hold against it yet${vote}`;
      const share = `${tenths(right / judged)} % of ${count(judged)}`;
      return `${model} right ${share} [${tenths(low)}, ${tenths(high)}]${vote}`;
    });
  }

  #of(model: string): { judged: number; right: number; state: Float64Array } {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const made = { judged: 0, right: 0, state: new Float64Array(MEMBER_WIDTH) };
    this.#models.set(model, made);
    return made;
  }
}

const WHY: Readonly<Record<DroppedFor, string>> = {
  accuracy: 'it was wrong too often',
  silence: 'it has no answers',
};

function tenths(share: number): string {
  return (share * 100).toFixed(1);
}
