import { symbolId } from '../../../../src/core/ids.ts';
import type { InferenceOptions } from '../../../../src/gpu/service/inference-options.ts';
import {
  createInferenceService,
  type InferenceDefinition,
} from '../../../../src/gpu/service/inference-service.ts';
import type { LayerPolicies } from '../../../../src/gpu/service/layer-policy.ts';
import type { ScoreRequest } from '../../../../src/gpu/service/score-request.ts';
import type { Requested } from '../../../../src/ports/effect.ts';
import type { Provider, ServicePolicy } from '../../../../src/ports/service.ts';
import { momentumSource } from '../../../inference-models.ts';
import { ManualTime } from '../../../manual-time.ts';

export const POLICY: ServicePolicy = {
  backoffMinMs: 250,
  backoffMaxMs: 30_000,
  restartsMax: 5,
  withinMs: 60_000,
  hungMs: 2_000,
  inFlightMax: 4,
};

const HOUR_MS = 3_600_000;

/** Nobody waits for company, and batches are as large as a request may be. */
export const EAGER_LAYERS: LayerPolicies = [
  { batchMax: 64, waitMsMax: 0, freshnessMsMax: HOUR_MS },
  { batchMax: 64, waitMsMax: 0, freshnessMsMax: HOUR_MS },
  { batchMax: 64, waitMsMax: 0, freshnessMsMax: HOUR_MS },
  { batchMax: 64, waitMsMax: 0, freshnessMsMax: 30_000 },
];

/** The service with time that a test moves, and all that it says to the tree. */
export class ServiceStage {
  readonly time: ManualTime;
  readonly service: InferenceDefinition;
  readonly provider: Provider;
  readonly said: string[] = [];
  readonly failures: Error[] = [];
  #requests = 0;

  constructor(options: Partial<InferenceOptions> = {}, speed = 1) {
    this.time = new ManualTime(1_000_000_000, speed);
    this.service = createInferenceService({
      backend: 'plain',
      sources: [momentumSource],
      rowsMax: 64,
      layers: EAGER_LAYERS,
      policy: POLICY,
      clock: this.time,
      timers: this.time,
      ...options,
    });
    this.provider = this.make();
  }

  /** Another instance, as the tree makes one when the last has failed. */
  make(): Provider {
    return this.service.make({
      enter: () => this.said.push('entered'),
      health: (state, reason) => this.said.push(`health ${state} ${reason}`),
      failed: (error) => this.failures.push(error),
      log: (level, event) => this.said.push(`log ${level} ${event}`),
    });
  }

  /** Asked for now. */
  request(features: Float64Array, changes: { model?: string; width?: number } = {}): Requested {
    const width = changes.width ?? momentumSource.width;
    this.#requests += 1;
    return {
      input: this.#requests,
      index: 0,
      requestedUs: this.time.nowUs(),
      effect: {
        kind: 'infer',
        model: changes.model ?? 'momentum-1',
        rows: Array.from({ length: Math.floor(features.length / width) }, (_, at) => symbolId(at)),
        width,
        features,
      },
    };
  }

  /** As who is not the kernel asks. */
  scoreRequest(features: Float64Array, changes: Partial<ScoreRequest> = {}): ScoreRequest {
    const width = changes.width ?? momentumSource.width;
    const rows = Math.floor(features.length / width);
    const askedUs = this.time.nowUs();
    return { models: ['momentum-1'], layer: 3, rows, width, features, askedUs, ...changes };
  }
}
