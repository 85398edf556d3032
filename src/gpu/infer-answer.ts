import type { Effect } from '../ports/effect.ts';
import type { EffectAnswer } from '../ports/service.ts';

export type Infer = Extract<Effect, { kind: 'infer' }>;

/** Why a question to the model has no scores. */
export type InferenceRefusal =
  | 'INFER_MODEL_UNKNOWN'
  | 'INFER_WIDTH'
  | 'INFER_NOT_A_NUMBER'
  | 'INFER_LAYOUT'
  | 'INFER_STALE'
  // Only a live service says these: in virtual time it is never late, busy or gone.
  | 'INFER_ROWS_MAX'
  | 'INFER_BUSY'
  | 'INFER_LATE'
  | 'INFER_MODELS_MAX'
  | 'INFER_FAILED'
  | 'INFER_DIED'
  | 'INFER_STOPPED';

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly width: number;
}

/** What is wrong with the question itself, if anything. */
export function refusalOf(model: ModelIdentity, effect: Infer): EffectAnswer | undefined {
  if (effect.model !== model.name) {
    return without('refused', 'INFER_MODEL_UNKNOWN', `there is no model ${effect.model}`);
  }
  const rows = effect.rows.length;
  if (effect.width === model.width && effect.features.length === rows * model.width) {
    return undefined;
  }
  const sent = `${effect.features.length} numbers for ${rows} rows of ${effect.width}`;
  return without(
    'failed',
    'INFER_WIDTH',
    `${model.name} takes rows of ${model.width}, not ${sent}`,
  );
}

/** All scores or none: one that is not a finite number fails them all. */
export function answerOf(model: ModelIdentity, scores: Float64Array): EffectAnswer {
  const broken = scores.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) return without('failed', 'INFER_NOT_A_NUMBER', `row ${broken} has no score`);
  return { outcome: 'done', scores, modelVersion: model.version };
}

export function without(
  outcome: 'refused' | 'failed' | 'expired',
  code: InferenceRefusal,
  message: string,
): EffectAnswer {
  return { outcome, code, message };
}
