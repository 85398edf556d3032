import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarketTimers } from '../../../../src/venue/clock/market-timers.ts';
import { VenueClock } from '../../../../src/venue/clock/venue-clock.ts';
import { ManualTime } from '../../../manual-time.ts';

const START_US = 1_717_421_400_000_000;

function rig(speed = 1) {
  const time = new ManualTime();
  const clock = new VenueClock({
    startUs: START_US,
    speed,
    wallMs: () => time.wallMs(),
    epochMs: () => 5_000 + time.wallMs(),
  });
  return { time, clock, timers: new MarketTimers(clock, time) };
}

describe('VenueClock', () => {
  it('is the start and the wall time since, by its speed', () => {
    const { clock, time } = rig(60);
    time.advance(500);

    expect(clock.nowUs() - START_US).toBe(30_000_000);
    expect(clock.mapping).toEqual({ wallMs: 5_500, marketUs: START_US + 30_000_000, speed: 60 });
  });

  it('stands still while it is paused and goes on from there', () => {
    const { clock, time } = rig();
    time.advance(100);
    clock.pause();
    time.advance(1_000);
    expect(clock.nowUs() - START_US).toBe(100_000);
    expect(clock.wallMsUntil(START_US + 200_000)).toBe(Number.POSITIVE_INFINITY);
    clock.resume();
    time.advance(50);

    expect(clock.nowUs() - START_US).toBe(150_000);
  });

  it('D11 jumps forward by a step, and waits where it is stepped back', () => {
    const { clock, time } = rig();
    clock.step(2_000_000);
    expect(clock.nowUs() - START_US).toBe(2_000_000);
    clock.step(-2_000_000);
    time.advance(1_999);
    expect(clock.nowUs() - START_US).toBe(2_000_000);
    time.advance(2);

    expect(clock.nowUs() - START_US).toBe(2_001_000);
  });

  it('never goes back, whatever is done to it', () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('pass'), value: fc.integer({ min: 0, max: 5_000 }) }),
      fc.record({ kind: fc.constant('step'), value: fc.integer({ min: -5e6, max: 5e6 }) }),
      fc.record({ kind: fc.constant('speed'), value: fc.integer({ min: 1, max: 1_000 }) }),
      fc.record({ kind: fc.constantFrom('pause', 'resume'), value: fc.constant(0) }),
    );

    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { clock, time } = rig();
        let latestUs = clock.nowUs();
        for (const { kind, value } of acts) {
          if (kind === 'pass') time.advance(value);
          else if (kind === 'step') clock.step(value);
          else if (kind === 'speed') clock.setSpeed(value);
          else if (kind === 'pause') clock.pause();
          else clock.resume();
          expect(clock.nowUs()).toBeGreaterThanOrEqual(latestUs);
          latestUs = clock.nowUs();
        }
      }),
    );
  });

  it('tells a wrong time and lives by the right one', () => {
    const { clock } = rig();
    clock.skewUs = -5_000_000;

    expect([clock.toldUs() - START_US, clock.nowUs() - START_US]).toEqual([-5_000_000, 0]);
  });
});

describe('MarketTimers', () => {
  it('run by market time: in acceleration sooner, after a step at once, in a pause never', () => {
    const { clock, time, timers } = rig(10);
    const ran: string[] = [];
    timers.after(10_000_000, () => ran.push('first'));
    timers.after(60_000_000, () => ran.push('second'));
    timers.after(90_000_000, () => ran.push('third'));
    timers.after(95_000_000, () => ran.push('cancelled')).cancel();
    time.advance(999);
    expect(ran).toEqual([]);
    time.advance(1);
    expect(ran).toEqual(['first']);
    clock.step(50_000_000);
    time.advance(0);
    expect(ran).toEqual(['first', 'second']);
    clock.pause();
    time.advance(1_000_000);
    expect(ran).toEqual(['first', 'second']);
    clock.resume();
    time.advance(3_000);

    expect(ran).toEqual(['first', 'second', 'third']);
  });
});
