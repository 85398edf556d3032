import { existsSync } from 'node:fs';
import type { Timer, Timers } from '../../ports/clock.ts';

/** Half of what a kill switch may take: the halt itself needs the rest. */
const LOOK_MS = 40;

/**
 * A kill switch that needs no engine's help: a file of a known name, whoever puts it there. It is
 * looked for rather than watched, because not every file system tells of changes.
 */
export class HaltFile {
  readonly #path: string;
  readonly #timers: Timers;
  readonly #found: () => boolean;
  readonly #isHalted: () => boolean;
  #timer: Timer | undefined;
  #wasThere = false;

  /**
   * `found` answers whether it was heard; if not it is told again. So it is where somebody resumed
   * while the file is still there: it says what it says until it is removed.
   */
  constructor(path: string, timers: Timers, found: () => boolean, isHalted: () => boolean) {
    this.#path = path;
    this.#timers = timers;
    this.#found = found;
    this.#isHalted = isHalted;
  }

  /** Tells at once where it is there already: an engine must not trade past it. */
  start(): void {
    const isThere = existsSync(this.#path);
    this.#wasThere = isThere && ((this.#wasThere && this.#isHalted()) || this.#found());
    this.#timer = this.#timers.after(LOOK_MS, () => this.start());
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
