import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RestartBudget } from '../../../src/actors/services/restart-policy.ts';
import { Random } from '../../../src/core/random.ts';
import { POLICY } from './scene.ts';

const POLICY_LONG = { ...POLICY, restartsMax: 6, backoffMinMs: 100, backoffMaxMs: 1_000 };

describe('RestartBudget', () => {
  it('waits at random up to a ceiling that doubles to its limit', () => {
    const ceilings = [100, 200, 400, 800, 1_000, 1_000];
    const longest = ceilings.map(() => 0);

    for (let seed = 0; seed < 500; seed += 1) {
      const budget = new RestartBudget(POLICY_LONG, new Random(seed));
      for (const [at, ceiling] of ceilings.entries()) {
        const backoffMs = budget.spend(0) ?? Number.NaN;
        expect(backoffMs).toBeGreaterThanOrEqual(0);
        expect(backoffMs).toBeLessThan(ceiling);
        longest[at] = Math.max(longest[at] ?? 0, backoffMs);
      }
    }

    // Full jitter: all of the range is used.
    for (const [at, ceiling] of ceilings.entries()) {
      expect(longest[at]).toBeGreaterThan(ceiling * 0.98);
    }
  });

  it('never allows more restarts than restartsMax within the window', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });

    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 5 }), (gapsMs, restartsMax) => {
        const policy = { ...POLICY, restartsMax };
        const budget = new RestartBudget(policy, new Random(1));
        const crashesMs: number[] = [];
        let nowMs = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          const recent = crashesMs.filter((ms) => ms > nowMs - policy.withinMs).length;
          crashesMs.push(nowMs);
          expect(budget.spend(nowMs) === undefined).toBe(recent >= restartsMax);
        }
      }),
    );
  });

  it('begins anew when a person has looked at it', () => {
    const budget = new RestartBudget({ ...POLICY, restartsMax: 1 }, new Random(1));
    budget.spend(0);
    expect(budget.spend(1)).toBeUndefined();

    budget.forgive();

    expect(budget.spend(2)).toBeDefined();
  });
});
