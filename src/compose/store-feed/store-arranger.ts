import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { LogFields } from '../../ports/service.ts';
import type { TableDeclaration, TablePart, TimeSeriesStore } from '../../ports/time-series.ts';
import type { ReserveSpace } from '../../store/lifecycle/free-space.ts';
import { bars, quotes, trades } from '../../store/tables/market.ts';

export interface StoreArrangerOptions {
  readonly store: Pick<TimeSeriesStore, 'unarranged' | 'arrange'>;
  readonly reserve: ReserveSpace;
  /** Market time says which days are over, wall time how long things take. */
  readonly clock: Pick<Clock, 'nowUs' | 'wallMs'>;
  readonly timers: Timers;
  readonly log: (level: 'info' | 'warn', event: string, fields: LogFields) => void;
}

/** What is read a symbol at a time, and over months. */
const TABLES: readonly TableDeclaration[] = [bars, trades, quotes];
/** Fewer are read as fast in any order. */
const ROWS_MIN = 122_880;
/** Half of what a slow core does. At an end only what will be done in time is begun. */
const ROWS_A_MS = 400;
const QUIET_MS = 60_000;
const ROUND_MS = 3_600_000;

/**
 * Puts the finished days of a session's store in order by symbol, as `strata store compact` does:
 * while no row has come for a minute, and at the end of the session with what is left of the time
 * that it has for its store. A part at a time; one that is cut off is left as it was, and is found
 * again.
 */
export class StoreArranger {
  readonly #options: StoreArrangerOptions;
  #round: Promise<void> | undefined;
  #roundMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #isEnding = false;

  constructor(options: StoreArrangerOptions) {
    this.#options = options;
  }

  /**
   * Some times a second, with when rows came last: begins a round where it has been quiet, and none
   * began within the hour. Where it is no longer quiet, the part in work is the last.
   */
  look(rowsMs: number): void {
    const nowMs = this.#options.clock.wallMs();
    if (nowMs - rowsMs < QUIET_MS) this.#isStopped = true;
    else if (!this.#isEnding && this.#round === undefined && nowMs - this.#roundMs >= ROUND_MS) {
      this.#roundMs = nowMs;
      this.#begin(() => true);
    }
  }

  /** At the end. Settles by then, whatever the store does; closing the store cuts that off. */
  async finish(untilMs: number): Promise<void> {
    const { clock, timers } = this.#options;
    this.#isEnding = true;
    this.#isStopped = true;
    const leftMs = untilMs - clock.wallMs();
    if (leftMs <= 0) return;
    let deadline: Timer | undefined;
    const isLate = new Promise<void>((resolve) => {
      deadline = timers.after(leftMs, resolve);
    });
    await Promise.race([this.#lastRound(untilMs), isLate]);
    deadline?.cancel();
    this.#isStopped = true;
  }

  async #lastRound(untilMs: number): Promise<void> {
    const { clock } = this.#options;
    await this.#round;
    if (clock.wallMs() >= untilMs) return;
    this.#begin(({ rows }) => rows <= (untilMs - clock.wallMs()) * ROWS_A_MS);
    await this.#round;
  }

  #begin(isChosen: (part: TablePart) => boolean): void {
    this.#isStopped = false;
    this.#round = this.#arrange(isChosen)
      .catch((error: unknown) => {
        // The store is as it was, and who reads it waits a little longer: no more than a note.
        if (!this.#isStopped)
          this.#options.log('warn', 'storeNotArranged', { error: String(error) });
      })
      .finally(() => {
        this.#round = undefined;
      });
  }

  async #arrange(isChosen: (part: TablePart) => boolean): Promise<void> {
    const { store, reserve, clock, log } = this.#options;
    for (const table of TABLES) {
      for (const part of await store.unarranged(table, clock.nowUs())) {
        if (this.#isStopped) return;
        if (part.rows < ROWS_MIN || !isChosen(part)) continue;
        await reserve(part.bytes);
        const beganMs = clock.wallMs();
        const rows = await store.arrange(table, part.fromUs, part.untilUs);
        log('info', 'storeArranged', { table: table.name, rows, ms: clock.wallMs() - beganMs });
      }
    }
  }
}
