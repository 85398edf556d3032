import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts';
import { BAR_DAMAGED, BAR_ESTIMATED } from '../../../../../src/domain/market/bars/bar-record.ts';
import { barOptionsFault } from '../../../../../src/domain/market/bars/bar-options.ts';
import type { BarKind } from '../../../../../src/domain/market/bars/bar-kind.ts';
import { BarBuilder } from '../../../../../src/domain/market/bars/bar-builder.ts';
import {
  LATE,
  NOT_READ,
  OUTSIDE,
  REFUSED,
  TAKEN,
} from '../../../../../src/domain/market/bars/bar-verdict.ts';
import {
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_BARS,
} from '../../../../../src/domain/market/event-batch.ts';
import { BarScene, CLOSE_US, OPEN_US } from './bar-scene.ts';

const span = (spanUs: number) => ({ kind: 'time', spanUs }) as const;
const minutes = { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE } as const;

describe('bars made of the bars of a venue', () => {
  it('close with their last part, the shortest first', () => {
    const scene = new BarScene({
      kinds: [span(2 * MINUTE), span(DAY), span(MINUTE), { kind: 'volume', amount: 10 }],
      from: minutes,
    });
    scene.bar(OPEN_US, [10, 12, 9, 11, 4]);
    expect(scene.told.map(({ label }) => label)).toEqual(['1m']);
    scene.bar(OPEN_US + MINUTE, [11, 11, 8, 8, 6]);

    expect(scene.told.slice(1)).toMatchObject([
      { label: 'volume10', startUs: OPEN_US, endUs: OPEN_US + 2 * MINUTE, volume: 10 },
      { label: '1m', startUs: OPEN_US + MINUTE, turnover: 48, marks: BAR_ESTIMATED },
      { label: '2m', open: 10, high: 12, low: 8, close: 8, volume: 10, turnover: 92 },
    ]);
    scene.bar(CLOSE_US - MINUTE, [8, 8, 7, 7, 1]);
    expect(scene.of('1d')).toMatchObject([{ close: 7, volume: 11, trades: 0, marks: 4 }]);
  });

  it('are told once: a repeat and an older one are late, unfinished ones are not read (D7)', () => {
    const scene = new BarScene({ kinds: [span(5 * MINUTE)], from: minutes });
    const values = [10, 12, 9, 11, 4] as const;
    expect(scene.bar(OPEN_US + MINUTE, values)).toBe(TAKEN);
    expect(scene.bar(OPEN_US + MINUTE, values)).toBe(LATE);
    expect(scene.bar(OPEN_US, values)).toBe(LATE);
    expect(scene.bar(OPEN_US + 2 * MINUTE, values, 0)).toBe(NOT_READ);
    expect(scene.bar(OPEN_US + 2 * MINUTE, values, BAR_FINAL | BAR_UPDATED)).toBe(NOT_READ);
    expect(scene.bar(OPEN_US + 2 * MINUTE, values, BAR_FINAL, DAY)).toBe(NOT_READ);
    expect(scene.trade(OPEN_US + 2 * MINUTE, 10, 1)).toBe(NOT_READ);
    expect(scene.correction(OPEN_US, [10, 1], [10, 2])).toBe(NOT_READ);
    expect(scene.bar(OPEN_US - MINUTE * 2, values)).toBe(LATE);
    expect(scene.forming('5m')).toMatchObject({ volume: 4 });
    expect(scene.bar(CLOSE_US, values)).toBe(OUTSIDE);
    expect(scene.told).toMatchObject([{ volume: 4 }]);
  });

  it('that come after time has closed theirs are whole, and late for the longer ones alone', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(2 * MINUTE)], from: minutes });
    scene.bar(OPEN_US, [10, 12, 9, 11, 4]);
    scene.closeBefore(OPEN_US + 2 * MINUTE);
    expect(scene.bar(OPEN_US + MINUTE, [11, 11, 8, 8, 6])).toBe(LATE);

    expect([...scene.builder.late]).toEqual([0, 1]);
    expect(scene.told).toMatchObject([
      { label: '1m', volume: 4 },
      { label: '2m', volume: 4 },
      { label: '1m', startUs: OPEN_US + MINUTE, endUs: OPEN_US + 2 * MINUTE, volume: 6 },
    ]);
  });

  it('refuse what cannot be true', () => {
    const scene = new BarScene({ kinds: [span(5 * MINUTE)], from: minutes });
    const bad: readonly (readonly [number, number, number, number, number])[] = [
      [10, 9, 8, 9, 1],
      [10, 12, 11, 11, 1],
      [10, 12, 9, 13, 1],
      [10, 12, 9, 8, 1],
      [10, 12, 0, 10, 1],
      [10, 12, 9, 10, -1],
      [10, Infinity, 9, 10, 1],
      [Number.NaN, 12, 9, 10, 1],
    ];
    for (const values of bad) expect(scene.bar(OPEN_US, values)).toBe(REFUSED);
    expect(scene.bar(OPEN_US + SECOND, [10, 12, 9, 10, 1])).toBe(REFUSED);
    expect(scene.forming('5m')).toBeUndefined();
  });

  it('are not made of what is left where some were lost; longer ones are marked', () => {
    const kinds = [span(2 * MINUTE), span(4 * MINUTE)];
    const scene = new BarScene({ kinds, from: minutes });
    const values = [10, 12, 9, 11, 4] as const;
    scene.bar(OPEN_US, values);
    scene.gap(OPEN_US + MINUTE, CHANNEL_BARS);
    expect(scene.bar(OPEN_US + MINUTE, values)).toBe(LATE);
    scene.bar(OPEN_US + 2 * MINUTE, values);
    scene.closeBefore(OPEN_US + 4 * MINUTE);
    expect(scene.told).toMatchObject([
      { label: '2m', startUs: OPEN_US + 2 * MINUTE, marks: BAR_ESTIMATED },
      { label: '4m', startUs: OPEN_US, marks: BAR_ESTIMATED | BAR_DAMAGED },
    ]);
  });
});

describe('bars of the venue beside trades', () => {
  const trades = { kind: 'trades', graceUs: SECOND } as const;
  const values = [10, 12, 9, 11, 4] as const;

  it('are taken where no trade told theirs, and not where one did', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(2 * MINUTE)], from: trades });
    scene.trade(OPEN_US, 10, 1);
    expect(scene.bar(OPEN_US, values)).toBe(NOT_READ);
    expect(scene.bar(OPEN_US + MINUTE, values)).toBe(TAKEN);
    expect(scene.bar(OPEN_US + MINUTE, values)).toBe(LATE);
    expect(scene.bar(OPEN_US + 2 * MINUTE, values, BAR_FINAL, 7 * SECOND)).toBe(REFUSED);

    expect(scene.told).toMatchObject([
      { label: '1m', startUs: OPEN_US, volume: 1, marks: 0 },
      { label: '1m', startUs: OPEN_US + MINUTE, volume: 4, marks: BAR_ESTIMATED },
      { label: '2m', volume: 5, trades: 1 },
    ]);
  });

  it('make whole what trades cannot: a bar of which some were lost', () => {
    const scene = new BarScene({ kinds: [span(MINUTE)], from: trades });
    scene.trade(OPEN_US, 10, 1);
    scene.gap(OPEN_US + SECOND);
    expect(scene.trade(OPEN_US + 2 * SECOND, 10, 1)).toBe(LATE);
    expect(scene.bar(OPEN_US, values, BAR_FINAL, 30 * SECOND)).toBe(LATE);
    expect(scene.bar(OPEN_US, values)).toBe(TAKEN);
    expect(scene.told).toMatchObject([{ startUs: OPEN_US, volume: 4, marks: BAR_ESTIMATED }]);
  });
});

describe('kinds of bars that somebody wrote', () => {
  const trades = { kind: 'trades', graceUs: 0 } as const;
  const imbalance = {
    kind: 'tickImbalance',
    ticks: 10,
    bars: 5,
    imbalanceTicks: 20,
    ticksMin: 2,
    ticksMax: 50,
  } as const;

  it.each([
    [[span(7 * MINUTE)], trades, 'spanUs'],
    [[span(SECOND / 2)], trades, 'spanUs'],
    [[span(2 * DAY)], trades, 'spanUs'],
    [[span(Number.NaN)], trades, 'spanUs'],
    [[span(MINUTE), span(MINUTE)], trades, 'kinds'],
    [[], trades, 'kinds'],
    [[span(SECOND)], { kind: 'trades', graceUs: 64 * SECOND }, 'graceUs'],
    [[span(SECOND)], { kind: 'trades', graceUs: -1 }, 'graceUs'],
    [[{ kind: 'tick', amount: 0 }], trades, 'amount'],
    [[{ kind: 'volume', amount: 1.5 }], trades, 'amount'],
    [[{ kind: 'dollar', amount: 0 }], trades, 'amount'],
    [[{ kind: 'tick', amount: 10 }], minutes, 'from'],
    [[imbalance], minutes, 'from'],
    [[span(30 * SECOND)], minutes, 'spanUs'],
    [[span(HOUR)], { kind: 'bars', spanUs: HOUR, graceUs: HOUR }, 'spanUs'],
    [[{ ...imbalance, ticks: 1 }], trades, 'ticks'],
    [[{ ...imbalance, ticksMax: 1 }], trades, 'ticksMax'],
    [[{ ...imbalance, ticksMin: 0 }], trades, 'ticksMin'],
    [[{ ...imbalance, bars: 0 }], trades, 'bars'],
    [[{ ...imbalance, imbalanceTicks: Number.NaN }], trades, 'imbalanceTicks'],
  ] satisfies readonly (readonly [
    readonly BarKind[],
    ConstructorParameters<typeof BarBuilder>[0]['from'],
    string,
  ])[])('%j from %j are refused with the field named', (kinds, from, field) => {
    expect(barOptionsFault({ kinds, from })).toMatchObject({ field });
    expect(() => new BarBuilder({ kinds, from })).toThrow('broken invariant: bars');
  });

  it('that are right are taken, and named as a chart does', () => {
    const kinds: readonly BarKind[] = [
      span(SECOND),
      span(15 * MINUTE),
      { ...span(4 * HOUR), anchor: 'midnight' },
      span(DAY),
      { kind: 'dollar', amount: 1_000_000 },
      imbalance,
    ];
    const builder = new BarBuilder({ kinds, from: trades });

    expect(builder.labels).toEqual([
      '1s',
      '15m',
      '4h@midnight',
      '1d',
      'dollar1000000',
      'tickImbalance10-5-20-2-50',
    ]);
    const others = new BarBuilder({ kinds: kinds.slice(1), from: trades });
    expect(builder.layoutHash).not.toBe(others.layoutHash);
    expect(new BarBuilder({ kinds, from: trades }).layoutHash).toBe(builder.layoutHash);
  });
});
