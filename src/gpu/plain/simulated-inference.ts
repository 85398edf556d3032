import { assert } from '../../core/assert.ts';
import type { Requested } from '../../ports/effect.ts';
import type { Answer } from '../../ports/input.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import type { SimulatedPart } from '../../ports/simulated-world.ts';
import { answerOf, refusalOf } from '../infer-answer.ts';
import { type Model, score } from './model.ts';

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
      const reply = answer(model, requested.effect);
      agenda.enter(dueUs, { kind: 'answered', ...reply, ...address(requested) });
    },
  };
}

function address(requested: Requested): Pick<Answer, 'effectInput' | 'effectIndex'> {
  return { effectInput: requested.input, effectIndex: requested.index };
}

function answer(model: Model, effect: Requested['effect']): EffectAnswer {
  assert(effect.kind === 'infer', 'only what it handles is requested of a service');
  const { name, version, features } = model;
  const identity = { name, version, width: features.length };
  const refusal = refusalOf(identity, effect);
  if (refusal !== undefined) return refusal;
  const scores = new Float64Array(effect.rows.length);
  score(model, effect.features, effect.rows.length, scores);
  return answerOf(identity, scores);
}
