import type { Random } from '../../core/random.ts';

/** Draws places in proportion to their weights in constant time (Walker 1977, Vose 1991). */
export class AliasTable {
  total = 0;
  readonly #weights: Float64Array;
  readonly #chance: Float64Array;
  readonly #alias: Int32Array;
  readonly #small: Int32Array;
  readonly #large: Int32Array;

  constructor(size: number) {
    this.#weights = new Float64Array(size);
    this.#chance = new Float64Array(size);
    this.#alias = new Int32Array(size);
    this.#small = new Int32Array(size);
    this.#large = new Int32Array(size);
  }

  setWeight(at: number, weight: number): void {
    this.#weights[at] = weight;
  }

  /** After weights changed. Linear in the size, no allocation. */
  build(): void {
    const size = this.#weights.length;
    this.total = 0;
    for (let at = 0; at < size; at += 1) this.total += this.#weights[at] ?? 0;
    let small = 0;
    let large = 0;
    for (let at = 0; at < size; at += 1) {
      const scaled = ((this.#weights[at] ?? 0) * size) / this.total;
      this.#chance[at] = scaled;
      this.#alias[at] = at;
      if (scaled < 1) this.#small[small++] = at;
      else this.#large[large++] = at;
    }
    while (small > 0 && large > 0) {
      const less = this.#small[--small] ?? 0;
      const more = this.#large[large - 1] ?? 0;
      this.#alias[less] = more;
      const rest = (this.#chance[more] ?? 0) + (this.#chance[less] ?? 0) - 1;
      this.#chance[more] = rest;
      if (rest >= 1) continue;
      large -= 1;
      this.#small[small++] = more;
    }
    // What is left is 1 but for rounding.
    while (large > 0) this.#chance[this.#large[--large] ?? 0] = 1;
    while (small > 0) this.#chance[this.#small[--small] ?? 0] = 1;
  }

  draw(random: Random): number {
    const at = random.below(this.#weights.length);
    return random.unit() < (this.#chance[at] ?? 1) ? at : (this.#alias[at] ?? at);
  }
}
