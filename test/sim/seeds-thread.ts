import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../src/core/assert.ts';
import { simulate } from './run.ts';

/** Lives through seeds, from a first to a last, and tells the outcome of each. */
assert(parentPort !== null, 'this file is the beginning of a thread');
const port = parentPort;
const { first, last } = Object(workerData);
for (let seed = Number(first); seed <= Number(last); seed += 1) {
  port.postMessage(await simulate(seed), []);
}
