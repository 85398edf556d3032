import { assert, present } from '../../core/assert.ts';
import type { Timers } from '../../ports/clock.ts';
import type { ModelSource } from '../../ports/inference-backend.ts';
import { InferenceError } from '../inference-error.ts';
import {
  type BatchOrder,
  type FromWorker,
  makeRegion,
  type ModelRun,
  type Slot,
  type SlotShape,
  viewRegion,
  type WorkerFacts,
  type WorkerSettings,
} from './protocol.ts';
import type { OpenWorker, WorkerLink } from './worker-link.ts';

/** A model in one thread. */
export interface ThreadModel extends WorkerFacts {
  readonly handle: number;
  readonly source: ModelSource;
}

export interface ModelThreadOptions {
  readonly openWorker: OpenWorker;
  readonly settings: Omit<WorkerSettings, 'region' | 'shape'>;
  readonly shape: SlotShape;
  readonly heapMbMax: number;
  readonly timers: Timers;
  scored(batch: number, runs: readonly ModelRun[]): void;
  /** By itself, or because it was ended; the last that is heard of it. */
  ended(reason: string): void;
}

interface Loading {
  readonly source: ModelSource;
  readonly resolve: (model: ThreadModel) => void;
  readonly reject: (error: InferenceError) => void;
}

/** One thread, and the memory that it shares with nobody but us: what an old one writes is gone. */
export class ModelThread {
  readonly slots: readonly Slot[];
  isOver = false;
  readonly #options: ModelThreadOptions;
  readonly #link: WorkerLink;
  readonly #loading = new Map<number, Loading>();
  #handles = 0;
  #left: () => void = () => undefined;
  readonly #gone = new Promise<void>((resolve) => {
    this.#left = resolve;
  });

  constructor(options: ModelThreadOptions) {
    const { settings, shape, heapMbMax, openWorker } = options;
    const region = makeRegion(shape);
    this.#options = options;
    this.slots = viewRegion(region, shape);
    this.#link = openWorker({
      settings: { ...settings, region, shape },
      hears: {
        message: (message) => this.#hear(message),
        ended: (reason) => this.#ended(reason),
      },
      heapMbMax,
    });
  }

  /** Loads a model beside what is there. Rejects where it will not do, or the thread ends. */
  load(source: ModelSource): Promise<ThreadModel> {
    if (this.isOver) return Promise.reject(diedError('it had ended'));
    this.#handles += 1;
    const handle = this.#handles;
    return new Promise((resolve, reject) => {
      this.#loading.set(handle, { source, resolve, reject });
      this.#link.post({ kind: 'load', handle, source });
    });
  }

  score(batch: BatchOrder): void {
    this.#link.post({ kind: 'score', batch });
  }

  /** Batches that were posted before have it still. */
  release(handle: number): void {
    if (!this.isOver) this.#link.post({ kind: 'release', handle });
  }

  terminate(): Promise<void> {
    return this.isOver ? Promise.resolve() : this.#link.terminate();
  }

  /** In order, and after `msMax` of wall time in no order. */
  async stop(msMax: number): Promise<void> {
    if (this.isOver) return;
    this.#link.post({ kind: 'stop' });
    const impatience = this.#options.timers.after(msMax, () => void this.#link.terminate());
    await this.#gone;
    impatience.cancel();
  }

  #hear(message: FromWorker): void {
    if (this.isOver) return;
    if (message.kind === 'scored') return this.#options.scored(message.batch, message.runs);
    const { handle } = message;
    const { source, resolve, reject } = present(this.#loading.get(handle), 'what was asked for');
    this.#loading.delete(handle);
    if (message.kind === 'loaded') {
      return resolve({ ...message.facts, handle, source });
    }
    reject(new InferenceError('INFERENCE_REFUSED', `${message.code}: ${message.message}`));
  }

  #ended(reason: string): void {
    assert(!this.isOver, 'a thread ends once');
    this.isOver = true;
    this.#left();
    for (const { reject } of this.#loading.values()) reject(diedError(reason));
    this.#loading.clear();
    this.#options.ended(reason);
  }
}

export function diedError(reason: string): InferenceError {
  return new InferenceError('INFERENCE_DIED', `the inference thread ended: ${reason}`);
}
