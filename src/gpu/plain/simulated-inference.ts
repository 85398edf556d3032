import { assert } from '../../core/assert.ts';
import type { Requested } from '../../ports/effect.ts';
import type { Answer } from '../../ports/input.ts';
import type { SimulatedPart } from '../../ports/simulated-world.ts';
import { type Model, score } from './model.ts';

/** Why a question to the model has no scores. */
export type InferenceRefusal = 'INFER_MODEL_UNKNOWN' | 'INFER_WIDTH' | 'INFER_NOT_A_NUMBER';

/**
 * Inference in virtual time: the answer to `infer` arrives `latencyUs` after the question, however
 * long the computation takes. All scores or none: one that is not a number fails them all.
 */
export function createSimulatedInference(options: {
  readonly model: Model;
  readonly latencyUs: number;
}): SimulatedPart {
  const { model, latencyUs } = options;
  assert(Number.isInteger(latencyUs) && latencyUs >= 0, 'a latency is whole and not negative');
  return {
    name: 'inference',
    handles: (kind) => kind === 'infer',
    request(requested, agenda) {
      const dueUs = requested.requestedUs + latencyUs;
      agenda.enter(dueUs, { ...answer(model, requested.effect), ...address(requested) });
    },
  };
}

type Reply = Omit<Answer, 'effectInput' | 'effectIndex'>;

function address(requested: Requested): Pick<Answer, 'effectInput' | 'effectIndex'> {
  return { effectInput: requested.input, effectIndex: requested.index };
}

function answer(model: Model, effect: Requested['effect']): Reply {
  assert(effect.kind === 'infer', 'only what it handles is requested of a service');
  if (effect.model !== model.name) {
    return without('refused', 'INFER_MODEL_UNKNOWN', `there is no model ${effect.model}`);
  }
  const rows = effect.rows.length;
  const width = model.features.length;
  if (effect.width !== width || effect.features.length !== rows * width) {
    const sent = `${effect.features.length} numbers for ${rows} rows of ${effect.width}`;
    return without('failed', 'INFER_WIDTH', `${model.name} takes rows of ${width}, not ${sent}`);
  }
  const scores = new Float64Array(rows);
  score(model, effect.features, rows, scores);
  const broken = scores.findIndex((value) => Number.isNaN(value));
  if (broken >= 0) {
    return without('failed', 'INFER_NOT_A_NUMBER', `row ${broken} has no score`);
  }
  return { kind: 'answered', outcome: 'done', scores, modelVersion: model.version };
}

function without(outcome: 'refused' | 'failed', code: InferenceRefusal, message: string): Reply {
  return { kind: 'answered', outcome, code, message };
}
