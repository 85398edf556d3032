import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/compose/pace.ts';
import { MS, SECOND } from '../../../src/core/time.ts';

describe('Pace', () => {
  it('keeps to the clock where the machine keeps up, and looks twenty times a second', () => {
    const pace = new Pace(60, 1_000 * SECOND);
    let wallMs = 0;
    let looks = 0;
    while (wallMs < 10_000) {
      wallMs += 1; // What a slice takes.
      const waitMs = pace.next(wallMs, 1, pace.untilUs, true);
      if (waitMs > 0) looks += 1;
      wallMs += waitMs;
    }

    expect(pace.untilUs / SECOND).toBeGreaterThan(1_000 + 60 * 9.9);
    expect(pace.untilUs / SECOND).toBeLessThan(1_000 + 60 * 10.1);
    expect(looks).toBeGreaterThan(150);
    expect(looks).toBeLessThanOrEqual(200);
  });

  it('gives the process a turn after a short slice, however much the market asks for', () => {
    // A machine that does 200 market seconds in one of ours, asked for 5,000 and for all it can.
    for (const speed of [5_000, 0]) {
      const pace = new Pace(speed, 0);
      let wallMs = 0;
      let reachedUs = 0;
      const slices: number[] = [];
      for (let slice = 0; slice < 500; slice += 1) {
        const tookMs = (pace.untilUs - reachedUs) / MS / 200;
        slices.push(tookMs);
        reachedUs = pace.untilUs;
        wallMs += tookMs;
        wallMs += pace.next(wallMs, tookMs, reachedUs, true);
      }

      expect(Math.max(...slices.slice(10))).toBeLessThanOrEqual(50);
      expect(reachedUs / MS / wallMs).toBeGreaterThan(180); // And wastes none of it.
    }
  });

  it('does not wait for a market that is closed, and paces from the open', () => {
    const pace = new Pace(60, 0);
    for (let slice = 0; slice < 100; slice += 1) {
      expect(pace.next(slice, 0, pace.untilUs, false)).toBe(0);
    }
    const openUs = pace.untilUs;
    let wallMs = 100;
    while (wallMs < 1_100) wallMs += 1 + pace.next(wallMs, 1, pace.untilUs, true);

    expect(openUs).toBeGreaterThan(600 * SECOND);
    expect((pace.untilUs - openUs) / SECOND).toBeGreaterThan(58);
    expect((pace.untilUs - openUs) / SECOND).toBeLessThan(66);
  });

  it('never goes back, and never past its largest slice, whatever the clock does', () => {
    const steps = fc.array(
      fc.record({ wall: fc.nat(10_000), took: fc.nat(10_000), isPaced: fc.boolean() }),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 0.5, 1, 60, 100_000), (all, speed) => {
        const pace = new Pace(speed, 0);
        let wallMs = 0;
        for (const { wall, took, isPaced } of all) {
          wallMs += wall;
          const before = pace.untilUs;
          pace.next(wallMs, took, before, isPaced);
          expect(pace.untilUs).toBeGreaterThanOrEqual(before);
          expect(pace.untilUs - before).toBeLessThanOrEqual(60 * SECOND);
        }
      }),
    );
  });
});
