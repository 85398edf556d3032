import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../src/gpu/inspect-inference.ts';
import { createOnnxBackend } from '../../src/gpu/onnx/onnx-backend.ts';
import { openModel } from '../../src/gpu/plain/load-model.ts';
import { score } from '../../src/gpu/plain/model.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { makeFeatures } from '../inference-models.ts';
import { describeBackend, MODELS } from './inference-backend.ts';

describeBackend('plain JavaScript', createPlainBackend, { isBatchExact: true });
// Its vector code is the processor's own, and promises no bits. With AVX-512 none differed.
describeBackend('onnxruntime on the CPU', createOnnxBackend, { isBatchExact: false });

describe.each(MODELS)('the scores of the model %s', (_, source) => {
  const rows = 1_000;
  const features = makeFeatures(13, rows, source.width);
  const wanted = new Float64Array(rows);
  score(openModel(source), features, rows, wanted);

  it('are in plain JavaScript those of virtual time, bit for bit', async () => {
    const model = await createPlainBackend().load(source);
    const given = new Float64Array(rows);
    await model.score(features, rows, given);

    expect(given).toEqual(wanted);
  });

  it('are in onnxruntime less than 1e-6 away, and not the same bits', async () => {
    const model = await createOnnxBackend().load(source);
    const given = new Float64Array(rows);
    await model.score(features, rows, given);
    await model.release();

    expect(largestDifference(wanted, given)).toBeLessThan(1e-6);
    expect(largestDifference(wanted, given)).toBeGreaterThan(0);
  });
});
