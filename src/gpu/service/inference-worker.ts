import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { messageOf } from '../inference-error.ts';
import { type FromWorker, isToWorker, isWorkerSettings, viewRegion } from './protocol.ts';
import { openScorer, type Scorer } from './scorer.ts';

/**
 * The thread in which models run: the native runtime blocks the thread that calls it. One batch at
 * a time; who asks waits for the answer before asking again.
 */
assert(parentPort !== null, 'this file is the beginning of a worker');
const port = parentPort;
await serve().catch(refuse);

async function serve(): Promise<void> {
  assert(isWorkerSettings(workerData), 'a worker is started with its settings');
  const { region, rowsMax, source } = workerData;
  const { features, scores } = viewRegion(region, rowsMax, source.width);
  const scorer = await openScorer(workerData);
  let running = Promise.resolve();
  port.on('message', (message: unknown) => {
    assert(isToWorker(message), 'a worker is sent what the protocol has');
    // Nothing is let go of under a batch that computes with it.
    if (message.kind === 'stop') void running.then(() => stop(scorer));
    else running = run(scorer, message.batch, message.rows);
  });
  tell({ kind: 'loaded', facts: scorer.facts });

  async function run(model: Scorer, batch: number, rows: number): Promise<void> {
    try {
      const fellBack = await model.score(features, rows, scores);
      tell({ kind: 'scored', batch, ...(fellBack === undefined ? {} : { fellBack }) });
    } catch (error) {
      tell({ kind: 'failed', batch, message: messageOf(error) });
    }
  }
}

/** Closed in order, the thread ends by itself; cut off in native code, it might not end well. */
async function stop(scorer: Scorer): Promise<void> {
  await scorer.release().catch(() => undefined);
  port.close();
}

function refuse(error: unknown): void {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  const code = hasCode ? String(error.code) : 'INFERENCE_DIED';
  tell({ kind: 'refused', code, message: messageOf(error) });
  port.close();
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}
