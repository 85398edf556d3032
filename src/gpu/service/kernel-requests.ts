import type { EffectAnswer } from '../../ports/service.ts';
import type { Infer } from '../infer-answer.ts';
import type { ScoreAnswer, ScoreRequest } from './score-request.ts';

/** What the kernel asks is about to be traded on: it goes before everything else. */
export function askedBy(effect: Infer, requestedUs: number): ScoreRequest {
  const { model, rows, width, features } = effect;
  return { models: [model], layer: 3, rows: rows.length, width, features, askedUs: requestedUs };
}

export function effectAnswerOf({ model }: Infer, answer: ScoreAnswer): EffectAnswer {
  if (answer.outcome !== 'done') return answer;
  const column = answer.columns.find((one) => one.model === model);
  if (column === undefined) {
    const message = `${model} has no score`;
    return { outcome: 'failed', code: 'INFER_FAILED', message };
  }
  const { outputs, scores, version } = column;
  return { outcome: 'done', scores: firstOf(scores, outputs), modelVersion: version };
}

/** The first score of every row, which of a classifier is the probability. */
function firstOf(scores: Float64Array, outputs: number): Float64Array {
  if (outputs === 1) return scores;
  return Float64Array.from({ length: scores.length / outputs }, (_, row) => {
    return scores[row * outputs] ?? Number.NaN;
  });
}
