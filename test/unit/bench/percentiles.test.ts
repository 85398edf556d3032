import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileOf, Samples, samplesMin, Schedule } from '../../../bench/harness/percentiles.ts';

const THOUSAND = Float64Array.from({ length: 1_000 }, (_, at) => at + 1);

describe('percentiles', () => {
  it.each([
    [0.5, 500],
    [0.99, 990],
    [0.999, 999],
    [1, 1_000],
  ])('take %d of the numbers to a thousand by the nearest rank: %d', (share, value) => {
    expect(percentileOf(THOUSAND, share)).toBe(value);
  });

  it('have none of nothing, and of one value that value', () => {
    expect(percentileOf([], 0.5)).toBeNaN();
    expect(percentileOf([7], 0.001)).toBe(7);
    expect(percentileOf([7], 0.999)).toBe(7);
  });

  it('leave at least their share of the values at or below them, and no value less does', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 300 });
    const shares = fc.constantFrom(0.5, 0.9, 0.99, 0.999);

    fc.assert(
      fc.property(values, shares, (given, share) => {
        const sorted = given.toSorted((a, b) => a - b);
        const value = percentileOf(sorted, share);
        const atOrBelow = sorted.filter((one) => one <= value).length / sorted.length;
        const below = sorted.filter((one) => one < value).length / sorted.length;

        expect(atOrBelow).toBeGreaterThanOrEqual(share - 1e-9);
        expect(below).toBeLessThan(share);
      }),
    );
  });

  it('need ten samples beyond them', () => {
    expect([0.5, 0.99, 0.999].map(samplesMin)).toEqual([20, 1_000, 10_000]);
  });
});

describe('Samples', () => {
  it('tell microseconds of milliseconds, and what there are too few samples for is NaN', () => {
    const samples = new Samples(1_000);
    for (const value of THOUSAND) samples.add(value);

    expect(samples.figures('wire')).toEqual({
      wireCount: 1_000,
      wireP50Us: 500_000,
      wireP99Us: 990_000,
      wireP999Us: Number.NaN,
    });
    expect(samples.percentile(0.99)).toBe(990);
    expect(samples.percentile(0.999)).toBeNaN();
  });

  it('let the oldest give way, and count on', () => {
    const samples = new Samples(20);
    for (let value = 1; value <= 50; value += 1) samples.add(value);

    expect(samples.count).toBe(50);
    expect(samples.percentile(0.5)).toBe(40); // Of 31 to 50.
  });

  it('have the tail of a full room even where far more came than it holds', () => {
    const samples = new Samples(100);
    for (let value = 0; value < 100_000; value += 1) samples.add(value);

    // The count would allow it, the hundred that are left do not.
    expect(samples.percentile(0.99)).toBeNaN();
  });

  it('add those who would have come while one took long', () => {
    const samples = new Samples(100);
    samples.addArrivals(100, 10);
    samples.addArrivals(5, 10);
    for (let left = 10; left > 0; left -= 1) samples.addArrivals(1, 10);

    // 100, and 90 to 10 behind it; 5 kept nobody waiting.
    expect(samples.count).toBe(10 + 1 + 10);
    expect(samples.percentile(0.5)).toBe(5);
  });
});

describe('coordinated omission', () => {
  const PER_SECOND = 1_000;
  const EVENTS = 2_000;
  const SERVICE_MS = 0.1;
  const STALL_MS = 500;

  /**
   * One at a time, a tenth of a millisecond each, and half a second at the thousandth. It sends
   * the next when the last is done: what was due meanwhile is sent late.
   */
  function run(latency: (doneMs: number, sentMs: number, dueMs: number) => number): Samples {
    const samples = new Samples(EVENTS);
    const schedule = new Schedule(0, PER_SECOND);
    let nowMs = 0;
    for (let event = 0; event < EVENTS; event += 1) {
      const dueMs = schedule.dueMs(event);
      const sentMs = Math.max(nowMs, dueMs);
      nowMs = sentMs + (event === 1_000 ? STALL_MS : SERVICE_MS);
      samples.add(latency(nowMs, sentMs, dueMs));
    }
    return samples;
  }

  it('hides a stall of half a second where latency begins with the sending', () => {
    const hidden = run((doneMs, sentMs) => doneMs - sentMs);

    expect(hidden.percentile(0.99)).toBeCloseTo(SERVICE_MS, 9);
  });

  it('shows it where latency begins when the event was due', () => {
    const shown = run((doneMs, _, dueMs) => doneMs - dueMs);

    // The stall and those due in it, as the queue drains by 0.9 ms an event: 500 / 0.9 = 556 of
    // 2,000 wait, evenly from 500 ms down. Twenty of them are above the p99.
    expect(shown.percentile(0.99)).toBeCloseTo(STALL_MS - 20 * (1 - SERVICE_MS), 0);
    expect(shown.percentile(0.5)).toBeCloseTo(SERVICE_MS, 9);
  });
});

describe('Schedule', () => {
  it('is due at the start, then evenly, whatever is done meanwhile', () => {
    const schedule = new Schedule(100, 50_000);

    expect([0, 1, 50].map((event) => schedule.dueMs(event))).toEqual([100, 100.02, 101]);
    expect([99, 100, 100.019, 100.02, 101].map((nowMs) => schedule.dueBy(nowMs))).toEqual([
      0, 1, 1, 2, 51,
    ]);
  });

  it('has had an event due exactly when its moment has come', () => {
    const rates = fc.constantFrom(5_000, 20_000, 50_000, 200_000, 1_000_000);

    fc.assert(
      fc.property(rates, fc.nat(5_000_000), fc.nat(1_000_000), (rate, event, startMs) => {
        const schedule = new Schedule(startMs, rate);
        const dueMs = schedule.dueMs(event);

        expect(schedule.dueBy(dueMs + 0.2e-3)).toBe(event + 1);
        expect(schedule.dueBy(dueMs - 0.2e-3)).toBeLessThanOrEqual(event);
      }),
    );
  });
});
