import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../src/core/time.ts';
import { forwardReturns } from '../../../../src/models/data/labels.ts';
import { nextDayLabels } from '../../../../src/models/data/next-day-labels.ts';
import { closesAt, MONDAY, minuteUs, TUESDAY } from './minute-bars.ts';

const NONE = Number.NaN;

describe('a forward return over bars', () => {
  const bars = closesAt(
    [1, 2, 3, 4].map((minute) => minuteUs(minute)),
    [100, 110, 99, 121],
  );

  it('is from close to close, and known when the last bar closes', () => {
    const labels = forwardReturns(bars, { horizon: { bars: 2 } });

    expect([...labels.forwardReturn]).toEqual([99 / 100 - 1, 121 / 110 - 1, NONE, NONE]);
    expect([...labels.label]).toEqual([...labels.forwardReturn]);
    expect([...labels.knownUs]).toEqual([minuteUs(3), minuteUs(4), NONE, NONE]);
  });

  it('is a class where a rise is asked for: what does not rise above it is none', () => {
    const { label } = forwardReturns(bars, { horizon: { bars: 1 }, riseAbove: 0.1 });

    expect([...label]).toEqual([Number(110 / 100 - 1 > 0.1), 0, 1, NONE]);
    const half = closesAt([minuteUs(1), minuteUs(2)], [100, 150]);
    expect(forwardReturns(half, { horizon: { bars: 1 }, riseAbove: 0.5 }).label[0]).toBe(0);
  });

  it('ends with its session unless it may go on', () => {
    const two = closesAt(
      [MONDAY.closeUs - MINUTE, MONDAY.closeUs, minuteUs(1, TUESDAY)],
      [100, 101, 102],
    );

    expect([...forwardReturns(two, { horizon: { bars: 1 } }).forwardReturn]).toEqual([
      101 / 100 - 1,
      NONE,
      NONE,
    ]);
    const across = forwardReturns(two, { horizon: { bars: 1 }, acrossSessions: true });
    expect(across.forwardReturn[1]).toBe(102 / 101 - 1);
  });

  it('is not known where days are missing on its way', () => {
    const day = 86_400_000_000;
    const days = [0, 1, 3].map((count) => MONDAY.closeUs + count * day);
    const daily = closesAt(days, [100, 101, 102]);
    const labels = forwardReturns(daily, {
      horizon: { bars: 1 },
      acrossSessions: true,
      tradingDaysMax: 1,
    });

    expect([...labels.label]).toEqual([101 / 100 - 1, NONE, NONE]);
  });
});

describe('a forward return over time', () => {
  it('takes the last close up to its end and waits for the bar that proves it', () => {
    const bars = closesAt(
      [1, 2, 5, 7].map((minute) => minuteUs(minute)),
      [100, 110, 120, 130],
    );
    const labels = forwardReturns(bars, { horizon: { us: 3 * MINUTE } });

    // From 1 to 4: nothing traded at 3 and 4, and the bar of 5 proves it.
    expect(labels.forwardReturn[0]).toBe(110 / 100 - 1);
    expect(labels.knownUs[0]).toBe(minuteUs(5));
    // From 2 to 5: the bar of 5 closes just then.
    expect(labels.forwardReturn[1]).toBe(120 / 110 - 1);
    expect(labels.knownUs[1]).toBe(minuteUs(5));
    // From 5 to 8: nothing is there that closes at 8 or later.
    expect(labels.forwardReturn[2]).toBeNaN();
  });

  it('is not known where nothing traded until its end', () => {
    const bars = closesAt(
      [1, 9].map((minute) => minuteUs(minute)),
      [100, 110],
    );

    expect(forwardReturns(bars, { horizon: { us: 3 * MINUTE } }).label[0]).toBeNaN();
  });
});

describe('a label of the next day', () => {
  it('is the measure of the next trading day, over a weekend too, and of no later one', () => {
    const day = 86_400_000_000;
    // Monday, Tuesday, Thursday, Friday and Monday.
    const closeUs = Float64Array.from([0, 1, 3, 4, 7], (days) => MONDAY.closeUs + days * day);
    // The clocks change on the Sunday: Monday's close is an hour earlier.
    closeUs[4] = (closeUs[4] ?? NONE) - 3_600_000_000;
    const labels = nextDayLabels({
      closeUs,
      value: Float64Array.from([1, 2, 3, 4, 5]),
      close: Float64Array.from([10, 11, 12, 13, 14]),
    });

    expect([...labels.label]).toEqual([2, NONE, 4, 5, NONE]);
    expect([...labels.knownUs]).toEqual([closeUs[1], NONE, closeUs[3], closeUs[4], NONE]);
    expect(labels.forwardReturn[0]).toBe(11 / 10 - 1);
  });
});
