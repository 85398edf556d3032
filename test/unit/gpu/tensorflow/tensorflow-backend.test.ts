import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  TENSORFLOW_WAYS,
  type TensorFlowWay,
} from '../../../../src/gpu/tensorflow/load-tensorflow.ts';
import { createTensorFlowBackend } from '../../../../src/gpu/tensorflow/tensorflow-backend.ts';
import { networkSource, rawFeatures } from '../../../served-models.ts';

const mlp = networkSource('mlp');
const plainTf: TensorFlowWay = { modules: ['@tensorflow/tfjs'], backend: 'cpu' };

function way(name: string, backend = 'cpu'): TensorFlowWay {
  const path = fileURLToPath(new URL(`modules/${name}.cjs`, import.meta.url));
  return { modules: [path], backend };
}

describe('createTensorFlowBackend', () => {
  it('goes from a graphics card down to what is installed, and says what is not', async () => {
    const model = await createTensorFlowBackend().load(mlp);
    await model.release();

    expect(TENSORFLOW_WAYS.map(({ modules }) => modules[0])).toEqual([
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-node',
      '@tensorflow/tfjs',
      '@tensorflow/tfjs',
    ]);
    expect(model.runtime).toMatch(/^tfjs 4\.\d+\.\d+ wasm$/);
    expect(model.fellBack).toBe(
      'tfjs-node-gpu tensorflow: not installed; tfjs-node tensorflow: not installed',
    );
  });

  it.each([
    ['goes on with another backend and says nothing', way('silent', 'wasm'), /its backend is cpu/],
    ['lacks a kernel that the model needs', way('poor'), /Kernel 'Relu' not registered/],
    ['computes something else', way('nonsense'), /other scores than plain JavaScript, by 0\.\d/],
    ['is another library', way('foreign'), /not the library that it was/],
  ])('leaves a way that %s', async (_, first, reason) => {
    const model = await createTensorFlowBackend({ ways: [first, plainTf] }).load(mlp);
    await model.release();

    expect(model.runtime).toMatch(/^tfjs 4\.\d+\.\d+ cpu$/);
    expect(model.fellBack).toMatch(reason);
  });

  it('says of all ways why not, where none is left', async () => {
    const missing = { modules: ['@tensorflow/not-there'], backend: 'cpu' };

    await expect(createTensorFlowBackend({ ways: [missing] }).load(mlp)).rejects.toMatchObject({
      code: 'TENSORFLOW_UNAVAILABLE',
      message: expect.stringContaining('not-there cpu: not installed'),
    });
    await expect(
      createTensorFlowBackend({ ways: [missing, way('poor')] }).load(mlp),
    ).rejects.toMatchObject({ code: 'TENSORFLOW_FAILED' });
  });

  it('refuses a model that is unfit with its own code', async () => {
    const changed = { ...mlp, model: mlp.model.slice(1) };

    await expect(createTensorFlowBackend().load(changed)).rejects.toMatchObject({
      code: 'MODEL_CHANGED',
    });
  });

  it('keeps no memory of a batch, and none of a model that is let go of', async () => {
    const held = heldTensors();
    const model = await createTensorFlowBackend({ ways: [plainTf] }).load(mlp);
    const loaded = heldTensors();
    const scores = new Float64Array(40);
    for (let batch = 0; batch < 3; batch += 1) {
      await model.score(rawFeatures(batch, 20, mlp), 20, scores);
    }

    expect(loaded).toBeGreaterThan(held);
    expect(heldTensors()).toBe(loaded);
    await model.release();
    expect(heldTensors()).toBe(held);
  });

  it('computes where it was loaded, whatever another model chose meanwhile', async () => {
    const onCpu = await createTensorFlowBackend({ ways: [plainTf] }).load(mlp);
    const features = rawFeatures(1, 5, mlp);
    const wanted = new Float64Array(10);
    await onCpu.score(features, 5, wanted);
    const onWasm = await createTensorFlowBackend().load(mlp);
    const [first, second] = [new Float64Array(10), new Float64Array(10)];
    await onWasm.score(features, 5, first);
    await onCpu.score(features, 5, second);
    await Promise.all([onCpu.release(), onWasm.release()]);

    expect(second).toEqual(wanted);
  });
});

function heldTensors(): number {
  const tf: { memory(): { numTensors: number } } = createRequire(import.meta.url)(
    '@tensorflow/tfjs',
  );
  return tf.memory().numTensors;
}
