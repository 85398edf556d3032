import { log } from '../../core/math.ts';
import type { Random } from '../../core/random.ts';
import { SECOND } from '../../core/time.ts';
import { AliasTable } from './alias-table.ts';

/** When something happens next, and to whom: one Poisson stream over all symbols. */
export class Arrivals {
  /** Infinity until the first `draw`. */
  nextUs = Number.POSITIVE_INFINITY;
  readonly #random: Random;
  readonly #perSecond: number;
  readonly #liquidity: Float64Array;
  readonly #weights: AliasTable;

  /** `perSecond` is of one symbol with liquidity 1, activity 1 and hour rate 1. */
  constructor(random: Random, perSecond: number, liquidity: Float64Array) {
    this.#random = random;
    this.#perSecond = perSecond;
    this.#liquidity = liquidity;
    this.#weights = new AliasTable(liquidity.length);
  }

  weigh(activity: Float64Array): void {
    for (let at = 0; at < activity.length; at += 1) {
      this.#weights.setWeight(at, (this.#liquidity[at] ?? 0) * (activity[at] ?? 0));
    }
    this.#weights.build();
  }

  /** Arrivals have no memory, so the next one may be drawn anew whenever a rate changes. */
  draw(us: number, hourRate: number): void {
    const rate = this.#weights.total * this.#perSecond * hourRate;
    this.nextUs = us - (log(1 - this.#random.unit()) / rate) * SECOND;
  }

  pick(): number {
    return this.#weights.draw(this.#random);
  }
}
