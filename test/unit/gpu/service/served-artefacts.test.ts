import { describe, expect, it } from 'vitest';
import { backendChain } from '../../../../src/gpu/service/backend-chain.ts';
import type { ScoreAnswer } from '../../../../src/gpu/service/score-request.ts';
import { openScorer } from '../../../../src/gpu/service/scorer.ts';
import { LAYOUT, networkSource, rawFeatures, treeSource } from '../../../served-models.ts';
import { ServiceStage } from './service-stage.ts';

const ROWS = 32;
const settings = { backend: 'plain', executionProviders: [] } as const;

describe('artefacts in the thread', () => {
  it('are scored in one pass, swapped under way, and refused when they are corrupt', async () => {
    const networks = [networkSource('mlp'), networkSource('mlp', { seed: 8 })] as const;
    const trees = treeSource('lightgbm');
    const stage = new ServiceStage({ ...settings, sources: [networks[0], trees] });
    await stage.provider.start();
    const features = rawFeatures(5, ROWS, networks[0]);
    const changes = { models: ['made-mlp', 'made-lightgbm'], width: trees.width };
    const ask = (): Promise<ScoreAnswer> =>
      stage.service.ask(stage.scoreRequest(features, { ...changes, layoutHash: LAYOUT }));
    const first = await ask();
    const swapped = await stage.service.swap(networks[1]);
    const second = await ask();
    const torn = { ...networks[0], model: networks[0].model.subarray(0, 100) };
    const corrupt = await stage.service.swap(torn);
    const third = await ask();
    await stage.provider.stop();
    const chain = await backendChain(settings);

    for (const [answer, network] of [
      [first, networks[0]],
      [second, networks[1]],
      [third, networks[1]],
    ] as const) {
      if (answer.outcome !== 'done') return expect.fail(answer.message);
      for (const [place, source] of [network, trees].entries()) {
        const scorer = await openScorer(source, chain);
        const wanted = new Float64Array(ROWS * scorer.outputs);
        await scorer.score(features, ROWS, wanted);
        const column = answer.columns[place];

        expect(column?.scores).toEqual(wanted);
        expect(column?.version).toBe(scorer.facts.version);
      }
    }
    expect(swapped).toMatchObject({ isSwapped: true, model: 'made-mlp' });
    expect(corrupt).toMatchObject({ isSwapped: false, code: 'INFERENCE_REFUSED' });
    expect(corrupt).toMatchObject({ reason: expect.stringContaining('MODEL_') });
  });
});
