import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../../src/core/ids.ts';
import {
  createSimulatedInference,
  simulatedModel,
} from '../../../../src/gpu/plain/simulated-inference.ts';
import { EFFECTS } from '../../../../src/ports/effect.ts';
import type { Answer } from '../../../../src/ports/input.ts';
import { joinModels, modelsIn } from '../../../../src/ports/model-columns.ts';
import { makeSource, momentumSource, plainScores } from '../../../inference-models.ts';
import { networkSource, rawFeatures } from '../../../served-models.ts';
import { VirtualAgenda } from '../../../virtual-agenda.ts';

const { width, version } = momentumSource;
const NOW = 1_000_000;
const LATENCY = 1_500;

type Question = { model?: string; width?: number; features?: Float64Array; rows?: number };

/** Asks at NOW and answers what was heard in the next ten seconds. */
function ask(question: Question): { atUs: number; answer: Answer } {
  const service = createSimulatedInference({
    models: [simulatedModel(momentumSource)],
    latencyUs: LATENCY,
  });
  const agenda = new VirtualAgenda(NOW);
  const rows = Array.from({ length: question.rows ?? 2 }, (_, at) => symbolId(at));
  const features = question.features ?? new Float64Array(rows.length * width).fill(0.1);
  const effect = {
    kind: 'infer',
    model: question.model ?? 'momentum-1',
    rows,
    width: question.width ?? width,
    features,
  } as const;
  service.request({ input: 77, index: 3, requestedUs: NOW, effect }, agenda);
  agenda.runTo(NOW + 10_000_000);
  const [heard, ...others] = agenda.heard;
  if (heard?.input.kind !== 'answered') return expect.fail('an answer is heard');
  expect(others).toEqual([]);
  return { atUs: heard.atUs, answer: heard.input };
}

describe('simulated inference', () => {
  it('is asked for scores and nothing else', () => {
    const service = createSimulatedInference({
      models: [simulatedModel(momentumSource)],
      latencyUs: 0,
    });
    const kinds = ['submitOrder', 'cancelOrder', 'infer', 'writeRows', 'alert'] as const;

    expect(kinds.filter((kind) => service.handles(kind))).toEqual(['infer']);
    expect(Object.keys(EFFECTS)).toContain('infer');
  });

  it('answers once, after its latency, with a score a row and the version', () => {
    const features = Float64Array.from({ length: 3 * width }, (_, at) => (at % 7) / 7 - 0.5);
    const { atUs, answer } = ask({ rows: 3, features });
    const wanted = plainScores(momentumSource)(features, 3);

    expect(atUs).toBe(NOW + LATENCY);
    expect(answer).toEqual({
      kind: 'answered',
      effectInput: 77,
      effectIndex: 3,
      outcome: 'done',
      scores: wanted,
      modelVersion: version,
    });
  });

  it.each([
    ['a width that is not the model’s', { width: width - 1 }, 'failed', 'INFER_WIDTH'],
    ['too few features', { features: new Float64Array(width) }, 'failed', 'INFER_WIDTH'],
    [
      'a feature that is no number',
      { features: new Float64Array(2 * width).fill(Number.NaN, width, width + 1) },
      'failed',
      'INFER_NOT_A_NUMBER',
    ],
    ['a model it does not have', { model: 'momentum-0' }, 'refused', 'INFER_MODEL_UNKNOWN'],
  ])('has no scores for %s, and says so in time', (_, question, outcome, code) => {
    const { atUs, answer } = ask(question);

    expect(atUs).toBe(NOW + LATENCY);
    expect([answer.outcome, answer.code, answer.scores]).toEqual([outcome, code, undefined]);
  });

  it('answers no rows with no scores', () => {
    const { answer } = ask({ rows: 0 });

    expect([answer.outcome, answer.scores?.length]).toEqual(['done', 0]);
  });

  it('answers with the probability, wherever a model has it, and never with a return', () => {
    const returns = networkSource('mlp', { name: 'returns', outputs: ['return'] });
    const both = networkSource('mlp', { name: 'both', outputs: ['return', 'probability'] });
    const models = [simulatedModel(returns), simulatedModel(both)];
    const service = createSimulatedInference({ models, latencyUs: 0 });
    const features = rawFeatures(3, 2, both);
    const agenda = new VirtualAgenda(NOW);
    const rows = [symbolId(0), symbolId(1)];
    [['returns'], ['returns', 'both']].forEach((names, input) => {
      const model = joinModels(names);
      const effect = { kind: 'infer', model, rows, width: both.width, features } as const;
      service.request({ input, index: 0, requestedUs: NOW, effect }, agenda);
    });
    agenda.runTo(NOW + 1);
    const [alone, joined] = agenda.heard.map(({ input }) => input);
    const said = plainScores(both)(features, 2);
    const { version: answered } = simulatedModel(both);

    expect(alone).toMatchObject({ outcome: 'failed', code: 'INFER_FAILED' });
    expect(alone).toMatchObject({ message: expect.stringMatching(/^returns@.* no probability$/) });
    expect(joined).toMatchObject({
      outcome: 'done',
      scores: Float64Array.of(Number.NaN, Number.NaN, said[1] ?? 0, said[3] ?? 0),
      modelVersion: joinModels(['', answered]),
    });
  });

  it('answers several models in columns, and a row that one cannot score with NaN there', () => {
    const other = makeSource('other', width, 16);
    const service = createSimulatedInference({
      models: [simulatedModel(momentumSource), simulatedModel(other)],
      latencyUs: 0,
    });
    const features = Float64Array.from({ length: 3 * width }, (_, at) => (at % 7) / 7 - 0.5);
    features[width] = Number.NaN;
    const agenda = new VirtualAgenda(NOW);
    const rows = [symbolId(0), symbolId(1), symbolId(2)];
    const text = joinModels(['other', 'nobody', 'momentum-1']);
    const effect = { kind: 'infer', model: text, rows, width, features } as const;
    service.request({ input: 1, index: 0, requestedUs: NOW, effect }, agenda);
    agenda.runTo(NOW + 1);
    const heard = agenda.heard[0]?.input;
    if (heard?.kind !== 'answered' || heard.scores === undefined) return expect.fail('answered');
    const none = [Number.NaN, Number.NaN, Number.NaN];
    const wanted = [other, undefined, momentumSource].flatMap((source) =>
      source === undefined ? none : [...plainScores(source)(features, 3)],
    );

    expect([...heard.scores]).toEqual(wanted);
    expect(wanted.filter(Number.isNaN)).toHaveLength(5);
    expect(modelsIn(heard.modelVersion ?? '')).toEqual([other.version, '', version]);
  });
});
