import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../src/gpu/inspect-inference.ts';
import { createOnnxBackend } from '../../src/gpu/onnx/onnx-backend.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { makeFeatures, plainScores } from '../inference-models.ts';
import { open } from './inference-artefacts.ts';
import { describeBackend, MODELS } from './inference-backend.ts';

describeBackend('plain JavaScript', createPlainBackend, { isBatchExact: true });
// Its vector code is the processor's own, and promises no bits. With AVX-512 none differed.
describeBackend('onnxruntime on the CPU', createOnnxBackend, { isBatchExact: false });

describe.each(MODELS)('the scores of the model %s', (_, source) => {
  const rows = 1_000;
  const features = makeFeatures(13, rows, source.width);
  const wanted = plainScores(source)(features, rows);

  it('are in plain JavaScript those of virtual time, bit for bit', async () => {
    await using model = await open(createPlainBackend(), source);

    expect(await model.score(features, rows)).toEqual(wanted);
  });

  it('are in onnxruntime less than 1e-6 away, and not the same bits', async () => {
    await using model = await open(createOnnxBackend(), source);
    const given = await model.score(features, rows);

    expect(largestDifference(wanted, given)).toBeLessThan(1e-6);
    expect(largestDifference(wanted, given)).toBeGreaterThan(0);
  });
});
