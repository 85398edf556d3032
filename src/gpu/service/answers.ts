import { present } from '../../core/assert.ts';
import {
  type InferenceRefusal,
  type ModelScores,
  type NoScores,
  scoreFault,
  without,
} from '../infer-answer.ts';
import type { Asked } from './asked.ts';
import type { ThreadModel } from './model-thread.ts';
import type { ModelRun } from './protocol.ts';
import type { MissingScores, ScoreAnswer } from './score-request.ts';

export interface ScoredBatch {
  readonly rows: number;
  readonly models: readonly ThreadModel[];
  readonly runs: readonly ModelRun[];
  /** One model after the other; of each its rows. */
  readonly scores: Float64Array;
  /** The first row of the request. */
  readonly from: number;
}

/** A request's part of a batch. */
export function scoresOf(asked: Asked, batch: ScoredBatch): ScoreAnswer {
  const isAlone = asked.request.models.length === 1;
  const columns: ModelScores[] = [];
  const missing: MissingScores[] = asked.request.models
    .filter((model) => !asked.models.includes(model))
    .map((model) => ({
      model,
      code: 'INFER_MODEL_UNKNOWN',
      message: `there is no model ${model}`,
    }));
  let at = 0;
  for (const [place, model] of batch.models.entries()) {
    const outputs = model.columns.length;
    const from = at + batch.from * outputs;
    at += batch.rows * outputs;
    const run = present(batch.runs[place], 'a run of each model');
    const scores = batch.scores.slice(from, from + asked.rows * outputs);
    const fault = faultOf({ run, model, scores, isAlone });
    if (fault !== undefined) missing.push({ model: model.name, ...fault });
    else {
      const said = model.columns;
      columns.push({ model: model.name, version: run.version, columns: said, scores });
    }
  }
  if (columns.length > 0) return { outcome: 'done', columns, missing };
  const [first] = missing;
  return failed(first?.code ?? 'INFER_FAILED', first?.message ?? 'no model has a score');
}

interface Scored {
  readonly run: ModelRun;
  readonly model: ThreadModel;
  readonly scores: Float64Array;
  /** No other model was asked. */
  readonly isAlone: boolean;
}

function faultOf({
  run,
  model,
  scores,
  isAlone,
}: Scored): Pick<MissingScores, 'code' | 'message'> | undefined {
  if (run.fault !== undefined) return { code: 'INFER_FAILED', message: run.fault };
  if (run.version !== model.version || run.handle !== model.handle) {
    return { code: 'INFER_FAILED', message: `${run.version} answered for ${model.version}` };
  }
  const message = scoreFault(scores, model.columns.length, isAlone);
  return message === undefined ? undefined : { code: 'INFER_NOT_A_NUMBER', message };
}

export function lateAnswer(): NoScores {
  return without('expired', 'INFER_LATE', 'its deadline has passed');
}

export function failed(code: InferenceRefusal, message: string): NoScores {
  return without('failed', code, message);
}

export function refused(code: InferenceRefusal, message: string): NoScores {
  return without('refused', code, message);
}
