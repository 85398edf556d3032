import { Random } from '../../src/core/random.ts';
import { DAY, MINUTE } from '../../src/core/time.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';

/** Any time of day would do. */
const OPENS_US = 870 * MINUTE;

/** Bars of a market in whole cents with quiet spells and jumps; every bar trades. */
export class BarSource {
  readonly #random: Random;
  readonly #sessionBars: number;
  #cents = 10_000;
  #count = 0;

  constructor(seed: number, sessionBars = 390) {
    this.#random = new Random(seed);
    this.#sessionBars = sessionBars;
  }

  /** Writes the next bar into `bar`, which is also the answer. */
  next(bar: Float64Array = new Float64Array(BAR_WIDTH)): Float64Array {
    const random = this.#random;
    const open = this.#cents;
    const isJump = random.chance(0.002);
    const reach = isJump ? Math.floor(open / 4) : 60;
    const move = random.chance(0.2) ? 0 : random.below(2 * reach + 1) - reach;
    // Pulled back towards $100, so that ten million bars stay a market.
    const pull = Math.trunc((10_000 - open) / 500);
    const close = Math.max(1, open + move + pull);
    const high = Math.max(open, close) + random.below(30);
    const low = Math.max(1, Math.min(open, close) - random.below(30));
    this.#cents = close;
    bar[0] = open / 100;
    bar[1] = high / 100;
    bar[2] = low / 100;
    bar[3] = close / 100;
    bar[4] = 1 + random.below(1_000_000);
    const session = 20_000 + Math.floor(this.#count / this.#sessionBars);
    const sinceOpenUs = (this.#count % this.#sessionBars) * MINUTE;
    bar[5] = session;
    bar[6] = session * DAY + OPENS_US + sinceOpenUs;
    bar[7] = sinceOpenUs;
    this.#count += 1;
    return bar;
  }

  take(count: number): Float64Array[] {
    return Array.from({ length: count }, () => this.next());
  }
}
