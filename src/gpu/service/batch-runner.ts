import { assert, present } from '../../core/assert.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import { lateAnswer, scoresOf } from './answers.ts';
import type { Asked } from './asked.ts';
import { BatchQueue } from './batch-queue.ts';
import type { CountsKept } from './inference-counts.ts';
import type { MetricsKept } from './inference-metrics.ts';
import type { LayerPolicies } from './layer-policy.ts';
import type { ModelThread, ThreadModel } from './model-thread.ts';
import { type ModelRun, SLOTS } from './protocol.ts';

export interface BatchRunnerOptions {
  readonly layers: LayerPolicies;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly counts: CountsKept;
  readonly metrics: MetricsKept;
  /** A batch that runs longer, in wall time, means that the thread hangs. */
  readonly batchMsMax: number;
  hung(): void;
  fellBack(reason: string): void;
}

interface Batch {
  readonly number: number;
  readonly slot: number;
  readonly asked: readonly Asked[];
  readonly rows: number;
  readonly models: readonly ThreadModel[];
}

/**
 * Puts what waits into batches and hands them to a thread: one that it computes, and behind it one
 * that is full already. A batch that is not yet full goes when the thread is free, because company
 * may still come. Without a thread everything waits.
 */
export class BatchRunner {
  /** By name: what the next batch is computed with. */
  models: ReadonlyMap<string, ThreadModel> = new Map();
  readonly #options: BatchRunnerOptions;
  readonly #queue: BatchQueue;
  #thread: ModelThread | undefined;
  /** The first is computed; those behind it wait in the thread. */
  #running: Batch[] = [];
  #watchdog: Timer | undefined;
  #wake: Timer | undefined;
  #isPumpSoon = false;
  #batches = 0;

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
    this.#queue = new BatchQueue(options.layers);
  }

  /** Requests that no thread has. */
  get waiting(): number {
    return this.#queue.count;
  }

  /** A turn of the kernel asks for several at once: they are given the time to come together. */
  add(asked: Asked): void {
    this.#queue.add(asked);
    if (this.#isPumpSoon) return;
    this.#isPumpSoon = true;
    void Promise.resolve().then(() => {
      this.#isPumpSoon = false;
      this.#pump();
    });
  }

  /** From now on batches go there. */
  open(thread: ModelThread, models: ReadonlyMap<string, ThreadModel>): void {
    assert(this.#running.length === 0, 'a thread begins with nothing under way');
    this.#thread = thread;
    this.models = models;
    this.#pump();
  }

  /**
   * The thread is gone. What it had goes to the next, but for what twice a thread has died with:
   * those are answered by their fate.
   */
  close(deathsMax: number): readonly Asked[] {
    this.#thread = undefined;
    const fatal: Asked[] = [];
    const [first] = this.#running;
    for (const asked of first?.asked ?? []) asked.deaths += 1;
    for (const { asked } of this.#takeRunning().toReversed()) {
      const open = asked.filter((one) => !one.isSettled);
      fatal.push(...open.filter(({ deaths }) => deaths > deathsMax));
      const again = open.filter(({ deaths }) => deaths <= deathsMax);
      this.#options.counts.rerun += again.length;
      this.#queue.putBack(again);
    }
    return fatal;
  }

  /** Everything that has no answer, for who will give it. */
  takeAll(): readonly Asked[] {
    this.#thread = undefined;
    this.#wake?.cancel();
    const running = this.#takeRunning().flatMap(({ asked }) => asked);
    return [...running, ...this.#queue.clear()].filter(({ isSettled }) => !isSettled);
  }

  /** Its deadline is over. What the thread makes of it is thrown away. */
  expire(asked: Asked): void {
    if (asked.isSettled) return;
    const { counts, metrics } = this.#options;
    counts.expired += 1;
    metrics.missed(asked.request.layer, asked.models);
    this.#queue.remove(asked);
    asked.settle(lateAnswer());
  }

  scored(number: number, runs: readonly ModelRun[]): void {
    const batch = this.#running.shift();
    assert(batch?.number === number, 'a thread answers the batch that is under way');
    const { slots } = present(this.#thread, 'the thread that scored');
    const { scores } = present(slots[batch.slot], 'the slot of a batch');
    this.#watch();
    this.#measure(batch, runs);
    let from = 0;
    for (const asked of batch.asked) {
      this.#answer(asked, scoresOf(asked, { ...batch, from, runs, scores }));
      from += asked.rows;
    }
    this.#pump();
  }

  #answer(asked: Asked, answer: ReturnType<typeof scoresOf>): void {
    const { counts, clock, metrics } = this.#options;
    // Its timer may be behind the clock: what is late is late, whichever was first.
    if (!asked.isSettled && clock.nowUs() > asked.deadlineUs) this.expire(asked);
    if (asked.isSettled) {
      counts.late += 1;
      return;
    }
    counts[answer.outcome === 'done' ? 'done' : 'failed'] += 1;
    const missing = answer.outcome === 'done' ? answer.missing.map(({ model }) => model) : [];
    const faulty = answer.outcome === 'done' ? missing : asked.models;
    for (const model of faulty) metrics.model(model).faults += 1;
    metrics.layer(asked.request.layer).answerUs.add((clock.wallMs() - asked.askedMs) * 1_000);
    asked.settle(answer);
  }

  #measure({ rows, models }: Batch, runs: readonly ModelRun[]): void {
    const { metrics, fellBack } = this.#options;
    for (const [place, { name }] of models.entries()) {
      const run = present(runs[place], 'a run of each model');
      const kept = metrics.model(name);
      kept.version = run.version;
      kept.runtime = run.runtime;
      kept.rows += rows;
      kept.runUs.add(run.tookMs * 1_000);
      if (run.fellBack !== undefined) fellBack(run.fellBack);
    }
  }

  #pump(): void {
    const { clock } = this.#options;
    while (this.#thread !== undefined && this.#running.length < SLOTS) {
      const batch = this.#queue.take(clock.wallMs(), this.#running.length > 0);
      if (batch === undefined) break;
      this.#post(this.#thread, batch);
    }
    this.#sleep();
  }

  /** Until the next batch is due. While one is under way its end wakes us. */
  #sleep(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    const { clock, timers } = this.#options;
    const dueMs = this.#queue.dueMs();
    if (this.#thread === undefined || this.#running.length > 0 || dueMs === undefined) return;
    this.#wake = timers.after(Math.max(0, dueMs - clock.wallMs()), () => this.#pump());
  }

  #post(thread: ModelThread, waited: readonly Asked[]): void {
    const { clock, counts, metrics } = this.#options;
    const nowUs = clock.nowUs();
    for (const asked of waited) if (nowUs > asked.deadlineUs) this.expire(asked);
    const asked = waited.filter(({ isSettled }) => !isSettled);
    const [first] = asked;
    if (first === undefined) return;
    const { layer, width } = first.request;
    const slot = this.#running[0]?.slot === 0 ? 1 : 0;
    const { features } = present(thread.slots[slot], 'a free slot');
    let rows = 0;
    for (const one of asked) {
      features.set(one.request.features, rows * width);
      rows += one.rows;
      metrics.layer(layer).queueWaitUs.add((clock.wallMs() - one.askedMs) * 1_000);
    }
    const models = first.models.map((name) => present(this.models.get(name), 'a model asked for'));
    this.#batches += 1;
    const number = this.#batches;
    counts.batches += 1;
    counts.rows += rows;
    metrics.layer(layer).batchRows.add(rows);
    this.#running.push({ number, slot, asked, rows, models });
    if (this.#running.length === 1) this.#watch();
    thread.score({ number, slot, rows, width, handles: models.map(({ handle }) => handle) });
  }

  /** Over the batch that is computed now, from when it is its turn. */
  #watch(): void {
    this.#watchdog?.cancel();
    this.#watchdog = undefined;
    if (this.#running.length === 0) return;
    const { timers, batchMsMax, hung } = this.#options;
    this.#watchdog = timers.after(batchMsMax, hung);
  }

  #takeRunning(): readonly Batch[] {
    const running = this.#running;
    this.#running = [];
    this.#watch();
    return running;
  }
}
