import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopLoad } from '../../cli/live-load.ts';

/** Node looks at its loop so often, and counts the way from one look to the next. */
const LOOK_MS = 10;
const NS_IN_MS = 1_000_000;

/** How late this process comes to what is due. A busy machine makes everybody late. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: LOOK_MS });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** From now on it is measured anew. */
  reset(): void {
    this.#histogram.reset();
  }

  get samples(): number {
    return this.#histogram.count;
  }

  get load(): LoopLoad {
    const { max } = this.#histogram;
    return {
      p50Ms: lateMs(this.#histogram.percentile(50)),
      p99Ms: lateMs(this.#histogram.percentile(99)),
      maxMs: lateMs(max),
    };
  }
}

function lateMs(ns: number): number {
  return Math.max(0, Math.round((ns / NS_IN_MS - LOOK_MS) * 100) / 100);
}
