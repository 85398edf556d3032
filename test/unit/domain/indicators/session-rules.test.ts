import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { indicatorNamed } from '../../../../src/domain/indicators/registry.ts';

const OPENS_US = 870 * MINUTE;

type Told = {
  readonly day: number;
  readonly minute: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close?: number;
  readonly volume?: number;
};

/** A bar of a day, so many minutes after the open; prices are 100 where nothing is said. */
function barOf({ day, minute, open = 100, close = 100, ...told }: Told): Float64Array {
  const { high = Math.max(open, close), low = Math.min(open, close), volume = 10 } = told;
  const startUs = day * DAY + OPENS_US + minute * MINUTE;
  return Float64Array.of(open, high, low, close, volume, day, startUs, minute * MINUTE);
}

/** The outputs after each bar. */
function run(name: string, parameters: readonly number[], bars: readonly Told[]) {
  const indicator = configure(indicatorNamed(name), parameters);
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  return bars.map((told) => {
    indicator.update(state, 0, barOf(told));
    return [...state.subarray(0, indicator.outputs.length)];
  });
}

const NONE = Number.NaN;

describe('the opening range', () => {
  it('is told with the first bar after its minutes, and places the closes from then on', () => {
    const rows = run(
      'openingRange',
      [5],
      [
        { day: 1, minute: -3, high: 900, low: 1 },
        { day: 1, minute: 0, high: 104, low: 99 },
        { day: 1, minute: 4, high: 102, low: 96 },
        { day: 1, minute: 5, close: 106, high: 300 },
        { day: 1, minute: 6, close: 92, low: 50 },
      ],
    );
    const forming = [NONE, NONE, NONE];
    expect(rows).toEqual([forming, forming, forming, [104, 96, 1.25], [104, 96, -0.5]]);
  });

  it('forms anew each day, and is unknown of a day that began late', () => {
    const rows = run(
      'openingRange',
      [5],
      [
        { day: 1, minute: 0, high: 104, low: 96 },
        { day: 1, minute: 5, close: 98 },
        { day: 2, minute: -10 },
        { day: 2, minute: 7 },
      ],
    );
    expect(rows.slice(1)).toEqual([
      [104, 96, 0.25],
      [NONE, NONE, NONE],
      [NONE, NONE, NONE],
    ]);
  });
});

describe('the previous session', () => {
  it('is that of core hours alone, and stands until another has been', () => {
    const rows = run(
      'previousSession',
      [],
      [
        { day: 1, minute: -1, high: 900, low: 1 },
        { day: 1, minute: 0, high: 105, low: 99, close: 101 },
        { day: 1, minute: 389, high: 103, low: 95, close: 102 },
        { day: 1, minute: 390, high: 800, low: 2, close: 300 },
        { day: 2, minute: -60, high: 700, low: 3 },
        { day: 3, minute: 10 },
      ],
    );
    const nothing = [NONE, NONE, NONE];
    const known = [105, 95, 102];
    expect(rows).toEqual([nothing, nothing, nothing, nothing, known, known]);
  });
});

describe('the range of a session', () => {
  it('begins with its open and ends with its close', () => {
    const rows = run(
      'sessionRange',
      [],
      [
        { day: 1, minute: 3, high: 105, low: 99 },
        { day: 1, minute: 9, high: 101, low: 98 },
        { day: 1, minute: 390, high: 200, low: 1 },
        { day: 2, minute: -5, high: 200, low: 1 },
      ],
    );
    expect(rows).toEqual([
      [105, 99, 6],
      [105, 98, 7],
      [105, 98, 7],
      [NONE, NONE, NONE],
    ]);
  });
});

describe('the overnight gap', () => {
  it('is from the last close in core hours to the first open, whatever trades between', () => {
    const rows = run(
      'overnightGap',
      [],
      [
        { day: 1, minute: 388, close: 80 },
        { day: 1, minute: 400, close: 70 },
        { day: 2, minute: -30, open: 60, close: 65 },
        { day: 2, minute: 2, open: 90, close: 95 },
        { day: 2, minute: 3, open: 120, close: 121 },
      ],
    );
    expect(rows).toEqual([[NONE], [NONE], [NONE], [12.5], [12.5]]);
  });
});

describe('relative volume by time of day', () => {
  it('compares a bucket, and the day so far, with the mean of the same minutes', () => {
    const rows = run(
      'relativeVolumeByTime',
      [2, 10],
      [
        { day: 1, minute: 0, volume: 100 },
        { day: 1, minute: 10, volume: 40 },
        { day: 2, minute: 0, volume: 300 },
        { day: 2, minute: 10, volume: 60 },
        { day: 3, minute: -10, volume: 9_999 },
        { day: 3, minute: 0, volume: 300 },
        { day: 3, minute: 5, volume: 100 },
        { day: 3, minute: 10, volume: 100 },
        { day: 3, minute: 400, volume: 9_999 },
      ],
    );
    expect(rows.slice(0, 5).flat().every(Number.isNaN)).toBe(true);
    expect(rows.slice(5)).toEqual([
      [1.5, 1.5],
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
  });

  it('forgets old sessions exponentially once it knows enough', () => {
    const days = [100, 300, 500].map((volume, day) => ({ day, minute: 0, volume }));
    const rows = run(
      'relativeVolumeByTime',
      [2, 10],
      [...days, { day: 3, minute: 0, volume: 200 }],
    );
    // (100 + 300) / 2, then two thirds of the way to 500.
    expect(rows.at(-1)?.[0]).toBeCloseTo(200 / 400, 12);
  });

  it('counts a bucket that was passed over as empty, and not one that was never reached', () => {
    const rows = run(
      'relativeVolumeByTime',
      [2, 10],
      [
        { day: 1, minute: 0, volume: 100 },
        { day: 1, minute: 10, volume: 100 },
        { day: 1, minute: 20, volume: 100 },
        { day: 2, minute: 10, volume: 100 },
        { day: 3, minute: 0, volume: 100 },
        { day: 3, minute: 10, volume: 100 },
        { day: 3, minute: 20, volume: 100 },
      ],
    );
    expect(rows.slice(4)).toEqual([
      [2, 2],
      [1, 200 / 150],
      [1, 300 / 250],
    ]);
  });

  it('takes 3,184 bytes a symbol with bars of a minute, 688 with five', () => {
    const of = indicatorNamed('relativeVolumeByTime');
    expect(8 * configure(of).width).toBe(3_184);
    expect(8 * configure(of, [20, 5]).width).toBe(688);
  });
});

describe('VWAP', () => {
  it('counts from its anchor on, across days', () => {
    const anchorUs = 2 * DAY + OPENS_US + 5 * MINUTE;
    const rows = run(
      'anchoredVwap',
      [anchorUs],
      [
        { day: 2, minute: 4, close: 500, volume: 1 },
        { day: 2, minute: 5, volume: 0 },
        { day: 2, minute: 6, high: 130, low: 70, close: 100, volume: 30 },
        { day: 3, minute: 0, open: 110, close: 110, volume: 10 },
      ],
    );
    expect(rows).toEqual([[NONE], [NONE], [100], [102.5]]);
  });

  it('has bands as wide as the shares have strayed from it, each day anew', () => {
    const rows = run(
      'vwapBands',
      [2],
      [
        { day: 1, minute: 0, volume: 30 },
        { day: 1, minute: 1, open: 104, close: 104, volume: 10 },
        { day: 1, minute: 2, open: 999, close: 999, volume: 0 },
        { day: 2, minute: 0, volume: 0 },
      ],
    );
    // Mean 101; 30 shares are 1 away and 10 are 3: a variance of 3.
    const [upper, lower] = [101 + 2 * Math.sqrt(3), 101 - 2 * Math.sqrt(3)];
    expect(rows[0]).toEqual([100, 100, 100]);
    expect(rows[1]).toEqual([upper, 101, lower]);
    expect(rows[2]).toEqual(rows[1]);
    expect(rows[3]).toEqual([NONE, NONE, NONE]);
  });
});
