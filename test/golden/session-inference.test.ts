import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { operator } from './golden-operator.ts';
import { decisionsOf, firstDifference } from './golden-decisions.ts';
import { GOLDEN_MORNING_US, runGolden, runKilled } from './golden-session.ts';
import { slowInference } from './slow-inference.ts';

describe('a golden session whose inference takes its time', () => {
  it.each([1, 2, 3])('decides the same, whenever a computation is done: seed %i', async (seed) => {
    const plain = await runGolden();
    const inference = slowInference(new Random(seed), 12);

    const slow = await runGolden({ services: () => [operator(), inference] });

    expect(slow.hash, `seed ${seed}`).toBe(plain.hash);
    expect(inference.computations).toBeGreaterThan(100);
  });

  it('decides the same when it is killed while something is being computed', async () => {
    const plain = await runGolden({ untilUs: GOLDEN_MORNING_US });
    const random = new Random(4);

    const killed = await runKilled((point, nth) => point === 'effectDispatched' && nth % 50 === 0, {
      untilUs: GOLDEN_MORNING_US,
      tuning: { blockBytesMax: 2_048 },
      services: () => [operator(), slowInference(random, 12)],
    });

    expect(killed.lives).toBeGreaterThan(5);
    expect(firstDifference(decisionsOf(plain.disk), decisionsOf(killed.disk))).toBeUndefined();
  });
});
