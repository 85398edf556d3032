import { describe, expect, it } from 'vitest';
import { joinModels } from '../../../../src/ports/model-columns.ts';
import {
  MADE_LAYOUT,
  makeFeatures,
  makeSource,
  momentumSource,
  plainScores,
} from '../../../inference-models.ts';
import { PlayedInference, rowsOf, settle } from './played-inference.ts';
import { ServiceStage } from './service-stage.ts';

const NAMES = ['first', 'second', 'shadow'];

describe('several models in one pass', () => {
  it('gives each request a column for each of its models, in its order', async () => {
    const played = await PlayedInference.start({}, NAMES);
    const asking = played.ask([0.1, 0.2], { models: ['shadow', 'first'] });
    await settle();
    expect(played.worker.batches).toEqual([2]);
    played.worker.score();
    await settle();

    expect(asking.answer).toEqual({
      outcome: 'done',
      columns: [
        {
          model: 'shadow',
          version: 'shadow@00000001',
          columns: ['probability'],
          scores: Float64Array.of(0.1, 0.2),
        },
        {
          model: 'first',
          version: 'first@00000001',
          columns: ['probability'],
          scores: Float64Array.of(100.1, 100.2),
        },
      ],
      missing: [],
    });
  });

  it('takes several scores of a row from each model', async () => {
    const played = await PlayedInference.start({}, NAMES);
    const changes = { columns: ['probability', 'return'] as const };
    const swapped = played.stage.service.swap(momentumSource);
    played.worker.load({ name: 'heads', version: 'heads@00000001', ...changes });
    await swapped;
    const askings = [
      played.ask([0.1], { models: ['heads', 'first'] }),
      played.ask([0.2, 0.3], { models: ['heads', 'first'] }),
    ];
    await settle();
    played.worker.score();
    await settle();
    const columns = askings.map(({ answer }) =>
      answer?.outcome === 'done' ? answer.columns.map(({ scores }) => [...scores]) : [],
    );

    expect(played.worker.batches).toEqual([3]);
    expect(columns).toEqual([
      [[0.1, 10_000.1], [100.1]],
      [
        [0.2, 10_000.2, 0.3, 10_000.3],
        [100.2, 100.3],
      ],
    ]);
  });

  it('gives the kernel probabilities alone, and everything to who asks by itself', async () => {
    const played = await PlayedInference.start({}, ['first', 'second']);
    const { provider, service } = played.stage;
    const kinds = { returns: ['return'], both: ['return', 'probability'] } as const;
    for (const name of ['returns', 'both'] as const) {
      const swapped = service.swap(momentumSource);
      played.worker.load({ name, version: `${name}@00000001`, columns: kinds[name] });
      await swapped;
    }
    const answers: unknown[] = [];
    for (const models of [['returns'], ['both'], ['returns', 'both']]) {
      const request = played.stage.request(rowsOf(0.1), { model: joinModels(models) });
      const answering = provider.perform(request);
      await settle();
      played.worker.score();
      answers.push(await answering);
    }
    const asking = played.ask([0.1], { models: ['returns'] });
    await settle();
    played.worker.score();
    await settle();

    expect(answers).toEqual([
      { outcome: 'failed', code: 'INFER_FAILED', message: 'returns@00000001 has no probability' },
      { outcome: 'done', scores: Float64Array.of(10_000.1), modelVersion: 'both@00000001' },
      {
        outcome: 'done',
        scores: Float64Array.of(Number.NaN, 10_100.1),
        modelVersion: joinModels(['', 'both@00000001']),
      },
    ]);
    expect(asking.answer).toMatchObject({ columns: [{ model: 'returns', columns: ['return'] }] });
  });

  it('M3 leaves out a model that could not compute, and keeps the others', async () => {
    const played = await PlayedInference.start({}, NAMES);
    const broken = played.ask([0.1, 0.2], { models: ['first', 'second'] });
    const whole = played.ask([0.3], { models: ['first', 'second'] });
    await settle();
    played.worker.score({ faults: ['', 'device lost'] });
    await settle();

    for (const { answer } of [broken, whole]) {
      expect(answer).toMatchObject({
        outcome: 'done',
        columns: [{ model: 'first' }],
        missing: [{ model: 'second', code: 'INFER_FAILED', message: 'device lost' }],
      });
    }
    expect(played.stage.service.metrics().models).toMatchObject([
      { model: 'first', faults: 0 },
      { model: 'second', faults: 2 },
    ]);
  });

  it('M3 gives no score for a row that a model has none for, and that model alone', async () => {
    const played = await PlayedInference.start({}, NAMES);
    const rows = played.ask([0.1, Infinity, 0.3], { models: ['first', 'second'] });
    const none = played.ask([Number.NaN], { models: ['first', 'second'] });
    const alone = played.ask([0.1, Number.NaN], { models: ['first'] });
    await settle();
    while (played.worker.isBusy) played.worker.score();
    await settle();

    expect(rows.answer).toMatchObject({
      outcome: 'done',
      columns: [
        { model: 'first', scores: Float64Array.of(0.1, Number.NaN, 0.3) },
        { model: 'second', scores: Float64Array.of(100.1, Number.NaN, 100.3) },
      ],
      missing: [],
    });
    expect(none.answer).toMatchObject({ outcome: 'failed', code: 'INFER_NOT_A_NUMBER' });
    expect(alone.answer).toMatchObject({ outcome: 'failed', code: 'INFER_NOT_A_NUMBER' });
  });

  it('M3 says which model there is not, and refuses where there is none of them', async () => {
    const played = await PlayedInference.start({}, NAMES);
    const some = played.ask([0.1], { models: ['nobody', 'first'] });
    const none = played.ask([0.1], { models: ['nobody', 'noone'] });
    const unnamed = played.ask([0.1], { models: [] });
    await settle();
    played.worker.score();
    await settle();

    expect(some.answer).toMatchObject({
      columns: [{ model: 'first' }],
      missing: [{ model: 'nobody', code: 'INFER_MODEL_UNKNOWN' }],
    });
    expect(none.answer).toMatchObject({ outcome: 'refused', code: 'INFER_MODEL_UNKNOWN' });
    expect(unnamed.answer).toMatchObject({ outcome: 'refused', code: 'INFER_MODEL_UNKNOWN' });
  });

  it('refuses more scores of a row than its memory has room for', async () => {
    const played = await PlayedInference.start({ columnsMax: 2 }, NAMES);
    const asking = played.ask([0.1], { models: NAMES });
    await settle();

    expect(asking.answer).toMatchObject({ outcome: 'refused', code: 'INFER_MODELS_MAX' });
  });

  it('does not start with two models of one name', async () => {
    const starting = PlayedInference.start({}, ['first', 'first']);

    await expect(starting).rejects.toMatchObject({ code: 'INFERENCE_REFUSED' });
  });

  it('computes them in a thread as each would alone, bit for bit', async () => {
    const sources = [makeSource('one', 7, 3), makeSource('two', 7, 9), makeSource('three', 7, 1)];
    const stage = new ServiceStage({ sources });
    await stage.provider.start();
    const features = makeFeatures(31, 40, 7);
    const models = ['two', 'one', 'three'];
    const layoutHash = MADE_LAYOUT;
    const answer = await stage.service.ask(
      stage.scoreRequest(features, { models, width: 7, layoutHash }),
    );
    await stage.provider.stop();
    if (answer.outcome !== 'done') return expect.fail(answer.message);
    const order = [1, 0, 2];
    answer.columns.forEach(({ scores, version }, place) => {
      const source = sources[order[place] ?? 0];
      if (source === undefined) return expect.fail('three models');

      expect(scores).toEqual(plainScores(source)(features, 40));
      expect(version).toBe(source.version);
    });
  });
});
