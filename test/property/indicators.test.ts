import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { DAY, MINUTE } from '../../src/core/time.ts';
import {
  type ConfiguredIndicator,
  configure,
  type IndicatorDeclaration,
  parameterFault,
} from '../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { bollinger } from '../../src/domain/indicators/overlap/bollinger.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { obv } from '../../src/domain/indicators/volume/obv.ts';
import { BarSource } from '../reference/bars.ts';
import { JUDGED } from '../reference/indicators/judged.ts';
import type { Judged, Scale, Series } from '../reference/indicators/series.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const SERIES = isLong ? 10_000 : 40;
const UPDATES = isLong ? 1_000_000 : 20_000;
const TIMEOUT_MS = isLong ? 900_000 : 60_000;
const ERROR_MAX = 1e-9;

const OPENS_US = 870 * MINUTE;

type Case = { readonly name: string; readonly of: IndicatorDeclaration; readonly judged: Judged };

const cases: readonly Case[] = INDICATORS.flatMap((of) => {
  if (of.family === 'candles') return [];
  const judged = JUDGED[of.family][of.name];
  return judged === undefined ? [] : [{ name: of.name, of, judged }];
});

describe('F1 indicators against independent batch references', () => {
  it('judges every indicator but the candlestick patterns', () => {
    const names = INDICATORS.filter(({ family }) => family !== 'candles').map(({ name }) => name);
    const known = Object.values(JUDGED).flatMap((family) => Object.keys(family));
    expect(known.toSorted()).toEqual(names.toSorted());
  });

  it.each(cases)(
    `F1 $name equals its reference over ${SERIES} random series`,
    ({ of, judged }) => {
      const property = fc.property(seriesOf(160), parametersOf(of, judged), (bars, parameters) => {
        fc.pre(parameterFault(of, parameters) === undefined);
        expectReference(of, judged, parameters, bars);
      });
      fc.assert(property, { numRuns: SERIES });
    },
    TIMEOUT_MS,
  );

  it.each(cases.filter(({ judged }) => judged.isEndless !== true))(
    `F1 $name does not drift over ${UPDATES} updates`,
    ({ of, judged }) => {
      const indicator = configure(of);
      const state = freshState(indicator);
      const source = new BarSource(19);
      const bar = new Float64Array(BAR_WIDTH);
      const recent: Float64Array[] = [];
      // A thousand bars ago every seed is forgotten: (27/29)^1000 is 1e-31.
      const recentBars = 1_000;
      for (let at = 1; at <= UPDATES; at += 1) {
        source.next(bar);
        indicator.update(state, 0, bar);
        if (at > UPDATES - recentBars) recent.push(bar.slice());
      }
      const series = toSeries(recent);
      judged.reference(series, ...indicator.parameters).forEach((column, slot) => {
        const what = `output ${slot} after ${UPDATES}`;
        expectClose(state[slot], column.at(-1), floorOf(series, judged.scale), what);
      });
    },
    TIMEOUT_MS,
  );

  it.each(cases)('F1 $name equals its reference through a long standstill', ({ of, judged }) => {
    const source = new BarSource(29);
    const bars = source.take(80);
    // Long enough for Wilder's averages to fall under what TA-Lib counts as zero.
    for (const [open, high, low, close, volume] of [
      [90, 90, 90, 90, 700],
      [90, 91, 89, 90.5, 0],
      [90, 90, 90, 90, 700],
    ] as const) {
      for (let at = 0; at < 600; at += 1) {
        const bar = source.next();
        bar.set([open, high, low, close, volume]);
        bars.push(bar);
      }
    }
    bars.push(...source.take(80));
    expectReference(of, judged, configure(of).parameters, bars);
  });

  it.each(cases)('F1 $name equals its reference through jumps of nine decades', (known) => {
    const { of, judged } = known;
    const source = new BarSource(37);
    const bars = source.take(240);
    for (const [at, bar] of bars.entries()) {
      const isHigh = (at >= 80 && at < 83) || at === 150;
      for (const place of isHigh ? [0, 1, 2, 3] : []) bar[place] = (bar[place] ?? 0) * 1e9;
      if (at % 17 === 0) bar[4] = 0;
    }
    expectReference(of, judged, configure(of).parameters, bars);
  });

  it(
    `F1 on-balance volume is exact after ${UPDATES} updates`,
    () => {
      const indicator = configure(obv);
      const state = freshState(indicator);
      const source = new BarSource(23);
      const bar = new Float64Array(BAR_WIDTH);
      let expected = 0n;
      let previous = 0;
      for (let at = 0; at < UPDATES; at += 1) {
        const [, , , close = 0, volume = 0] = source.next(bar);
        const direction = at === 0 ? 1 : Math.sign(close - previous);
        expected += BigInt(direction) * BigInt(volume);
        previous = close;
        indicator.update(state, 0, bar);
      }
      expect(state[0]).toBe(Number(expected));
    },
    TIMEOUT_MS,
  );

  it.each([
    { indicator: configure(bollinger, [20, 2]), slot: 1 },
    { indicator: configure(bollinger, [20, 2]), slot: 3 },
  ])(
    'F1 $indicator.name forgets within a lap what rounding left in slot $slot',
    ({ indicator, slot }) => {
      const source = new BarSource(31);
      const clean = freshState(indicator);
      for (const bar of source.take(47)) indicator.update(clean, 0, bar);
      const worn = clean.slice();
      worn[slot] = (worn[slot] ?? 0) * (1 + 1e-7);
      for (const bar of source.take(20)) {
        indicator.update(clean, 0, bar);
        indicator.update(worn, 0, bar);
      }
      expect([...worn]).toEqual([...clean]);
    },
  );

  it('F1 the bands of a flat market have no width at all', () => {
    const cents = fc.integer({ min: 1, max: 100_000_000 });
    const property = fc.property(cents, fc.integer({ min: 2, max: 60 }), (price, period) => {
      const indicator = configure(bollinger, [period, 2]);
      const state = freshState(indicator);
      const bar = Float64Array.of(0, 0, 0, price / 100, 0, 0);
      for (let at = 0; at < 3 * period; at += 1) indicator.update(state, 0, bar);
      expect((state[0] ?? 0) - (state[2] ?? 1)).toBe(0);
    });
    fc.assert(property);
  });

  it.each(Array.from({ length: 20 }, (_, bars) => 20 + bars))(
    'F1 a band is measured afresh when a jump after %i bars has left its window',
    (before) => {
      const closes = [...Array.from({ length: before }, () => 0.03), 90_000.01];
      for (let at = 0; at < 27; at += 1) closes.push(at % 2 === 0 ? 100.1 : 100.11);
      const indicator = configure(bollinger, [20, 2]);
      const state = freshState(indicator);
      for (const close of closes) {
        indicator.update(state, 0, Float64Array.of(close, close, close, close, 1, 0, 0, 0));
      }
      const width = ((state[0] ?? 0) - (state[2] ?? 0)) / 4;
      expect(Math.abs(width - 0.005)).toBeLessThan(1e-11);
    },
  );
});

/** Every value of every output, from the first bar on. */
function expectReference(
  of: IndicatorDeclaration,
  { reference, scale }: Judged,
  parameters: readonly number[],
  bars: readonly Float64Array[],
): void {
  const indicator = configure(of, parameters);
  const state = freshState(indicator);
  const series = toSeries(bars);
  const columns = reference(series, ...parameters);
  const floor = floorOf(series, scale);
  bars.forEach((bar, at) => {
    indicator.update(state, 0, bar);
    indicator.outputs.forEach((output, slot) => {
      const column = present(columns[slot], `column ${slot}`);
      expectClose(state[slot], column[at], floor, `${output} at ${at}`);
    });
  });
}

/** The usual parameters, or any that the declaration allows up to what the table says. */
function parametersOf(of: IndicatorDeclaration, { most }: Judged): fc.Arbitrary<number[]> {
  const usual = of.parameters.map((parameter) => parameter.usual);
  const any = of.parameters.map(({ least, most: limit, isWhole }, at) => {
    const max = Math.min(limit, most?.[at] ?? Math.max(30, least));
    return isWhole
      ? fc.integer({ min: least, max })
      : fc.double({ min: least, max, noNaN: true, noDefaultInfinity: true });
  });
  return fc.oneof(fc.constant(usual), fc.tuple(...any));
}

/** Whole cents; flat spells, jumps to twice and half, bars without trades, changes of session. */
function seriesOf(barsMax: number): fc.Arbitrary<Float64Array[]> {
  const move = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -80, max: 80 }) },
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom('double' as const, 'halve' as const) },
  );
  const reach = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }));
  const volume = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 2_000_000 }) },
  );
  const isNewSession = fc.integer({ min: 0, max: 39 }).map((roll) => roll === 0);
  const step = fc.record({ move, up: reach, down: reach, volume, isNewSession });
  const steps = fc.array(step, { minLength: 1, maxLength: barsMax, size: 'max' });
  const start = fc.integer({ min: 1, max: 2_000_000 });

  return fc.tuple(start, steps).map(([first, walk]) => {
    let cents = first;
    let session = 20_000;
    let sinceOpenUs = -MINUTE;
    return walk.map((next) => {
      const open = cents;
      cents = moved(cents, next.move);
      if (next.isNewSession) session += 1;
      sinceOpenUs = next.isNewSession ? 0 : sinceOpenUs + MINUTE;
      const high = Math.max(open, cents) + next.up;
      const low = Math.max(1, Math.min(open, cents) - next.down);
      const prices = [open, high, low, cents].map((price) => price / 100);
      const startUs = session * DAY + OPENS_US + sinceOpenUs;
      return Float64Array.of(...prices, next.volume, session, startUs, sinceOpenUs);
    });
  });
}

function moved(cents: number, move: number | 'double' | 'halve'): number {
  if (move === 'double') return Math.min(2 * cents, 50_000_000);
  if (move === 'halve') return Math.max(1, Math.floor(cents / 2));
  return Math.max(1, cents + move);
}

function freshState(indicator: ConfiguredIndicator): Float64Array {
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  return state;
}

function expectClose(
  actual: number | undefined,
  expected: number | undefined,
  floor: number,
  what: string,
): void {
  if (actual === undefined || expected === undefined) throw new Error(`${what} is absent`);
  if (Number.isNaN(expected) && Number.isNaN(actual)) return;
  const error = Math.abs(actual - expected);
  // Written so that a NaN on one side only fails too.
  if (error <= ERROR_MAX * Math.max(Math.abs(expected), floor)) return;
  expect(actual, what).toBe(expected);
}

/** Differences of prices cross zero, where a relative error means nothing: a floor stands there. */
function floorOf({ close, volume }: Series, scale: Scale): number {
  if (typeof scale === 'number') return 1e-3 * scale;
  const price = Math.max(...close);
  switch (scale) {
    case 'none':
      return 0;
    case 'price':
      return 1e-3 * price;
    case 'price2':
      return 1e-3 * price * price;
    case 'volume':
      return 1e-3 * Math.max(...volume);
    case 'turnover':
      return 1e-3 * price * Math.max(...volume);
  }
}

function toSeries(bars: readonly Float64Array[]): Series {
  const column = (place: number) => bars.map((bar) => bar[place] ?? Number.NaN);
  return {
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    session: column(5),
    startUs: column(6),
    sinceOpenUs: column(7),
  };
}
