import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../src/core/time.ts';
import type { LabelBars } from '../../../../src/models/data/labels.ts';
import { trailingVolatility } from '../../../../src/models/data/trailing-volatility.ts';
import { type BarrierOptions, tripleBarrier } from '../../../../src/models/data/triple-barrier.ts';
import { closesAt, MONDAY, minuteUs, TUESDAY } from './minute-bars.ts';

const OPTIONS: BarrierOptions = {
  up: 0.02,
  down: 0.02,
  horizonBars: 2,
  trigger: 'range',
  timeout: 'zero',
  sessions: 'across',
};

/** A first bar that closes at 100, and bars after it. */
function after(...bars: readonly (readonly [number, number, number, number])[]): LabelBars {
  const all = [[100, 100, 100, 100] as const, ...bars];
  const column = (place: number) => Float64Array.from(all, (bar) => bar[place] ?? Number.NaN);
  return {
    closeUs: Float64Array.from(all, (_, at) => minuteUs(at + 1)),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
  };
}

function first(bars: LabelBars, options: Partial<BarrierOptions> = {}) {
  const labels = tripleBarrier(bars, { ...OPTIONS, ...options });
  return {
    label: labels.label[0],
    price: 100 * (1 + (labels.forwardReturn[0] ?? Number.NaN)),
    bars: labels.bars[0],
    knownUs: labels.knownUs[0],
  };
}

describe('by the range of a bar', () => {
  it('a bar that touches both has met the stop first', () => {
    expect(first(after([100, 103, 97, 103]))).toMatchObject({ label: -1, price: 98, bars: 1 });
  });

  it('is left at the barrier, or at the open where the bar opened past it', () => {
    expect(first(after([100, 103, 100, 101])).price).toBeCloseTo(102, 9);
    expect(first(after([104, 105, 103, 104])).price).toBeCloseTo(104, 9);
    expect(first(after([95, 96, 94, 96])).price).toBeCloseTo(95, 9);
  });

  it('and by the close, what the range touched is not seen', () => {
    const bars = after([100, 103, 97, 101], [101, 101, 97, 97.5]);

    expect(first(bars, { trigger: 'close' })).toMatchObject({ label: -1, bars: 2 });
    expect(first(bars, { trigger: 'close' }).price).toBeCloseTo(97.5, 9);
  });
});

describe('a barrier', () => {
  it('is touched by what just reaches it', () => {
    const low = after([100, 100, 98, 98]);
    const high = after([100, 102, 100, 102]);

    for (const trigger of ['close', 'range'] as const) {
      expect(first(low, { trigger }).label).toBe(-1);
      expect(first(high, { trigger }).label).toBe(1);
    }
  });
});

describe('where time ran out', () => {
  const bars = after([100, 101, 100, 101], [101, 101, 99, 99.5], [99.5, 105, 99, 105]);

  it('the label is nought or the sign of the return, as is asked', () => {
    expect(first(bars)).toMatchObject({ label: 0, bars: 2, knownUs: minuteUs(3) });
    expect(first(bars, { timeout: 'sign' }).label).toBe(-1);
    expect(first(bars).price).toBeCloseTo(99.5, 9);
  });

  it('and without the bars to see it, nothing is known', () => {
    expect(first(after([100, 101, 100, 101])).label).toBeNaN();
  });
});

describe('within sessions', () => {
  const within = { sessions: { barUs: MINUTE } } as const;

  it('has a label only where the whole horizon fits, also if a barrier were touched', () => {
    const times = [-3, -2, -1, 0].map((minutes) => MONDAY.closeUs + minutes * MINUTE);
    const labels = tripleBarrier(closesAt(times, [100, 103, 106, 109]), { ...OPTIONS, ...within });

    expect([...labels.label]).toEqual([1, 1, Number.NaN, Number.NaN]);
  });

  it('ends at the last bar of a session in which bars are missing', () => {
    const times = [MONDAY.closeUs - 5 * MINUTE, MONDAY.closeUs - 4 * MINUTE, minuteUs(1, TUESDAY)];
    const labels = tripleBarrier(closesAt(times, [100, 101, 120]), { ...OPTIONS, ...within });

    expect(labels.label[0]).toBe(0);
    expect(labels.forwardReturn[0]).toBe(101 / 100 - 1);
    expect(labels.knownUs[0]).toBe(minuteUs(1, TUESDAY));
  });
});

describe('in units of volatility', () => {
  it('barriers are so many deviations away, and where there is none there is no label', () => {
    const bars = after([100, 101, 100, 101], [101, 101, 101, 101]);
    const volatility = Float64Array.from([0.005, Number.NaN, 0.005]);
    const labels = tripleBarrier(bars, { ...OPTIONS, horizonBars: 1, volatility, up: 2 });

    expect(labels.label[0]).toBe(1);
    expect(labels.label[1]).toBeNaN();
  });

  it('the deviation is the weighted one of the returns so far', () => {
    const close = [100, 101, 100, 102, 103, 101];
    const span = 3;
    const times = close.map((_, at) => minuteUs(at + 1));
    const found = trailingVolatility(closesAt(times, close), span, 'within');

    const changes = close.slice(1).map((value, at) => value / (close[at] ?? NaN) - 1);
    const weights = changes.map((_, at) => 0.5 ** (changes.length - 1 - at));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = changes.reduce((sum, change, at) => sum + change * (weights[at] ?? 0), 0) / total;
    const variance =
      changes.reduce((sum, change, at) => sum + (change - mean) ** 2 * (weights[at] ?? 0), 0) /
      total;
    expect(found.at(-1)).toBeCloseTo(Math.sqrt(variance), 14);
    expect(found.subarray(0, span).every(Number.isNaN)).toBe(true);
  });

  it('the deviation does not take a night for unrest, unless it is told to', () => {
    const times = [1, 2, 3].map((minute) => minuteUs(minute));
    const more = [1, 2, 3].map((minute) => minuteUs(minute, TUESDAY));
    const bars = closesAt([...times, ...more], [100, 101, 100, 150, 151.5, 150]);

    expect(trailingVolatility(bars, 2, 'within').at(-1)).toBeLessThan(0.011);
    expect(trailingVolatility(bars, 2, 'across').at(-1)).toBeGreaterThan(0.1);
  });
});
