import type { ServiceTree } from '../../actors/services/service-tree.ts';
import type { LiveLoad, QueueLoad } from '../../cli/live-load.ts';
import { MS } from '../../core/time.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type { InferenceDefinition } from '../../gpu/service/inference-service.ts';
import { inferenceLoad } from './inference-load.ts';
import type { LiveSession } from './live-session.ts';
import { LoopDelay } from './loop-delay.ts';

export interface MeteredParts {
  readonly session: LiveSession;
  readonly tree: ServiceTree;
  readonly streams: () => readonly StreamHealth[];
  /** Market seconds in one of ours. */
  readonly speed: number;
  readonly inference?: InferenceDefinition | undefined;
}

/** The process's memory is asked of the system, which takes a while. */
const MEMORY_LOOKS = 20;

/** Measures what a live session costs and how near it is to its limits. */
export class LoadMeter {
  readonly #loop = new LoopDelay();
  readonly #parts: MeteredParts;
  #looks = 0;
  #lagMs = 0;
  #lagMsMost = 0;
  #rssBytes = 0;
  #rssBytesMost = 0;

  constructor(parts: MeteredParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
  }

  /** Some times a second: what has no counter of its own. */
  look(): void {
    const { streams, speed } = this.#parts;
    for (const { lagUs } of streams()) {
      if (!Number.isFinite(lagUs)) continue;
      this.#lagMs = lagUs / MS / speed;
      this.#lagMsMost = Math.max(this.#lagMsMost, this.#lagMs);
    }
    if (this.#looks % MEMORY_LOOKS === 0) this.#weigh();
    this.#looks += 1;
  }

  get load(): LiveLoad {
    this.#weigh();
    const { inference } = this.#parts;
    return {
      ...(inference === undefined ? {} : { inference: inferenceLoad(inference) }),
      loop: this.#loop.load,
      feed: { lagMs: rounded(this.#lagMs), lagMsMost: rounded(this.#lagMsMost) },
      queues: this.#queues(),
      drops: this.#drops(),
      memory: { rssBytes: this.#rssBytes, rssBytesMost: this.#rssBytesMost },
    };
  }

  #weigh(): void {
    this.#rssBytes = process.memoryUsage.rss();
    this.#rssBytesMost = Math.max(this.#rssBytesMost, this.#rssBytes);
  }

  #queues(): Readonly<Record<string, QueueLoad>> {
    const { market, inputs } = this.#parts.session.driver;
    const { services, answers, answersMost } = this.#parts.tree.load();
    return {
      market: { now: market.count, most: market.countMost, max: market.eventsMax },
      inputs: { now: inputs.count, most: inputs.countMost, max: inputs.inputsMax },
      // All of them become inputs at once, so they have as much room as those.
      answers: { now: answers, most: answersMost, max: inputs.inputsMax },
      ...Object.fromEntries(services.map(({ name, ...queue }) => [name, queue])),
    };
  }

  #drops(): Readonly<Record<string, number>> {
    const { market, inputs } = this.#parts.session.driver;
    return {
      quotesConflated: market.conflated,
      eventsDropped: market.dropped,
      inputsRefused: inputs.refused,
      effectsRefused: this.#parts.tree.load().refused,
    };
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
