import { exp, log } from '../../../core/math.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';

/**
 * Hamilton's filter (1989), one return at a time: probabilities of the hidden states given the
 * returns up to now and none after, in `state[at .. at + states)`; NaN before the first return.
 */
export class RegimeFilter {
  readonly states: number;
  readonly #hmm: GaussianHmm;
  readonly #heights: Float64Array;
  readonly #ahead: Float64Array;

  constructor(hmm: GaussianHmm) {
    this.states = hmm.states;
    this.#hmm = hmm;
    this.#heights = hmm.variances.map((variance) => -0.5 * log(2 * Math.PI * variance));
    this.#ahead = new Float64Array(hmm.states);
  }

  reset(state: Float64Array, at: number): void {
    state.fill(NaN, at, at + this.states);
  }

  /** A return in per cent. */
  update(state: Float64Array, at: number, percent: number): void {
    const { states, initial, transition, means, variances } = this.#hmm;
    const ahead = this.#ahead;
    const isFirst = !((state[at] ?? NaN) >= 0);
    let most = Number.NEGATIVE_INFINITY;
    for (let to = 0; to < states; to += 1) {
      let expected = isFirst ? (initial[to] ?? NaN) : 0;
      for (let from = 0; from < states; from += 1) {
        if (!isFirst)
          expected += (state[at + from] ?? NaN) * (transition[from * states + to] ?? NaN);
      }
      ahead[to] = expected;
      most = Math.max(most, this.#logDensity(to, percent, means, variances));
    }
    // Relative to the likeliest, so that no return is too unlikely for all of them.
    let sum = 0;
    for (let to = 0; to < states; to += 1) {
      const density = exp(this.#logDensity(to, percent, means, variances) - most);
      const share = (ahead[to] ?? NaN) * density;
      state[at + to] = share;
      sum += share;
    }
    for (let to = 0; to < states; to += 1) {
      // Where nothing that can be reached can have made it, it says nothing.
      state[at + to] = sum > 0 ? (state[at + to] ?? NaN) / sum : (ahead[to] ?? NaN);
    }
  }

  #logDensity(of: number, percent: number, means: Float64Array, variances: Float64Array): number {
    const distance = percent - (means[of] ?? NaN);
    return (this.#heights[of] ?? NaN) - (0.5 * distance * distance) / (variances[of] ?? NaN);
  }
}
