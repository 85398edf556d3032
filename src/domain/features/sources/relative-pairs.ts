import { lastTime, newestTime, returnsOf, TIMES } from './relative-times.ts';

/** What `PairSums.gather` has taken so far. */
const COUNT = 0;
const ANCHOR_X = 1;
const ANCHOR_Y = 2;
const SUM_X = 3;
const SUM_Y = 4;
const SQUARES_X = 5;
const SQUARES_Y = 6;
const PRODUCTS = 7;
const WIDTH = 8;

/** Below it, squared, returns are what rounding has left of logarithms: nothing moved. */
const STILL_BELOW = 1e-26;

/**
 * Moments of the returns of two symbols over the last bar times of the market. A return goes from
 * one bar time to the next of the same session; a pair is there where both symbols have one, so a
 * minute in which one of them did not trade costs two pairs and invents none.
 *
 * Summed anew for each reading: nothing can add up over time, and nobody has to wait for anybody.
 * Distances from a pair of the window itself keep the digits, whatever the returns are.
 */
export class PairSums {
  readonly #sums = new Float64Array(WIDTH);
  #next = -1;
  #row = 0;
  #fund = 0;

  begin(state: Float64Array, row: number, fund: number): void {
    this.#sums.fill(0);
    this.#row = row;
    this.#fund = fund;
    this.#next = Math.min(lastTime(state, row), lastTime(state, fund));
  }

  /** Takes what is left of the last `bars` bar times: call with the shorter window first. */
  gather(state: Float64Array, at: number, bars: number): void {
    const until = Math.max(-1, newestTime(state, at) - bars);
    if (!(this.#next > until)) return;
    const xs = returnsOf(this.#row);
    const ys = returnsOf(this.#fund);
    const sums = this.#sums;
    if (sums[COUNT] === 0) this.#anchor(state, xs, ys, until);
    const anchorX = sums[ANCHOR_X] ?? NaN;
    const anchorY = sums[ANCHOR_Y] ?? NaN;
    let count = sums[COUNT] ?? NaN;
    let sumX = sums[SUM_X] ?? NaN;
    let sumY = sums[SUM_Y] ?? NaN;
    let squaresX = sums[SQUARES_X] ?? NaN;
    let squaresY = sums[SQUARES_Y] ?? NaN;
    let products = sums[PRODUCTS] ?? NaN;
    let place = this.#next % TIMES;
    for (let left = this.#next - until; left > 0; left -= 1) {
      const x = (state[xs + place] ?? NaN) - anchorX;
      const y = (state[ys + place] ?? NaN) - anchorY;
      const product = x * y;
      place = place === 0 ? TIMES - 1 : place - 1;
      if (product !== product) continue;
      count += 1;
      sumX += x;
      sumY += y;
      squaresX += x * x;
      squaresY += y * y;
      products += product;
    }
    sums[COUNT] = count;
    sums[SUM_X] = sumX;
    sums[SUM_Y] = sumY;
    sums[SQUARES_X] = squaresX;
    sums[SQUARES_Y] = squaresY;
    sums[PRODUCTS] = products;
    this.#next = until;
  }

  /** The newest pair that there is: sums are of distances from it. */
  #anchor(state: Float64Array, xs: number, ys: number, until: number): void {
    for (let time = this.#next; time > until; time -= 1) {
      const x = state[xs + (time % TIMES)] ?? NaN;
      const y = state[ys + (time % TIMES)] ?? NaN;
      if (x + y !== x + y) continue;
      this.#sums[ANCHOR_X] = x;
      this.#sums[ANCHOR_Y] = y;
      return;
    }
  }

  /** How much the first moves for a move of the second; NaN with fewer pairs than given. */
  beta(pairsLeast: number): number {
    const count = this.#sums[COUNT] ?? NaN;
    const spread = this.#spread(SQUARES_Y, SUM_Y, SUM_Y);
    if (!(count >= pairsLeast && spread > count * STILL_BELOW)) return NaN;
    return this.#spread(PRODUCTS, SUM_X, SUM_Y) / spread;
  }

  correlation(pairsLeast: number): number {
    const count = this.#sums[COUNT] ?? NaN;
    const spreadX = this.#spread(SQUARES_X, SUM_X, SUM_X);
    const spreadY = this.#spread(SQUARES_Y, SUM_Y, SUM_Y);
    if (!(count >= pairsLeast && Math.min(spreadX, spreadY) > count * STILL_BELOW)) return NaN;
    const products = this.#spread(PRODUCTS, SUM_X, SUM_Y);
    // Rounding may pass 1 by a digit of the last place.
    return Math.max(-1, Math.min(1, products / (Math.sqrt(spreadX) * Math.sqrt(spreadY))));
  }

  #spread(products: number, one: number, other: number): number {
    const sums = this.#sums;
    const taken = ((sums[one] ?? NaN) * (sums[other] ?? NaN)) / (sums[COUNT] ?? NaN);
    return (sums[products] ?? NaN) - taken;
  }
}
