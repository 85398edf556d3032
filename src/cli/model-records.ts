import { wilsonInterval } from '../core/wilson.ts';
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
}

/** How right each model of a session has been, those in shadow too. */
export class ModelRecords {
  readonly #counts = new Map<string, { judged: number; right: number }>();

  judged({ models, judged, right }: FactOf<'modelsJudged'>): void {
    models.forEach((model, place) => {
      const counts = this.#counts.get(model) ?? { judged: 0, right: 0 };
      counts.judged += judged[place] ?? 0;
      counts.right += right[place] ?? 0;
      this.#counts.set(model, counts);
    });
  }

  list(): readonly ModelRecord[] {
    return [...this.#counts].map(([model, { judged, right }]) => {
      return { model, judged, right, ...wilsonInterval(right, judged) };
    });
  }

  /** `momentum-mlp right 53.1 % of 1,204 [50.2, 55.9]`, a line a model. */
  lines(): readonly string[] {
    return this.list().map(({ model, judged, right, low, high }) => {
      if (judged === 0) return `${model}: nothing to hold against it yet`;
      const share = `${tenths(right / judged)} % of ${count(judged)}`;
      return `${model} right ${share} [${tenths(low)}, ${tenths(high)}]`;
    });
  }
}

function tenths(share: number): string {
  return (share * 100).toFixed(1);
}
