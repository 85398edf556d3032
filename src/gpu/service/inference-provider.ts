import { assert } from '../../core/assert.ts';
import { EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import type { EffectAnswer, Provider, ServiceContext } from '../../ports/service.ts';
import type { Timer } from '../../ports/clock.ts';
import { answerOf, type Infer, refusalOf, without } from '../infer-answer.ts';
import { InferenceError } from '../inference-error.ts';
import { Asked } from './asked.ts';
import type { CountsKept } from './inference-counts.ts';
import type { InferenceOptions } from './inference-options.ts';
import {
  type FromWorker,
  makeRegion,
  type Region,
  viewRegion,
  type WorkerFacts,
} from './protocol.ts';
import type { OpenWorker, WorkerLink } from './worker-link.ts';

export interface ProviderOptions extends InferenceOptions {
  readonly batchMsMax: number;
  readonly stopMsMax: number;
  readonly openWorker: OpenWorker;
  readonly counts: CountsKept;
}

interface Batch {
  readonly number: number;
  readonly asked: readonly Asked[];
  readonly watchdog: Timer;
}

/** One life of the inference service: one thread, one batch under way, the rest waits. */
export class InferenceProvider implements Provider {
  readonly #options: ProviderOptions;
  readonly #context: ServiceContext;
  readonly #region: SharedArrayBuffer;
  readonly #view: Region;
  #state: 'new' | 'starting' | 'up' | 'ended' = 'new';
  #link: WorkerLink | undefined;
  #facts: WorkerFacts | undefined;
  #starting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #stopped: Promise<void> | undefined;
  #hasExited = false;
  #exited: () => void = () => undefined;
  readonly #exit = new Promise<void>((resolve) => {
    this.#exited = resolve;
  });
  #waiting: Asked[] = [];
  #batch: Batch | undefined;
  #batches = 0;

  constructor(options: ProviderOptions, context: ServiceContext) {
    const { rowsMax, source } = options;
    this.#options = options;
    this.#context = context;
    this.#region = makeRegion(rowsMax, source.width);
    this.#view = viewRegion(this.#region, rowsMax, source.width);
  }

  start(): Promise<void> {
    if (this.#state === 'ended') return Promise.reject(stoppedError());
    assert(this.#state === 'new', 'a service is started once');
    this.#state = 'starting';
    const { backend, source, executionProviders, onnxModule, rowsMax } = this.#options;
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#link = this.#options.openWorker(
        {
          backend,
          source,
          executionProviders: executionProviders ?? [],
          ...(onnxModule === undefined ? {} : { onnxModule }),
          rowsMax,
          region: this.#region,
        },
        {
          message: (message) => this.#hear(message),
          ended: (reason) => this.#ended(reason),
        },
      );
    });
  }

  perform({ effect, requestedUs }: Requested): Promise<EffectAnswer> {
    assert(effect.kind === 'infer', 'only what it handles is requested of a service');
    const { counts, clock, timers } = this.#options;
    counts.requests += 1;
    const refusal = this.#refusal(effect);
    if (refusal !== undefined) {
      counts[refusal.outcome === 'refused' ? 'refused' : 'failed'] += 1;
      return Promise.resolve(refusal);
    }
    // A deadline is of the wall's time: a market that runs faster makes no model faster.
    const deadlineUs = requestedUs + EFFECT_TRAITS.infer.deadlineUs * clock.speed;
    const leftUs = deadlineUs - clock.nowUs();
    const asked = new Asked(effect, deadlineUs);
    const leftMs = Math.max(0, leftUs) / 1_000 / clock.speed;
    asked.expiry = timers.after(leftMs, () => this.#expire(asked));
    if (leftUs < 0) this.#expire(asked);
    else this.#wait(asked);
    return asked.answer;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #refusal(effect: Infer): EffectAnswer | undefined {
    if (this.#state !== 'up' || this.#facts === undefined) {
      return without('failed', 'INFER_STOPPED', 'inference is not running');
    }
    const refusal = refusalOf(this.#facts, effect);
    if (refusal !== undefined) return refusal;
    const { rowsMax, policy } = this.#options;
    if (effect.rows.length > rowsMax) {
      const text = `${effect.rows.length} rows are more than the ${rowsMax} of a batch`;
      return without('failed', 'INFER_ROWS_MAX', text);
    }
    if (this.#waiting.length < policy.inFlightMax) return undefined;
    return without('failed', 'INFER_BUSY', `${this.#waiting.length} requests wait already`);
  }

  /** A turn of the kernel asks for several at once: they are given the time to come together. */
  #wait(asked: Asked): void {
    this.#waiting.push(asked);
    if (this.#waiting.length === 1) void Promise.resolve().then(() => this.#send());
  }

  #send(): void {
    if (this.#state !== 'up' || this.#batch !== undefined || this.#waiting.length === 0) return;
    const { rowsMax, counts, timers, batchMsMax } = this.#options;
    const width = this.#options.source.width;
    const asked: Asked[] = [];
    let rows = 0;
    for (const one of this.#waiting) {
      if (rows + one.rows > rowsMax) break;
      this.#view.features.set(one.effect.features, rows * width);
      rows += one.rows;
      asked.push(one);
    }
    this.#waiting = this.#waiting.slice(asked.length);
    this.#batches += 1;
    const number = this.#batches;
    counts.batches += 1;
    counts.rows += rows;
    const watchdog = timers.after(batchMsMax, () => this.#hung(number));
    this.#batch = { number, asked, watchdog };
    this.#link?.post({ kind: 'score', batch: number, rows });
  }

  #hear(message: FromWorker): void {
    if (this.#state === 'ended') return;
    switch (message.kind) {
      case 'loaded':
        return this.#loaded(message.facts);
      case 'refused':
        return this.#fail(
          new InferenceError('INFERENCE_REFUSED', `${message.code}: ${message.message}`),
        );
      case 'scored':
        if (message.fellBack !== undefined) this.#fellBack(message.fellBack);
        return this.#scored(message.batch);
      case 'failed':
        return this.#unscored(message.batch, message.message);
    }
  }

  #loaded(facts: WorkerFacts): void {
    this.#state = 'up';
    this.#facts = facts;
    this.#context.log('info', 'inferenceLoaded', { model: facts.version, runtime: facts.runtime });
    if (facts.fellBack !== undefined) this.#fellBack(facts.fellBack);
    this.#starting?.resolve();
    this.#starting = undefined;
  }

  #fellBack(reason: string): void {
    this.#options.counts.fallbacks += 1;
    this.#context.log('warn', 'inferenceFellBack', { reason });
    this.#context.health('degraded', reason);
  }

  #scored(number: number): void {
    const facts = this.#facts;
    assert(facts !== undefined, 'scores come from a model');
    const { counts, clock } = this.#options;
    let row = 0;
    for (const asked of this.#takeBatch(number)) {
      const from = row;
      row += asked.rows;
      // Its timer may be behind the clock: what is late is late, whichever was first.
      if (!asked.isSettled && clock.nowUs() > asked.deadlineUs) this.#expire(asked);
      if (asked.isSettled) {
        counts.late += 1;
        continue;
      }
      const answer = answerOf(facts, this.#view.scores.slice(from, row));
      counts[answer.outcome === 'done' ? 'done' : 'failed'] += 1;
      asked.settle(answer);
    }
    this.#send();
  }

  #unscored(number: number, message: string): void {
    for (const asked of this.#takeBatch(number)) {
      if (asked.isSettled) continue;
      this.#options.counts.failed += 1;
      asked.settle(without('failed', 'INFER_FAILED', message));
    }
    this.#send();
  }

  #takeBatch(number: number): readonly Asked[] {
    const batch = this.#batch;
    assert(batch?.number === number, 'a worker answers the batch that is under way');
    batch.watchdog.cancel();
    this.#batch = undefined;
    return batch.asked;
  }

  #expire(asked: Asked): void {
    if (asked.isSettled) return;
    this.#options.counts.expired += 1;
    this.#waiting = this.#waiting.filter((other) => other !== asked);
    asked.settle(without('expired', 'INFER_LATE', 'its deadline has passed'));
  }

  #hung(number: number): void {
    if (this.#batch?.number !== number || this.#state !== 'up') return;
    const { batchMsMax } = this.#options;
    this.#fail(new InferenceError('INFERENCE_HUNG', `a batch took more than ${batchMsMax} ms`));
    void this.#link?.terminate();
  }

  #ended(reason: string): void {
    this.#hasExited = true;
    this.#exited();
    this.#fail(new InferenceError('INFERENCE_DIED', `the inference thread ended: ${reason}`));
  }

  /** A start that fails is told by its promise, all else by the context and the open requests. */
  #fail(error: InferenceError): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#options.counts.deaths += 1;
    if (this.#starting === undefined) this.#context.failed(error);
    this.#starting?.reject(error);
    this.#starting = undefined;
    for (const asked of this.#takeAll()) asked.fail(error);
  }

  async #stop(): Promise<void> {
    this.#state = 'ended';
    this.#starting?.reject(stoppedError());
    this.#starting = undefined;
    for (const asked of this.#takeAll()) {
      if (asked.isSettled) continue;
      this.#options.counts.failed += 1;
      asked.settle(without('failed', 'INFER_STOPPED', 'inference was stopped'));
    }
    const link = this.#link;
    if (link === undefined || this.#hasExited) return;
    link.post({ kind: 'stop' });
    const impatience = this.#options.timers.after(this.#options.stopMsMax, () => {
      void link.terminate();
    });
    await this.#exit;
    impatience.cancel();
  }

  #takeAll(): readonly Asked[] {
    const all = [...(this.#batch?.asked ?? []), ...this.#waiting];
    this.#batch?.watchdog.cancel();
    this.#batch = undefined;
    this.#waiting = [];
    return all;
  }
}

function stoppedError(): InferenceError {
  return new InferenceError('INFERENCE_STOPPED', 'inference was stopped before it had started');
}
