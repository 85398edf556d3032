import type { Clock, Timers } from '../../ports/clock.ts';
import type { BackendName, ModelSource } from '../../ports/inference-backend.ts';
import type { ServicePolicy } from '../../ports/service.ts';
import type { OpenWorker } from './worker-link.ts';

export interface InferenceOptions {
  readonly backend: BackendName;
  readonly source: ModelSource;
  /** Rows in one batch; no request may have more. */
  readonly rowsMax: number;
  readonly policy: ServicePolicy;
  readonly clock: Clock;
  readonly timers: Timers;
  /** For onnx, wanted first to last; the CPU comes after all of them. */
  readonly executionProviders?: readonly string[];
  /** A batch that takes longer, in wall time, means that the thread hangs. */
  readonly batchMsMax?: number;
  /** A thread that has not ended by then, in wall time, is ended. */
  readonly stopMsMax?: number;
  /** Another module in place of onnxruntime, or another thread: for tests. */
  readonly onnxModule?: string;
  readonly openWorker?: OpenWorker;
}
