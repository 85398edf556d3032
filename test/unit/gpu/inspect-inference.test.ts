import { describe, expect, it } from 'vitest';
import { type BackendFacts, inspectInference } from '../../../src/gpu/inspect-inference.ts';
import { momentumSource } from '../../inference-models.ts';

/** Each reading is a millisecond later. */
function tickingClock(): { wallMs(): number } {
  let readings = 0;
  return {
    wallMs: () => {
      readings += 1;
      return readings;
    },
  };
}

async function inspect(
  options: Partial<Parameters<typeof inspectInference>[0]> = {},
): Promise<readonly BackendFacts[]> {
  return inspectInference({ source: momentumSource, clock: tickingClock(), ...options });
}

describe('inspectInference', () => {
  it('loads and times every backend, and says how far apart their scores are', async () => {
    const [plain, onnx, tensorflow] = await inspect();
    const times = { isReady: true, loadMs: 1, oneRowUs: 1_000, batchUs: 1_000 };

    expect(plain).toEqual({
      backend: 'plain',
      runtime: 'plain JavaScript',
      difference: 0,
      ...times,
    });
    expect(onnx).toMatchObject({
      backend: 'onnx',
      runtime: expect.stringMatching(/^onnxruntime 1\.\d+\.\d+ cpu$/),
      ...times,
    });
    expect(tensorflow).toMatchObject({
      backend: 'tensorflow',
      runtime: expect.stringMatching(/^tfjs 4\.\d+\.\d+ wasm$/),
      fellBack: expect.stringContaining('tfjs-node-gpu tensorflow: not installed'),
      ...times,
    });
    for (const facts of [onnx, tensorflow]) {
      const difference = facts?.isReady === true ? facts.difference : Number.NaN;
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(1e-6);
    }
  });

  it('says why a backend does not load here', async () => {
    const [plain, onnx] = await inspect({
      backends: { onnx: { module: 'onnxruntime-not-there' } },
    });

    expect(plain?.isReady).toBe(true);
    expect(onnx).toMatchObject({ isReady: false, code: 'ONNX_UNAVAILABLE' });
  });

  it('says which provider is not there', async () => {
    const [, onnx] = await inspect({ backends: { onnx: { executionProviders: ['not-there'] } } });

    expect(onnx).toMatchObject({ isReady: true, fellBack: expect.stringMatching(/^not-there: /) });
  });

  it('says that a model will do nowhere', async () => {
    const facts = await inspect({ source: { ...momentumSource, width: 3 } });

    expect(facts).toMatchObject([
      { backend: 'plain', isReady: false, code: 'MODEL_WIDTH' },
      { backend: 'onnx', isReady: false, code: 'MODEL_WIDTH' },
      { backend: 'tensorflow', isReady: false, code: 'MODEL_WIDTH' },
    ]);
  });
});
