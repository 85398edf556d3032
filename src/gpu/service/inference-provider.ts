import { assert } from '../../core/assert.ts';
import { EFFECT_TRAITS, type Requested } from '../../ports/effect.ts';
import type { ModelSource } from '../../ports/inference-backend.ts';
import type { EffectAnswer, Provider, ServiceContext } from '../../ports/service.ts';
import { knownOf, type NoScores } from '../infer-answer.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import { failed } from './answers.ts';
import { Asked } from './asked.ts';
import { BatchRunner } from './batch-runner.ts';
import type { CountsKept } from './inference-counts.ts';
import type { MetricsKept } from './inference-metrics.ts';
import type { InferenceOptions } from './inference-options.ts';
import { askedBy, effectAnswerOf } from './kernel-requests.ts';
import { diedError, ModelThread, type ThreadModel } from './model-thread.ts';
import type { SlotShape } from './protocol.ts';
import { refusalOf } from './request-refusal.ts';
import type { ScoreAnswer, ScoreRequest } from './score-request.ts';

type Settled = Required<Omit<InferenceOptions, 'sources' | 'onnxModule'>>;

export interface ProviderOptions extends Settled {
  readonly onnxModule?: string;
  readonly counts: CountsKept;
  readonly metrics: MetricsKept;
  readonly catalogue: { sources: readonly ModelSource[] };
}

/** An unfit model is refused with the reason, and what was there goes on. */
export type SwapAnswer =
  | {
      readonly isSwapped: true;
      readonly model: string;
      readonly version: string;
      /** The version whose place it took; left out where the model is new. */
      readonly replaced?: string;
    }
  | { readonly isSwapped: false; readonly code: InferenceError['code']; readonly reason: string };

const REPLACED_WITHIN_MS = 60_000;
/** Of a request's threads, so that one that kills whoever computes it ends with its second. */
const DEATHS_MAX = 1;

/** One life of the inference service: one thread at a time, replaced where it dies. */
export class InferenceProvider implements Provider {
  readonly #options: ProviderOptions;
  readonly #context: ServiceContext;
  readonly #runner: BatchRunner;
  readonly #shape: SlotShape;
  #state: 'new' | 'starting' | 'up' | 'replacing' | 'ended' = 'new';
  #thread: ModelThread | undefined;
  #replacedMs: number[] = [];
  /** Why something other computes than what is configured. */
  #lostBackend: string | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ProviderOptions, context: ServiceContext) {
    this.#options = options;
    this.#context = context;
    const rows = Math.max(options.rowsMax, ...options.layers.map(({ batchMax }) => batchMax));
    const width = Math.max(...options.catalogue.sources.map((source) => source.width));
    this.#shape = { features: rows * width, scores: rows * options.columnsMax };
    this.#runner = new BatchRunner({
      ...options,
      hung: () => this.#hung(),
      fellBack: (reason) => this.#fellBack(reason),
    });
  }

  get versions(): ReadonlyMap<string, string> {
    return new Map([...this.#runner.models].map(([name, { version }]) => [name, version]));
  }

  async start(): Promise<void> {
    if (this.#state === 'ended') throw stoppedError();
    assert(this.#state === 'new', 'a service is started once');
    this.#state = 'starting';
    try {
      await this.#open();
    } catch (error) {
      if (this.#isOver) throw stoppedError();
      this.#state = 'ended';
      this.#options.counts.deaths += 1;
      void this.#thread?.stop(this.#options.stopMsMax);
      throw error;
    }
  }

  async perform({ effect, requestedUs }: Requested): Promise<EffectAnswer> {
    assert(effect.kind === 'infer', 'only what it handles is requested of a service');
    return effectAnswerOf(effect, await this.ask(askedBy(effect, requestedUs)));
  }

  ask(request: ScoreRequest): Promise<ScoreAnswer> {
    const { counts, clock, timers, metrics } = this.#options;
    const kept = metrics.layer(request.layer);
    counts.requests += 1;
    kept.asked += 1;
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      counts[refusal.outcome === 'refused' ? 'refused' : 'failed'] += 1;
      if (refusal.code === 'INFER_STALE') {
        counts.stale += 1;
        kept.stale += 1;
      }
      return Promise.resolve(refusal);
    }
    // A deadline is of the wall's time: a market that runs faster makes no model faster.
    const deadlineUs = request.askedUs + EFFECT_TRAITS.infer.deadlineUs * clock.speed;
    const leftUs = deadlineUs - clock.nowUs();
    const models = knownOf(request, this.#runner.models).map(({ name }) => name);
    const asked = new Asked({ request, models, deadlineUs, askedMs: clock.wallMs() });
    const leftMs = Math.max(0, leftUs) / 1_000 / clock.speed;
    asked.expiry = timers.after(leftMs, () => this.#runner.expire(asked));
    if (leftUs < 0) this.#runner.expire(asked);
    else this.#runner.add(asked);
    return asked.answer;
  }

  async swap(source: ModelSource): Promise<SwapAnswer> {
    const thread = this.#thread;
    try {
      if (this.#state !== 'up' || thread === undefined) throw stoppedError();
      return this.#switch(thread, await this.#loadFit(thread, source));
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      this.#options.counts.swapsRefused += 1;
      this.#context.log('warn', 'modelRefused', { reason: error.message });
      return { isSwapped: false, code: error.code, reason: error.message };
    }
  }

  killThread(): boolean {
    if (this.#thread === undefined || this.#thread.isOver) return false;
    void this.#thread.terminate();
    return true;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #refusal(request: ScoreRequest): NoScores | undefined {
    const isTaking = this.#state === 'up' || this.#state === 'replacing';
    if (!isTaking) return failed('INFER_STOPPED', 'inference is not running');
    return refusalOf(request, {
      models: this.#runner.models,
      waiting: this.#runner.waiting,
      ...this.#options,
    });
  }

  /** A thread with all models that there are by now. */
  async #open(): Promise<void> {
    const { openWorker, heapMbMax, timers, catalogue } = this.#options;
    const { backend, executionProviders, adapter, onnxModule } = this.#options;
    const module = onnxModule === undefined ? {} : { onnxModule };
    const chain = { backend, executionProviders, adapter, ...module };
    this.#lostBackend = undefined;
    const thread = new ModelThread({
      openWorker,
      heapMbMax,
      timers,
      shape: this.#shape,
      settings: { ...chain, warmUpRows: this.#warmUpRows() },
      scored: (batch, runs) => {
        // What comes after the end was answered at the end.
        if (this.#state === 'up') this.#runner.scored(batch, runs);
      },
      ended: (reason) => this.#ended(thread, reason),
    });
    this.#thread = thread;
    const loaded = await Promise.all(catalogue.sources.map((source) => thread.load(source)));
    if (this.#isOver) throw stoppedError();
    const models = new Map(loaded.map((model) => [model.name, model]));
    if (models.size < loaded.length) {
      throw new InferenceError('INFERENCE_REFUSED', 'two models have one name');
    }
    for (const model of loaded) this.#tellLoaded(model);
    this.#state = 'up';
    this.#runner.open(thread, models);
  }

  /** One row, what a layer's batches have, and the most that a request has. */
  #warmUpRows(): readonly number[] {
    const { layers, rowsMax } = this.#options;
    const sizes = [1, ...layers.map(({ batchMax }) => batchMax), rowsMax];
    return [...new Set(sizes)].toSorted((left, right) => left - right);
  }

  #tellLoaded({ version, runtime, fellBack }: ThreadModel): void {
    this.#context.log('info', 'inferenceLoaded', { model: version, runtime });
    if (fellBack !== undefined) this.#fellBack(fellBack);
  }

  #fellBack(reason: string): void {
    this.#options.counts.fallbacks += 1;
    this.#lostBackend = reason;
    this.#context.log('warn', 'inferenceFellBack', { reason });
    this.#context.health('degraded', reason);
  }

  async #loadFit(thread: ModelThread, source: ModelSource): Promise<ThreadModel> {
    const { layers, rowsMax } = this.#options;
    const rows = Math.max(rowsMax, ...layers.map(({ batchMax }) => batchMax));
    if (rows * source.width > this.#shape.features) {
      throw unfit(`MODEL_WIDTH: rows of ${source.width} have no room in the shared memory`);
    }
    const model = await thread.load(source);
    const old = this.#runner.models.get(model.name);
    const reason = old === undefined ? undefined : differenceOf(old, model);
    if (reason === undefined) return model;
    thread.release(model.handle);
    throw unfit(reason);
  }

  /** Between two batches: those that were posted have the old one, and it goes after them. */
  #switch(thread: ModelThread, model: ThreadModel): SwapAnswer {
    if (thread !== this.#thread || thread.isOver) throw diedError('while the model was loaded');
    const { counts, catalogue } = this.#options;
    const old = this.#runner.models.get(model.name);
    const models = new Map(this.#runner.models).set(model.name, model);
    this.#runner.models = models;
    catalogue.sources = [...models.values()].map(({ source }) => source);
    if (old !== undefined) thread.release(old.handle);
    counts.swaps += 1;
    this.#tellLoaded(model);
    const { name, version } = model;
    const replaced = old === undefined ? {} : { replaced: old.version };
    return { isSwapped: true, model: name, version, ...replaced };
  }

  #hung(): void {
    const { batchMsMax } = this.#options;
    const thread = this.#thread;
    this.#fail(new InferenceError('INFERENCE_HUNG', `a batch took more than ${batchMsMax} ms`));
    void thread?.terminate();
  }

  #ended(thread: ModelThread, reason: string): void {
    // One that is being loaded tells by its promises.
    if (thread !== this.#thread || this.#state !== 'up') return;
    this.#replace(diedError(reason));
  }

  /** Another thread, and what the old one had goes there if its deadline allows. */
  #replace(error: InferenceError): void {
    const nowMs = this.#options.clock.wallMs();
    this.#replacedMs = this.#replacedMs.filter((atMs) => nowMs - atMs < REPLACED_WITHIN_MS);
    if (this.#replacedMs.length >= this.#options.replacementsMax) return this.#fail(error);
    this.#replacedMs.push(nowMs);
    this.#options.counts.deaths += 1;
    this.#state = 'replacing';
    this.#context.log('warn', 'inferenceReplaced', { reason: error.message });
    this.#context.health('degraded', error.message);
    this.#settle(this.#runner.close(DEATHS_MAX), `two threads died with it: ${error.message}`);
    this.#open().then(
      () => {
        if (this.#lostBackend === undefined) this.#context.health('up', 'its thread was replaced');
      },
      (next: unknown) => {
        if (this.#isOver) return;
        void this.#thread?.terminate();
        this.#replace(next instanceof InferenceError ? next : diedError(messageOf(next)));
      },
    );
  }

  get #isOver(): boolean {
    return this.#state === 'ended';
  }

  #fail(error: InferenceError): void {
    if (this.#isOver) return;
    this.#state = 'ended';
    this.#options.counts.deaths += 1;
    this.#settle(this.#runner.takeAll(), error.message);
    this.#context.failed(error);
  }

  #settle(lost: readonly Asked[], reason: string): void {
    for (const asked of lost) {
      this.#options.counts.failed += 1;
      asked.settle(failed('INFER_DIED', reason));
    }
  }

  async #stop(): Promise<void> {
    this.#state = 'ended';
    for (const asked of this.#runner.takeAll()) {
      this.#options.counts.failed += 1;
      asked.settle(failed('INFER_STOPPED', 'inference was stopped'));
    }
    await this.#thread?.stop(this.#options.stopMsMax);
  }
}

/** What makes a new version another model than the one whose rows and columns callers know. */
function differenceOf(old: ThreadModel, model: ThreadModel): string | undefined {
  const [was, is] = [old.source.layoutHash, model.source.layoutHash];
  if (was !== is) return `MODEL_LAYOUT: ${model.version} takes the layout ${is}, not ${was}`;
  if (old.width !== model.width) {
    return `MODEL_WIDTH: ${model.version} takes rows of ${model.width}, not ${old.width}`;
  }
  if (old.columns.join() === model.columns.join()) return undefined;
  const columns = `${model.columns.join()}, not ${old.columns.join()}`;
  return `MODEL_VERSION: ${model.version} answers ${columns}`;
}

function unfit(reason: string): InferenceError {
  return new InferenceError('INFERENCE_REFUSED', reason);
}

function stoppedError(): InferenceError {
  return new InferenceError('INFERENCE_STOPPED', 'inference was stopped before it had started');
}
