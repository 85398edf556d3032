import { parentPort, workerData } from 'node:worker_threads';
import { isWorkerSettings } from '../../../../src/gpu/service/protocol.ts';

/** A worker that loads, and at its first batch does what the settings call it to. */
if (parentPort === null || !isWorkerSettings(workerData)) throw new Error('this is a worker');
const port = parentPort;
const fault = workerData.onnxModule;
port.on('message', () => {
  if (fault === 'exits') process.exit(3);
  if (fault === 'throws') throw new Error('a fault of the worker');
  if (fault === 'babbles') port.postMessage('what?');
  if (fault === 'hangs') for (;;);
});
const facts = { name: 'momentum-1', version: 'momentum-1@d04686b5', width: 12, runtime: 'faulty' };
port.postMessage({ kind: 'loaded', facts });
