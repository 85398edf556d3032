import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { packFile } from './pack-file.ts';
import type { FromPacking } from './segment-packer.ts';

/** Rests three times as long as a part takes: the processor is for who decides. */
const REST_MS = 120;

const still = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const steps = {
  at: (): void => undefined,
  rest: (): void => void Atomics.wait(still, 0, 0, REST_MS),
};

pack(workerData);

/** One segment; the thread ends with it. */
function pack(place: unknown): void {
  assert(typeof place === 'string' && parentPort !== null, 'a thread is given a segment');
  const told: FromPacking = packFile(place, steps);
  parentPort.postMessage(told, []);
}
