import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectProviders } from '../../../../src/gpu/inspect-providers.ts';
import { createOnnxBackend } from '../../../../src/gpu/onnx/onnx-backend.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { BATCH } from '../../../../src/models/graph/graph.ts';
import { writeOnnx } from '../../../../src/models/onnx/write-onnx.ts';
import { networkSource, rawFeatures, sourceOf, treeSource } from '../../../served-models.ts';

const mlp = networkSource('mlp');
const webgpuModule = fileURLToPath(new URL('adapters/software.cjs', import.meta.url));
const noAdapter = fileURLToPath(new URL('adapters/none.cjs', import.meta.url));

describe('createOnnxBackend', () => {
  it('leaves WebGPU alone where its adapter is software, says why, and takes the CPU', async () => {
    const options = { executionProviders: ['webgpu'], webgpuModule };
    const model = await createOnnxBackend(options).load(mlp);
    await model.release();

    expect(model.runtime).toMatch(/^onnxruntime 1\.\d+\.\d+ cpu$/);
    expect(model.fellBack).toMatch(/^webgpu: refused, since .* a software adapter: mesa/);
  });

  it('tries providers in the order that they are wanted, each with its own reason', async () => {
    const executionProviders = ['cuda', 'webgpu', 'not-there'];
    const model = await createOnnxBackend({ executionProviders, webgpuModule }).load(mlp);
    await model.release();

    expect(model.fellBack).toMatch(/^cuda: .+; webgpu: refused, .+; not-there: .+$/s);
  });

  it('gives a row company where it would have other bits alone', async () => {
    const module = fileURLToPath(new URL('runtimes/lonely.cjs', import.meta.url));
    const model = await createOnnxBackend({ module }).load(mlp);
    const features = rawFeatures(2, 3, mlp);
    const [batch, one] = [new Float64Array(6), new Float64Array(2)];
    await model.score(features, 3, batch);
    await model.score(features.slice(mlp.width, 2 * mlp.width), 1, one);
    await model.release();

    expect(one).toEqual(batch.slice(2, 4));
  });

  it('cuts a batch where all tensors of a run are many, though each is small', async () => {
    const module = fileURLToPath(new URL('runtimes/crowded.cjs', import.meta.url));
    const source = sourceOf(manyTensors(), { family: 'mlp', outputs: ['probability'] });
    const model = await createOnnxBackend({ module }).load(source);
    const scores = new Float64Array(40);
    await model.score(rawFeatures(3, 40, source), 40, scores);
    await model.release();

    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
    expect(new Set(scores).size).toBe(40);
  });

  it('leaves trees to plain JavaScript, with onnxruntime or without', async () => {
    const model = await createOnnxBackend({ module: 'not-there' }).load(treeSource('xgboost'));

    expect(model.runtime).toBe('plain JavaScript');
  });

  it('refuses a network whose onnxruntime is not there, for this backend alone', async () => {
    await expect(createOnnxBackend({ module: 'not-there' }).load(mlp)).rejects.toMatchObject({
      code: 'ONNX_UNAVAILABLE',
    });
  });
});

/** More than two million numbers for a row, of which no tensor has more than 4,080. */
function manyTensors(): Uint8Array {
  const builder = new GraphBuilder('many');
  const x = builder.input('features', [BATCH, 24]);
  let wide = builder.broadcast(builder.reshape(x, [BATCH, 24, 1]), [BATCH, 24, 170]);
  for (let at = 0; at < 520; at += 1) wide = builder.tanh(wide);
  builder.output('probability', builder.sigmoid(builder.reduceMean(wide, [1, 2])));
  return writeOnnx(builder.build());
}

describe('inspectProviders', () => {
  it('says of every provider whether it computes here, and why not', async () => {
    const [cpu, webgpu, cuda] = await inspectProviders({ webgpuModule: noAdapter });

    expect(cpu).toEqual({
      provider: 'cpu',
      isReady: true,
      why: expect.stringMatching(/^onnxruntime 1\.\d+\.\d+ cpu$/),
    });
    expect(webgpu).toEqual({
      provider: 'webgpu',
      isReady: false,
      why: 'refused, since the package webgpu finds no adapter',
    });
    expect(cuda?.provider).toBe('cuda');
    expect(cuda?.why).not.toBe('');
  });

  it('says that none is there without the library', async () => {
    const facts = await inspectProviders({ module: 'not-there', isSoftwareAllowed: true });

    expect(facts.map(({ isReady }) => isReady)).toEqual([false, false, false]);
    expect(facts[0]?.why).toMatch(/^not-there cannot be loaded/);
  });
});
