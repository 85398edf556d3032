import { describe, expect, it } from 'vitest';
import { openModel } from '../../../../src/gpu/plain/load-model.ts';
import { score } from '../../../../src/gpu/plain/model.ts';
import { backendChain, type ChainOptions } from '../../../../src/gpu/service/backend-chain.ts';
import { openScorer, type Scorer } from '../../../../src/gpu/service/scorer.ts';
import type { ModelSource } from '../../../../src/ports/inference-backend.ts';
import { makeFeatures, makeSource, momentumSource } from '../../../inference-models.ts';
import { faultyRuntime } from './faulty-runtime.ts';

const ROWS = 9;
const features = makeFeatures(20, ROWS, momentumSource.width);
const wanted = new Float64Array(ROWS);
score(openModel(momentumSource), features, ROWS, wanted);

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
      version: 'momentum-1@d04686b5',
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

  it('runs in plain JavaScript what 32-bit floats cannot hold', async () => {
    const source = makeSource('huge', 2, 2, 1e60);
    const scorer = await open({ source });

    expect(scorer.facts.fellBack).toMatch(/^ONNX_FAILED: huge@.* does not fit into 32-bit floats/);
  });

  it.each(['plain', 'onnx'] as const)('M3 refuses on %s a model that is unfit', async (backend) => {
    const source = { ...momentumSource, width: 13 };

    await expect(open({ backend, source })).rejects.toMatchObject({
      code: 'MODEL_WIDTH',
    });
  });
});
