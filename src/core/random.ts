/**
 * Seeded random numbers for markets, simulations and tests: sfc32 (Chris Doty-Humphrey,
 * PractRand), 128 bits of state, integer operators only, so the same seed gives the same stream on
 * every machine. Never for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 4_294_967_296) | 0;
    this.#c = stream | 0;
    for (let at = 0; at < 15; at += 1) this.u32();
  }

  /** A whole number in 0 .. 2^32 - 1. */
  u32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** In [0, 1), with 32 bits. */
  unit(): number {
    return this.u32() / 4_294_967_296;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /**
   * Standard normal, by the sum of twelve uniforms (Irwin-Hall): tails end at six deviations,
   * which a market model adds by jumps of its own. Needs no function outside `+ - * /`.
   */
  normal(): number {
    let sum = -6;
    for (let at = 0; at < 12; at += 1) sum += this.unit();
    return sum;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** An independent stream: drawing from it never shifts this one. */
  fork(stream: number): Random {
    return new Random(this.u32() + this.u32() * 4_294_967_296, stream);
  }
}
