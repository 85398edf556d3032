import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import type { Samples } from '../../../../src/models/data/samples.ts';
import { leakCanary, type TrainClass } from '../../../../src/models/validation/canary.ts';
import { fitLogistic, predictLinear } from '../../../../src/models/validation/linear-model.ts';
import { overfitProbability } from '../../../../src/models/validation/overfit-probability.ts';

const WIDTH = 4;

/** Features that wander slowly, so that they tell the time; outcomes that overlap twenty others. */
function wandering(seed: number, count: number): Samples {
  const random = new Random(seed);
  const place = new Float64Array(WIDTH);
  const features = new Float64Array(count * WIDTH).map((_, at) => {
    const moved = 0.999 * (place[at % WIDTH] ?? 0) + random.normal();
    place[at % WIDTH] = moved;
    return moved;
  });
  const atUs = Float64Array.from({ length: count }, (_, at) => at * MINUTE);
  const label = atUs.map(() => Number(random.chance(0.5)));
  return {
    count,
    width: WIDTH,
    features,
    symbol: new Int32Array(count),
    symbols: ['A'],
    atUs,
    knownUs: atUs.map((us) => us + 20 * MINUTE),
    label,
    forwardReturn: label.map((value) => value - 0.5),
    weight: new Float64Array(count).fill(1),
  };
}

/** Answers with what came of the nearest that it has seen: it learns everything by heart. */
const byHeart: TrainClass = (learned) => (asked) =>
  new Float64Array(asked.count).map((_, row) => {
    let nearest = Number.POSITIVE_INFINITY;
    let answer = 0.5;
    for (let at = 0; at < learned.count; at += 1) {
      let distance = 0;
      for (let k = 0; k < WIDTH; k += 1) {
        const gap =
          (learned.features[at * WIDTH + k] ?? 0) - (asked.features[row * WIDTH + k] ?? 0);
        distance += gap * gap;
      }
      if (distance >= nearest) continue;
      nearest = distance;
      answer = learned.label[at] ?? 0.5;
    }
    return answer;
  });

const byLine: TrainClass = (learned) => {
  const model = fitLogistic(learned);
  return (asked) => predictLinear(model, asked);
};

describe('the leak canary', () => {
  const samples = wandering(5, 700);
  const options = { folds: 35, repetitions: 3 };

  it.each([1, 2, 3])('finds nothing under a purge, and a leak without (%i)', (seed) => {
    const canary = leakCanary(byHeart, samples, { ...options, seed });

    expect(canary).toMatchObject({ isClean: true, isAlive: true });
    expect(canary.unpurged).toBeGreaterThan(0.55);
    expect(Math.abs(canary.shuffled - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(canary.overlapping - 0.5)).toBeLessThan(0.05);
  });

  it('says that a line would not have shown it', () => {
    const canary = leakCanary(byLine, samples, { folds: 10, repetitions: 12, seed: 1 });

    expect(canary).toMatchObject({ isClean: true, isAlive: false });
  });

  it('finds a learner that has seen the answers', () => {
    // What tells the row, and with it the answer, kept from one training to the next.
    const seen = new Map<number, number>();
    const cheat: TrainClass = (learned) => {
      learned.label.forEach((label, at) => seen.set(learned.features[at * WIDTH] ?? 0, label));
      return (asked) =>
        new Float64Array(asked.count).map(
          (_, row) => seen.get(asked.features[row * WIDTH] ?? 0) ?? 0.5,
        );
    };

    expect(leakCanary(cheat, samples, { folds: 10, repetitions: 1, seed: 1 }).isClean).toBe(false);
  });
});

describe('the probability of overfitting', () => {
  it('is nought of one that is best in every half, whose logit is that of the first of all', () => {
    const values = Float64Array.from({ length: 16 * 3 }, (_, at) => (at % 3) + ((at * 7) % 5) / 9);
    const found = overfitProbability({ values, periods: 16, trials: 3 }, 4);

    expect(found).toMatchObject({ probability: 0, splits: 6 });
    found.logits.forEach((logit) => expect(logit).toBeCloseTo(Math.log(3), 12));
  });

  it('is about one half of noise, over many tables', () => {
    const found = Array.from({ length: 60 }, (_, seed) => {
      const random = new Random(seed);
      const values = new Float64Array(64 * 10).map(() => random.normal());
      return overfitProbability({ values, periods: 64, trials: 10 }, 8).probability;
    });
    const middle = found.reduce((sum, value) => sum + value, 0) / found.length;

    expect(Math.abs(middle - 0.5)).toBeLessThan(0.1);
  });
});
