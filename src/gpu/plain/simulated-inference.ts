import { assert, present } from '../../core/assert.ts';
import type { Requested } from '../../ports/effect.ts';
import type { ModelSource, ScoreColumn } from '../../ports/inference-backend.ts';
import type { Answer } from '../../ports/input.ts';
import { modelsIn } from '../../ports/model-columns.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import type { SimulatedPart } from '../../ports/simulated-world.ts';
import {
  inferAnswer,
  knownOf,
  type ModelScores,
  questionFault,
  scoreFault,
  without,
} from '../infer-answer.ts';
import { openSource } from '../open-model.ts';
import { plainScorer } from './plain-model.ts';

/** A model that computes where it is asked, without waiting for anything. */
export interface SimulatedModel {
  readonly name: string;
  readonly version: string;
  readonly width: number;
  /** What the scores of a row are, beside each other. */
  readonly columns: readonly ScoreColumn[];
  score(features: Float64Array, rows: number, scores: Float64Array): void;
}

/**
 * Inference in virtual time: the answer to `infer` arrives `latencyUs` after the question, however
 * long the computation takes. Its words and bits are those of the live service in plain JavaScript.
 */
export function createSimulatedInference(options: {
  /** Each has a name of its own. */
  readonly models: readonly SimulatedModel[];
  readonly latencyUs: number;
}): SimulatedPart {
  const { latencyUs } = options;
  assert(Number.isInteger(latencyUs) && latencyUs >= 0, 'a latency is whole and not negative');
  const models = new Map(options.models.map((model) => [model.name, model]));
  return {
    name: 'inference',
    handles: (kind) => kind === 'infer',
    request(requested, agenda) {
      const dueUs = requested.requestedUs + latencyUs;
      const reply = answer(models, requested.effect);
      agenda.enter(dueUs, { kind: 'answered', ...reply, ...address(requested) });
    },
  };
}

/** Throws the errors of `openSource`. */
export function simulatedModel(source: ModelSource): SimulatedModel {
  const opened = openSource(source);
  const { name, version, width, columns } = opened.identity;
  return { name, version, width, columns, score: plainScorer(opened) };
}

function address(requested: Requested): Pick<Answer, 'effectInput' | 'effectIndex'> {
  return { effectInput: requested.input, effectIndex: requested.index };
}

function answer(
  models: ReadonlyMap<string, SimulatedModel>,
  effect: Requested['effect'],
): EffectAnswer {
  assert(effect.kind === 'infer', 'only what it handles is requested of a service');
  const { features, width } = effect;
  const rows = effect.rows.length;
  const question = { models: modelsIn(effect.model), rows, width, features };
  const refusal = questionFault(question, models);
  if (refusal !== undefined) return refusal;
  const isAlone = question.models.length === 1;
  const faults: string[] = [];
  const given: ModelScores[] = [];
  for (const model of knownOf(question, models)) {
    const { name, version, columns } = model;
    const scores = new Float64Array(rows * columns.length);
    model.score(features, rows, scores);
    const fault = scoreFault(scores, columns.length, isAlone);
    if (fault === undefined) given.push({ model: name, version, columns, scores });
    else faults.push(fault);
  }
  if (given.length > 0) return inferAnswer(effect, given);
  return without('failed', 'INFER_NOT_A_NUMBER', present(faults[0], 'why there are no scores'));
}
