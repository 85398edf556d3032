import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAcceleratedClock,
  createSystemTime,
  createTimers,
  type RawClocks,
  type SkewNews,
} from '../../../src/actors/services/system-time.ts';

const START_EPOCH_MS = 1_700_000_000_000;
const START_US = START_EPOCH_MS * 1_000;

describe('the market clock', () => {
  it('counts elapsed time from the epoch it began at', () => {
    const raw = new Clocks();
    const { clock } = createSystemTime({ rawClocks: raw });

    raw.pass(1_234.5);

    expect(clock.nowUs()).toBe(START_US + 1_234_500);
    expect(clock.wallMs()).toBe(raw.monotonicMs());
    expect(clock.speed).toBe(1);
  });

  it.each([2_000, -2_000])('D11 takes an NTP step of %i ms in, gently and within minutes', (ms) => {
    const raw = new Clocks();
    const news: SkewNews[] = [];
    const { clock } = createSystemTime({ rawClocks: raw, onSkew: (one) => news.push(one) });
    raw.step(ms);

    const rates: number[] = [];
    for (let second = 0; second < 300; second += 1) {
      const beforeUs = clock.nowUs();
      for (let at = 0; at < 10; at += 1) {
        raw.pass(100);
        clock.nowUs();
      }
      rates.push((clock.nowUs() - beforeUs) / 1_000_000);
    }

    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.9899);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1.0101);
    expect(Math.abs(clock.nowUs() - raw.epochMs() * 1_000)).toBeLessThanOrEqual(3_000);
    expect(news.map(({ state }) => state)).toEqual(['began', 'ended']);
    expect(news[0]?.skewMs).toBeCloseTo(ms, 0);
  });

  it('D11 alerts above 500 ms of skew, once, and not below', () => {
    const raw = new Clocks();
    const news: SkewNews[] = [];
    const { clock } = createSystemTime({ rawClocks: raw, onSkew: (one) => news.push(one) });

    raw.step(499);
    raw.pass(1_000);
    clock.nowUs();
    expect(news).toEqual([]);
    raw.step(100);
    for (let at = 0; at < 5; at += 1) {
      raw.pass(300);
      clock.nowUs();
    }
    expect(news.map(({ state }) => state)).toEqual(['began']);
  });

  it('D11 goes at once to where the wall is after the machine slept', () => {
    const raw = new Clocks();
    const news: SkewNews[] = [];
    const { clock } = createSystemTime({ rawClocks: raw, onSkew: (one) => news.push(one) });

    raw.step(3_600_000); // The monotonic clock of a machine that sleeps stands still.
    raw.pass(300);

    expect(clock.nowUs()).toBe(raw.epochMs() * 1_000);
    expect(news).toMatchObject([{ state: 'stepped' }]);
  });

  it('D11 never goes back, whatever is done to the clock on the wall', () => {
    const doings = fc.array(
      fc.record({
        passMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
        stepMs: fc.oneof(fc.constant(0), fc.integer({ min: -7_200_000, max: 7_200_000 })),
      }),
      { maxLength: 200 },
    );

    fc.assert(
      fc.property(doings, (steps) => {
        const raw = new Clocks();
        const { clock } = createSystemTime({ rawClocks: raw });
        let lastUs = clock.nowUs();
        for (const { passMs, stepMs } of steps) {
          raw.step(stepMs);
          raw.pass(passMs);
          const nowUs = clock.nowUs();
          expect(nowUs - lastUs).toBeGreaterThanOrEqual(0);
          expect(Number.isSafeInteger(nowUs)).toBe(true);
          lastUs = nowUs;
        }
      }),
    );
  });
});

describe('the clock of an accelerated market', () => {
  it('maps our time to the market at its speed, from where the two met', () => {
    const raw = new Clocks();
    const clock = createAcceleratedClock({
      marketUs: 5_000_000,
      atWallEpochMs: START_EPOCH_MS - 1_000,
      speed: 60,
      rawClocks: raw,
    });

    expect(clock.nowUs()).toBe(5_000_000 + 60 * 1_000_000);
    raw.pass(500);
    expect(clock.nowUs()).toBe(5_000_000 + 90 * 1_000_000);
    expect(clock.speed).toBe(60);
  });

  it('is the same in two processes that began at different times', () => {
    const raw = new Clocks();
    const mapping = { marketUs: 0, atWallEpochMs: START_EPOCH_MS, speed: 30, rawClocks: raw };
    const first = createAcceleratedClock(mapping);
    raw.pass(7_777);
    const second = createAcceleratedClock(mapping);
    raw.pass(1_111);

    expect(second.nowUs()).toBe(first.nowUs());
  });
});

describe('timers of the system', () => {
  it('run once, later, in their order, and not when cancelled', async () => {
    const timers = createTimers();
    const ran: string[] = [];
    const last = new Promise<void>((resolve) => {
      timers.after(6, () => {
        ran.push('second');
        resolve();
      });
    });
    timers.after(1, () => ran.push('first'));
    timers.after(2, () => ran.push('cancelled')).cancel();
    expect(ran).toEqual([]);

    await last;

    expect(ran).toEqual(['first', 'second']);
  });

  it('do not run at once what lies further away than Node can count', async () => {
    let hasRun = false;
    const timer = createTimers().after(2 ** 32, () => {
      hasRun = true;
    });

    await new Promise((resolve) => createTimers().after(5, () => resolve(undefined)));

    expect(hasRun).toBe(false);
    timer.cancel();
  });
});

class Clocks implements RawClocks {
  #monotonicMs = 5_000;
  #epochMs = START_EPOCH_MS;

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  epochMs(): number {
    return Math.floor(this.#epochMs);
  }

  pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#epochMs += ms;
  }

  /** Somebody sets the clock. */
  step(ms: number): void {
    this.#epochMs += ms;
  }
}
