import { describe, expect, it } from 'vitest';
import { backendChain, type ChainOptions } from '../../../../src/gpu/service/backend-chain.ts';
import { openScorer, type Scorer } from '../../../../src/gpu/service/scorer.ts';
import type { ModelSource } from '../../../../src/ports/inference-backend.ts';
import { makeFeatures, momentumSource, plainScores } from '../../../inference-models.ts';
import { faultyRuntime } from './faulty-runtime.ts';

const ROWS = 9;
const features = makeFeatures(20, ROWS, momentumSource.width);
const wanted = plainScores(momentumSource)(features, ROWS);

const settings: ChainOptions = { backend: 'onnx', executionProviders: [] };

async function open(
  changes: Partial<ChainOptions & { source: ModelSource }> = {},
): Promise<Scorer> {
  const { source = momentumSource, ...options } = changes;
  return openScorer(source, await backendChain({ ...settings, ...options }));
}

describe('a scorer', () => {
  it('runs what it is asked to run', async () => {
    const plain = await open({ backend: 'plain' });
    const onnx = await open();
    await onnx.release();

    expect(plain.facts).toEqual({
      name: 'momentum-1',
      version: momentumSource.version,
      width: 12,
      columns: ['probability'],
      runtime: 'plain JavaScript',
    });
    expect(onnx.facts).toMatchObject({ runtime: expect.stringMatching(/^onnxruntime .* cpu$/) });
    expect(onnx.facts).not.toHaveProperty('fellBack');
  });

  it.each([
    ['nonsense', /^ONNX_FAILED: .* computes other scores/],
    ['misshapen', /^ONNX_FAILED: the runtime gave no 32 scores/],
    ['nan', /^ONNX_FAILED: .* computes other scores/],
    ['closed', /^ONNX_FAILED: no session opens: cpu: no device/],
    ['empty', /^ONNX_UNAVAILABLE: .* is not the library that it was/],
    ['missing', /^ONNX_UNAVAILABLE: .* cannot be loaded; install it/],
  ])('M3 runs in plain JavaScript where the runtime is %s', async (fault, reason) => {
    const scorer = await open({ onnxModule: faultyRuntime(fault) });
    const given = new Float64Array(ROWS);

    expect(await scorer.score(features, ROWS, given)).toBeUndefined();
    expect(given).toEqual(wanted);
    expect(scorer.facts.runtime).toBe('plain JavaScript');
    expect(scorer.facts.fellBack).toMatch(reason);
  });

  it('M1 computes a batch again in plain JavaScript when the runtime is lost in it', async () => {
    const scorer = await open({ onnxModule: faultyRuntime('lost') });
    const given = new Float64Array(ROWS);

    expect(scorer.facts.fellBack).toBeUndefined();
    expect(await scorer.score(features, ROWS, given)).toBe('device lost');
    expect(given).toEqual(wanted);
    expect(await scorer.score(features, ROWS, given)).toBeUndefined();
    expect(given).toEqual(wanted);
  });

  it.each(['plain', 'onnx'] as const)('M3 refuses on %s a model that is unfit', async (backend) => {
    const source = { ...momentumSource, width: 13 };

    await expect(open({ backend, source })).rejects.toMatchObject({
      code: 'MODEL_WIDTH',
    });
  });
});
