import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';

describe('Random', () => {
  it('gives the stream of sfc32 for a seed', () => {
    const random = new Random(42);

    // From a second implementation, in Python, of sfc32 with state (42, 0, 0, 1) and 15 warm-ups.
    expect(Array.from({ length: 5 }, () => random.u32())).toEqual(SFC32_OF_42);
  });

  it('reads all 53 bits of a seed and the stream number', () => {
    const random = new Random(5 + 3 * 2 ** 32, 7);

    expect(Array.from({ length: 3 }, () => random.u32())).toEqual(SFC32_OF_5_3_7);
  });

  it('keeps every answer in its range', () => {
    const random = new Random(1);
    for (let count = 0; count < 100_000; count += 1) {
      const [unit, below, normal] = [random.unit(), random.below(7), random.normal()];
      if (!(unit >= 0 && unit < 1)) expect.fail(`unit ${unit}`);
      if (!(Number.isInteger(below) && below >= 0 && below < 7)) expect.fail(`below ${below}`);
      if (!(Math.abs(normal) <= 6)) expect.fail(`normal ${normal}`);
    }
  });

  it('spreads evenly', () => {
    const random = new Random(2);
    const counts = new Float64Array(16);
    for (let count = 0; count < 160_000; count += 1) {
      const at = random.below(16);
      counts[at] = (counts[at] ?? 0) + 1;
    }

    // Chi-squared with 15 degrees of freedom: above 37.7 once in a thousand seeds.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(37.7);
  });

  it('draws normals with mean 0 and variance 1', () => {
    const random = new Random(3);
    let [sum, squares] = [0, 0];
    for (let count = 0; count < 100_000; count += 1) {
      const value = random.normal();
      sum += value;
      squares += value * value;
    }

    expect(Math.abs(sum / 100_000)).toBeLessThan(0.015);
    expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.02);
  });

  it('answers chance and pick by the same stream', () => {
    const random = new Random(4);
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length;

    expect(hits).toBeGreaterThan(2_300);
    expect(hits).toBeLessThan(2_700);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b'])))).toEqual(
      new Set(['a', 'b']),
    );
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });

  it('forks streams that do not touch each other', () => {
    const [left, right] = [new Random(9), new Random(9)];
    const [leftFork, rightFork] = [left.fork(1), right.fork(1)];
    for (let count = 0; count < 10; count += 1) leftFork.u32();

    expect(left.u32()).toBe(right.u32());
    expect(leftFork.u32()).not.toBe(rightFork.u32());
    expect(new Random(9).fork(1).u32()).not.toBe(new Random(9).fork(2).u32());
  });
});

const SFC32_OF_42 = [3_011_021_589, 3_960_382_089, 1_547_270_628, 4_040_468_816, 1_355_524_940];
const SFC32_OF_5_3_7 = [1_947_382_480, 1_844_591_960, 1_943_260_414];
