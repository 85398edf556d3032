import { modelsIn } from '../../ports/model-columns.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import { type Infer, inferAnswer } from '../infer-answer.ts';
import type { ScoreAnswer, ScoreRequest } from './score-request.ts';

/** What the kernel asks is about to be traded on: it goes before everything else. */
export function askedBy(effect: Infer, requestedUs: number): ScoreRequest {
  const { model, rows, width, features } = effect;
  const models = modelsIn(model);
  return { models, layer: 3, rows: rows.length, width, features, askedUs: requestedUs };
}

export function effectAnswerOf(effect: Infer, answer: ScoreAnswer): EffectAnswer {
  return answer.outcome === 'done' ? inferAnswer(effect, answer.columns) : answer;
}
