import { expect, it } from 'vitest';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../../src/models/training/checkpoint.ts';

const checkpoint: Checkpoint = {
  settings: 'of one training',
  step: 12,
  lossSum: 1 / 3,
  lossSteps: 2,
  history: [
    { step: 10, loss: 0.1, validationLoss: 2 / 7 },
    { step: 12, loss: 0.2 },
  ],
  bestStep: 10,
  waited: 1,
  vectors: {
    parameters: Float32Array.of(1e-45, -0, 3.4e38, Math.fround(0.1)),
    firstMoment: Float32Array.of(1, 2, 3, 4),
    secondMoment: Float32Array.of(5, 6, 7, 8),
    running: Float32Array.of(9),
    bestParameters: Float32Array.of(10, 11, 12, 13),
    bestRunning: new Float32Array(0),
  },
};

it('comes back from its bytes to the bit', () => {
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
});

it('is refused where a byte is missing, changed or too many', () => {
  const bytes = encodeCheckpoint(checkpoint);
  const refused = expect.objectContaining({ code: 'TRAINING_CHECKPOINT' });
  for (let at = 0; at < bytes.length; at += 1) {
    expect(() => decodeCheckpoint(bytes.subarray(0, at))).toThrow(refused);
    expect(() => decodeCheckpoint(bytes.with(at, (bytes[at] ?? 0) ^ 1))).toThrow(refused);
  }
  expect(() => decodeCheckpoint(new Uint8Array([...bytes, 0]))).toThrow(refused);
});
