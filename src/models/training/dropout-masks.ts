import { assert } from '../../core/assert.ts';

/** An input of a training graph that drops values: each is zero, or as much more as others are. */
export interface Dropout {
  /** The graph's input. */
  readonly name: string;
  /** The share that is dropped, in [0, 1). Kept in steps of 1/256. */
  readonly rate: number;
}

/**
 * Fills masks. The numbers depend on the seed and the step alone, so a run that goes on from a
 * checkpoint drops what the run without a break would have dropped.
 *
 * A byte a value is chance enough for a mask, and one 32-bit number makes four of them: masks are
 * millions of values a step. The generator is sfc32, as in `core/random.ts`, kept in locals.
 */
export class DropoutMasks {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  fill(rate: number, step: number, place: number, mask: Float32Array): void {
    const values = valuesOf(rate);
    let a = this.#seed | 0;
    let b = Math.imul(step + 1, 0x9e3779b1) | 0;
    let c = Math.imul(place + 1, 0x85ebca6b) | 0;
    let counter = 1;
    // The first rounds only mix the seed.
    for (let at = -WARM_UP * 4; at < mask.length; at += 4) {
      const word = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      if (at < 0) continue;
      // Writes past the end of a typed array do nothing.
      mask[at] = values[word & 255] ?? 0;
      mask[at + 1] = values[(word >>> 8) & 255] ?? 0;
      mask[at + 2] = values[(word >>> 16) & 255] ?? 0;
      mask[at + 3] = values[word >>> 24] ?? 0;
    }
  }
}

const WARM_UP = 15;

/** What each byte means: the mean of a mask is one, so serving needs no mask. */
function valuesOf(rate: number): Float32Array {
  assert(rate >= 0 && rate < 1, 'a dropout rate is in [0, 1)');
  const dropped = Math.min(Math.round(rate * 256), 255);
  return Float32Array.from({ length: 256 }, (_, byte) =>
    byte < dropped ? 0 : 256 / (256 - dropped),
  );
}
