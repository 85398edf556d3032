import { MINUTE, MS } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RowBatch } from '../../ports/time-series.ts';
import { latency } from '../../store/tables/latency.ts';
import { TableRows } from '../store-feed/table-rows.ts';
import { LoopDelay } from './loop-delay.ts';
import { Durations } from './turn-times.ts';

export interface WallLatencyOptions {
  readonly session: string;
  readonly clock: Clock;
  readonly taken: (batch: RowBatch) => void;
}

const SPAN_MS = MINUTE / MS;

/**
 * How long turns took and how late the loop came to what was due, a row a minute of the wall's
 * time. No journal has it: it is of this machine, and is not made again.
 */
export class WallLatency {
  readonly turns = new Durations();
  readonly #options: WallLatencyOptions;
  readonly #loop = new LoopDelay();
  readonly #rows: TableRows;
  #beganMs: number;

  constructor(options: WallLatencyOptions) {
    this.#options = options;
    this.#rows = new TableRows(latency, 8, options.taken);
    this.#beganMs = options.clock.wallMs();
    this.#loop.start();
  }

  /** Some times a minute; a row when the minute is over. */
  look(): void {
    if (this.#options.clock.wallMs() - this.#beganMs >= SPAN_MS) this.#tell();
  }

  /** What there is of the minute that has not ended. */
  stop(): void {
    this.#tell();
    this.#loop.stop();
  }

  #tell(): void {
    const { session, clock } = this.#options;
    const wallMs = clock.wallMs();
    const spanUs = (wallMs - this.#beganMs) * MS;
    this.#beganMs = wallMs;
    const atUs = Math.round(clock.nowUs());
    const turns = this.turns.take();
    if (turns !== undefined) {
      const { samples, p50Us, p99Us, mostUs } = turns;
      this.#rows.add([atUs, session, 'turn', spanUs, samples, p50Us, p99Us, mostUs]);
    }
    const { samples } = this.#loop;
    if (samples > 0) {
      const { p50Ms, p99Ms, maxMs } = this.#loop.load;
      const told = [p50Ms * MS, p99Ms * MS, maxMs * MS];
      this.#rows.add([atUs, session, 'loop delay', spanUs, samples, ...told]);
    }
    this.#loop.reset();
    this.#rows.flush();
  }
}
