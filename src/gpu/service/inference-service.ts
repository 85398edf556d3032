import { assert } from '../../core/assert.ts';
import type { ServiceDefinition } from '../../ports/service.ts';
import { type InferenceCounts, noCounts } from './inference-counts.ts';
import type { InferenceOptions } from './inference-options.ts';
import { InferenceProvider } from './inference-provider.ts';
import { openWorker } from './worker-link.ts';

export interface InferenceDefinition extends ServiceDefinition {
  /** Over all instances of the service. */
  counts(): InferenceCounts;
}

// Four times what a request may wait: no batch is worth more, and a slow machine is not a hang.
const BATCH_MS_MAX = 2_000;
const STOP_MS_MAX = 500;

/**
 * Answers `infer` by a model in a thread of its own. What waits when the thread is free goes to it
 * as one batch. A late answer is counted and thrown away; a thread that dies or hangs fails the
 * service, and whoever supervises it makes a new one.
 */
export function createInferenceService(options: InferenceOptions): InferenceDefinition {
  assert(Number.isInteger(options.rowsMax) && options.rowsMax > 0, 'a batch has room for a row');
  const counts = noCounts();
  const provided = {
    ...options,
    batchMsMax: options.batchMsMax ?? BATCH_MS_MAX,
    stopMsMax: options.stopMsMax ?? STOP_MS_MAX,
    openWorker: options.openWorker ?? openWorker,
    counts,
  };
  return {
    name: 'inference',
    service: 'inference',
    policy: options.policy,
    handles: (kind) => kind === 'infer',
    make: (context) => new InferenceProvider(provided, context),
    counts: () => ({ ...counts }),
  };
}
