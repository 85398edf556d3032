import type { Clock, Timers } from '../../ports/clock.ts';
import type { BackendName, ModelSource } from '../../ports/inference-backend.ts';
import type { ServicePolicy } from '../../ports/service.ts';
import type { AdapterOptions } from '../onnx/open-provider.ts';
import type { LayerPolicies } from './layer-policy.ts';
import type { OpenWorker } from './worker-link.ts';

export interface InferenceOptions {
  readonly backend: BackendName;
  /** The models it begins with; each has a name of its own. */
  readonly sources: readonly ModelSource[];
  /** Rows in one request. */
  readonly rowsMax: number;
  readonly layers: LayerPolicies;
  readonly policy: ServicePolicy;
  readonly clock: Clock;
  readonly timers: Timers;
  /** For onnx, wanted first to last; the CPU comes after all of them. */
  readonly executionProviders?: readonly string[];
  /** Of its WebGPU. */
  readonly adapter?: AdapterOptions;
  /** Scores of a row over all models of a request. */
  readonly columnsMax?: number;
  /** A batch that takes longer, in wall time, means that the thread hangs. */
  readonly batchMsMax?: number;
  /** A thread that has not ended by then, in wall time, is ended. */
  readonly stopMsMax?: number;
  /** JavaScript memory of the thread. */
  readonly heapMbMax?: number;
  /**
   * Threads that die are replaced at once so often within a minute, and their requests computed
   * again; more, and the supervisor makes the service anew, after a while.
   */
  readonly replacementsMax?: number;
  /** Another module in place of onnxruntime, or another thread: for tests. */
  readonly onnxModule?: string;
  readonly openWorker?: OpenWorker;
}
