import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import type { ModelSource } from '../../ports/inference-backend.ts';
import { messageOf } from '../inference-error.ts';
import { backendChain } from './backend-chain.ts';
import {
  type BatchOrder,
  type FromWorker,
  isToWorker,
  isWorkerSettings,
  type ModelRun,
  type ToWorker,
  viewRegion,
  type WorkerFacts,
} from './protocol.ts';
import { openScorer, type Scorer } from './scorer.ts';
import { warmUp } from './warm-up.ts';

/**
 * The thread in which models run: the native runtime blocks the thread that calls it. Batches are
 * computed one after the other, in their order; models are loaded beside them, also in their order.
 */
assert(parentPort !== null, 'this file is the beginning of a worker');
assert(isWorkerSettings(workerData), 'a worker is started with its settings');
const port = parentPort;
const { region, shape, warmUpRows } = workerData;
const slots = viewRegion(region, shape);
const chain = await backendChain(workerData);
const models = new Map<number, Scorer>();
let running = Promise.resolve();
let loading = Promise.resolve();

port.on('message', (message: unknown) => {
  assert(isToWorker(message), 'a worker is sent what the protocol has');
  take(message);
});

function take(message: ToWorker): void {
  switch (message.kind) {
    case 'load':
      loading = loading.then(() => load(message.handle, message.source));
      break;
    case 'score':
      running = running.then(() => run(message.batch));
      break;
    case 'release':
      running = running.then(() => release(message.handle));
      break;
    case 'stop': // Nothing is let go of under a batch that computes with it.
      void Promise.all([running, loading]).then(stop);
  }
}

async function load(handle: number, source: ModelSource): Promise<void> {
  let scorer: Scorer | undefined;
  try {
    scorer = await openScorer(source, chain);
    const lost = await warmUp(scorer, warmUpRows, { breathe, nowMs: () => performance.now() });
    models.set(handle, scorer);
    tell({ kind: 'loaded', handle, facts: factsOf(scorer, lost) });
  } catch (error) {
    await scorer?.release().catch(() => undefined);
    const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
    const code = hasCode ? String(error.code) : 'INFERENCE_REFUSED';
    tell({ kind: 'refused', handle, code, message: messageOf(error) });
  }
}

function factsOf({ facts, runtime }: Scorer, lost: readonly string[]): WorkerFacts {
  const reasons = [...(facts.fellBack === undefined ? [] : [facts.fellBack]), ...lost];
  return { ...facts, runtime, ...(reasons.length === 0 ? {} : { fellBack: reasons.join('; ') }) };
}

async function run({ number, slot, rows, width, handles }: BatchOrder): Promise<void> {
  const { features, scores } = slots[slot] ?? assertNever();
  const runs: ModelRun[] = [];
  let at = 0;
  for (const handle of handles) {
    const scorer = models.get(handle);
    assert(scorer !== undefined, 'a batch names models that are there');
    assert(scorer.facts.width === width, 'and rows of their width');
    const out = scores.subarray(at, at + rows * scorer.outputs);
    at += out.length;
    const beganMs = performance.now();
    const { version } = scorer.facts;
    const facts = () => ({ handle, version, runtime: scorer.runtime, tookMs: since(beganMs) });
    try {
      const fellBack = await scorer.score(features, rows, out);
      runs.push({ ...facts(), ...(fellBack === undefined ? {} : { fellBack }) });
    } catch (error) {
      runs.push({ ...facts(), fault: messageOf(error) });
    }
  }
  tell({ kind: 'scored', batch: number, runs });
}

async function release(handle: number): Promise<void> {
  const scorer = models.get(handle);
  models.delete(handle);
  await scorer?.release().catch(() => undefined);
}

/** Closed in order, the thread ends by itself; cut off in native code, it might not end well. */
async function stop(): Promise<void> {
  for (const handle of models.keys()) await release(handle);
  port.close();
}

function since(beganMs: number): number {
  return performance.now() - beganMs;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function assertNever(): never {
  throw new Error('a batch is in one of the slots');
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}
