import { doubled } from '../../core/doubling.ts';
import type { Random } from '../../core/random.ts';
import type { ServicePolicy } from '../../ports/service.ts';

/** Crashes of one service within its window: they say whether it is made anew, and how soon. */
export class RestartBudget {
  readonly #policy: ServicePolicy;
  readonly #random: Random;
  #crashesMs: readonly number[] = [];

  constructor(policy: ServicePolicy, random: Random) {
    this.#policy = policy;
    this.#random = random;
  }

  /** Milliseconds until the next try; undefined when there is none. */
  spend(nowMs: number): number | undefined {
    const { restartsMax, withinMs, backoffMinMs, backoffMaxMs } = this.#policy;
    const recent = this.#crashesMs.filter((ms) => ms > nowMs - withinMs);
    // More than these could not change an answer.
    this.#crashesMs = [...recent, nowMs].slice(-restartsMax - 1);
    if (recent.length >= restartsMax) return undefined;
    // Full jitter: many that died of one cause do not come back as one.
    return this.#random.unit() * doubled(backoffMinMs, recent.length, backoffMaxMs);
  }

  /** A person looked at it. */
  forgive(): void {
    this.#crashesMs = [];
  }
}
