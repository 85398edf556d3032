import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { SECOND } from '../../../../src/core/time.ts';
import { AliasTable } from '../../../../src/venue/market/alias-table.ts';
import { Arrivals } from '../../../../src/venue/market/arrivals.ts';

const SEED = 11;

describe('AliasTable', () => {
  it('draws places in proportion to their weights, and never one without weight', () => {
    const weights = [1, 0, 5, 0.5, 30, 2];
    const table = new AliasTable(weights.length);
    for (const [at, weight] of weights.entries()) table.setWeight(at, weight);
    table.build();
    const random = new Random(SEED);
    const seen = new Float64Array(weights.length);
    const draws = 200_000;
    for (let count = 0; count < draws; count += 1) {
      const at = table.draw(random);
      seen[at] = (seen[at] ?? 0) + 1;
    }

    expect(table.total).toBe(38.5);
    expect(seen[1]).toBe(0);
    for (const [at, weight] of weights.entries()) {
      expect((seen[at] ?? 0) / draws, `seed ${SEED}`).toBeCloseTo(weight / 38.5, 2);
    }
  });
});

describe('Arrivals', () => {
  it('come as often as liquidity, activity and the hour say', () => {
    const arrivals = new Arrivals(new Random(SEED), 2, Float64Array.of(1, 3));
    arrivals.weigh(Float64Array.of(2, 1));
    const count = 50_000;
    let us = 0;
    for (let at = 0; at < count; at += 1) {
      arrivals.draw(us, 0.5);
      us = arrivals.nextUs;
    }

    // Two a second of each unit; five units; half of it at this hour.
    expect(count / (us / SECOND), `seed ${SEED}`).toBeCloseTo(5, 1);
  });
});
