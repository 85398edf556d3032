import { assert } from '../../core/assert.ts';
import type { ModelSource } from '../../ports/inference-backend.ts';
import type { ServiceDefinition } from '../../ports/service.ts';
import { failed } from './answers.ts';
import { type InferenceCounts, noCounts } from './inference-counts.ts';
import { type InferenceMetrics, MetricsKept } from './inference-metrics.ts';
import type { InferenceOptions } from './inference-options.ts';
import { InferenceProvider, type SwapAnswer } from './inference-provider.ts';
import type { ScoreAnswer, ScoreRequest } from './score-request.ts';
import { openWorker } from './worker-link.ts';

export interface InferenceDefinition extends ServiceDefinition {
  /** Over all instances of the service. */
  counts(): InferenceCounts;
  metrics(): InferenceMetrics;
  /** Names of the models that answer now, and their versions. */
  models(): ReadonlyMap<string, string>;
  /** For who is not the kernel: scanners, shadows, benches. Every request has one answer. */
  ask(request: ScoreRequest): Promise<ScoreAnswer>;
  /**
   * A new version in place of the one of its name, or a model beside the others. Requests go on:
   * each is answered by the version that computed it. One that is unfit changes nothing.
   */
  swap(source: ModelSource): Promise<SwapAnswer>;
  /** For `--crash` and the tests: as if the thread had died. False where none runs. */
  killThread(): boolean;
}

// Four times what a request may wait: no batch is worth more, and a slow machine is not a hang.
const BATCH_MS_MAX = 2_000;
const STOP_MS_MAX = 500;
/** Twice the node limit of our largest artefacts as JSON; native memory is not in it. */
const HEAP_MB_MAX = 1_024;
const REPLACEMENTS_MAX = 5;
/** Nine models of one score each, and some with two. */
const COLUMNS_MAX = 16;

/**
 * Answers `infer` by models in a thread of its own. What waits goes to it in batches by layers. A
 * late answer is counted and thrown away; a thread that dies is replaced, and what it had is
 * computed again; one that hangs, or dies again and again, fails the service, and whoever
 * supervises it makes a new one.
 */
export function createInferenceService(options: InferenceOptions): InferenceDefinition {
  assert(Number.isInteger(options.rowsMax) && options.rowsMax > 0, 'a batch has room for a row');
  assert(options.sources.length > 0, 'a service has a model');
  const counts = noCounts();
  const metrics = new MetricsKept();
  let current: InferenceProvider | undefined;
  const provided = {
    ...options,
    executionProviders: options.executionProviders ?? [],
    adapter: options.adapter ?? {},
    columnsMax: options.columnsMax ?? COLUMNS_MAX,
    batchMsMax: options.batchMsMax ?? BATCH_MS_MAX,
    stopMsMax: options.stopMsMax ?? STOP_MS_MAX,
    heapMbMax: options.heapMbMax ?? HEAP_MB_MAX,
    replacementsMax: options.replacementsMax ?? REPLACEMENTS_MAX,
    openWorker: options.openWorker ?? openWorker,
    counts,
    metrics,
    /** What the next thread begins with: swaps outlive the thread that took them. */
    catalogue: { sources: options.sources },
  };
  return {
    name: 'inference',
    service: 'inference',
    policy: options.policy,
    handles: (kind) => kind === 'infer',
    make: (context) => {
      current = new InferenceProvider(provided, context);
      return current;
    },
    counts: () => ({ ...counts }),
    metrics: () => metrics.metrics,
    models: () => current?.versions ?? new Map(),
    ask: (request) => current?.ask(request) ?? Promise.resolve(notRunning()),
    swap: (source) => current?.swap(source) ?? Promise.resolve(notSwapped()),
    killThread: () => current?.killThread() ?? false,
  };
}

function notRunning(): ScoreAnswer {
  return failed('INFER_STOPPED', 'inference is not running');
}

function notSwapped(): SwapAnswer {
  return { isSwapped: false, code: 'INFERENCE_STOPPED', reason: 'inference is not running' };
}
