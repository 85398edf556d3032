import { Worker } from 'node:worker_threads';

export interface TurnWatchdogOptions {
  /** A turn that is seen to take longer ends the process. */
  readonly turnMsMax: number;
  /** The watcher itself failed: from now on nobody watches. */
  failed?(error: unknown): void;
}

export interface TurnWatchdog {
  turnBegan(): void;
  turnEnded(): void;
  /** Also before an ordered end that may take its time. */
  stop(): Promise<void>;
}

/** What the watching thread is given. */
export interface WatchedTurns {
  /** Numbers of the last turn that began and the last that ended. */
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly turnMsMax: number;
  readonly tickMs: number;
}

/** A turn of a few ticks is measured well enough, and a tick costs nothing. */
const TICKS = 20;

/**
 * Nobody in this thread can end a turn that does not end, so another thread watches it. A turn
 * costs two stores into shared memory; the watcher keeps no process alive.
 */
export function startTurnWatchdog({ turnMsMax, failed }: TurnWatchdogOptions): TurnWatchdog {
  const cells = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const tickMs = Math.max(5, Math.ceil(turnMsMax / TICKS));
  const workerData: WatchedTurns = { cells, turnMsMax, tickMs };
  // Beside us, under our own extension: TypeScript under test, JavaScript where it was built.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const entry = new URL(`./turn-watchdog-thread${extension}`, import.meta.url);
  const worker = new Worker(entry, { workerData });
  worker.unref();
  worker.on('error', (error) => failed?.(error));
  let turn = 0;
  return {
    turnBegan() {
      turn = (turn + 1) | 0;
      Atomics.store(cells, 0, turn);
    },
    turnEnded() {
      Atomics.store(cells, 1, turn);
    },
    async stop() {
      await worker.terminate();
    },
  };
}
