/** The generator of the golden series: the same numbers in every language. */
export class PortableNoise {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Above 0 and below 1. */
  unit(): number {
    this.#state = (Math.imul(1_664_525, this.#state) + 1_013_904_223) >>> 0;
    return (this.#state + 0.5) / 2 ** 32;
  }

  /** Nearly normal: twelve of them, added up. */
  normal(): number {
    let sum = 0;
    for (let count = 0; count < 12; count += 1) sum += this.unit();
    return sum - 6;
  }

  normals(count: number): Float64Array {
    return Float64Array.from({ length: count }, () => this.normal());
  }
}

export function noise(seed: number, count: number): Float64Array {
  return new PortableNoise(seed).normals(count);
}

export function walk(seed: number, count: number): Float64Array {
  return autoregressive(seed, count, 1);
}

export function autoregressive(seed: number, count: number, keep: number): Float64Array {
  let value = 0;
  return noise(seed, count).map((step) => (value = keep * value + step));
}
