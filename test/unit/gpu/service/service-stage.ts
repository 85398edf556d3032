import { symbolId } from '../../../../src/core/ids.ts';
import type { InferenceOptions } from '../../../../src/gpu/service/inference-options.ts';
import {
  createInferenceService,
  type InferenceDefinition,
} from '../../../../src/gpu/service/inference-service.ts';
import {
  viewRegion,
  type ToWorker,
  type WorkerSettings,
} from '../../../../src/gpu/service/protocol.ts';
import type { OpenWorker, WorkerHears } from '../../../../src/gpu/service/worker-link.ts';
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
      source: momentumSource,
      rowsMax: 64,
      policy: POLICY,
      clock: this.time,
      timers: this.time,
      ...options,
    });
    this.provider = this.service.make({
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
}

/** A worker that does what the test says, when it says so, over the region it shares. */
export class PlayedWorker {
  readonly posted: ToWorker[] = [];
  isTerminated = false;
  #settings: WorkerSettings | undefined;
  #hears: WorkerHears | undefined;

  readonly open: OpenWorker = (settings, hears) => {
    this.#settings = settings;
    this.#hears = hears;
    return {
      post: (message) => this.posted.push(message),
      terminate: async () => {
        this.isTerminated = true;
        hears.ended('terminated');
      },
    };
  };

  load(fellBack?: string): void {
    const facts = {
      name: 'momentum-1',
      version: 'momentum-1@d04686b5',
      width: 12,
      runtime: 'played',
    };
    const more = fellBack === undefined ? {} : { fellBack };
    this.#hears?.message({ kind: 'loaded', facts: { ...facts, ...more } });
  }

  refuse(code: string, message: string): void {
    this.#hears?.message({ kind: 'refused', code, message });
  }

  /** Scores the batch with the first feature of each row, whatever that is. */
  score(fellBack?: string): void {
    const message = this.posted.at(-1);
    const settings = this.#settings;
    if (message?.kind !== 'score' || settings === undefined) throw new Error('no batch is posted');
    const { width } = settings.source;
    const { features, scores } = viewRegion(settings.region, settings.rowsMax, width);
    for (let row = 0; row < message.rows; row += 1) scores[row] = features[row * width] ?? -1;
    const more = fellBack === undefined ? {} : { fellBack };
    this.#hears?.message({ kind: 'scored', batch: message.batch, ...more });
  }

  fail(text: string): void {
    const message = this.posted.at(-1);
    if (message?.kind !== 'score') throw new Error('no batch is posted');
    this.#hears?.message({ kind: 'failed', batch: message.batch, message: text });
  }

  end(reason: string): void {
    this.#hears?.ended(reason);
  }

  /** Rows of the batches that were posted. */
  get batches(): readonly number[] {
    return this.posted.flatMap((message) => (message.kind === 'score' ? [message.rows] : []));
  }
}
