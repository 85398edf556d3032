import { parentPort, workerData } from 'node:worker_threads';
import { isWorkerSettings, type ToWorker } from '../../../../src/gpu/service/protocol.ts';
import { MOMENTUM_FACTS } from './played-worker.ts';

/** A worker that loads, and at its first batch does what the settings call it to. */
if (parentPort === null || !isWorkerSettings(workerData)) throw new Error('this is a worker');
const port = parentPort;
const fault = workerData.onnxModule;
port.on('message', (message: ToWorker) => {
  if (message.kind === 'load') {
    const { handle } = message;
    return port.postMessage({ kind: 'loaded', handle, facts: MOMENTUM_FACTS });
  }
  if (fault === 'exits') process.exit(3);
  if (fault === 'throws') throw new Error('a fault of the worker');
  if (fault === 'babbles') port.postMessage('what?');
  if (fault === 'hangs') for (;;);
  if (fault === 'gorges') gorge();
});

function gorge(): never {
  for (const eaten: unknown[] = []; ;) eaten.push(Array.from({ length: 1_000 }, () => 0));
}
