import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adx } from '../../src/domain/indicators/adx.ts';
import { atr } from '../../src/domain/indicators/atr.ts';
import { bollinger } from '../../src/domain/indicators/bollinger.ts';
import type { ConfiguredIndicator } from '../../src/domain/indicators/configured-indicator.ts';
import { ema } from '../../src/domain/indicators/ema.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { macd } from '../../src/domain/indicators/macd.ts';
import { obv } from '../../src/domain/indicators/obv.ts';
import { rsi } from '../../src/domain/indicators/rsi.ts';
import { sma } from '../../src/domain/indicators/sma.ts';
import { stochastic } from '../../src/domain/indicators/stochastic.ts';
import { vwap } from '../../src/domain/indicators/vwap.ts';
import { BarSource } from '../reference/bars.ts';
import {
  adxReference,
  atrReference,
  bollingerReference,
  type Columns,
  emaReference,
  macdReference,
  obvReference,
  rsiReference,
  type Series,
  smaReference,
  stochasticReference,
  vwapReference,
} from '../reference/indicators.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const SERIES = isLong ? 10_000 : 300;
const UPDATES = isLong ? 10_000_000 : 100_000;
const TIMEOUT_MS = isLong ? 900_000 : 60_000;
const ERROR_MAX = 1e-9;

type Judged = {
  readonly name: string;
  /** Smallest periods that the formula takes, and the ones people use. */
  readonly least: readonly [number, number, number];
  readonly usual: readonly [number, number, number];
  readonly make: (a: number, b: number, c: number) => ConfiguredIndicator;
  readonly reference: (series: Series, a: number, b: number, c: number) => Columns;
  /** What counts as large for the outputs: errors below a thousandth of it are not amplified. */
  readonly scale: 'price' | 'hundred' | 'none';
};

const judged: readonly Judged[] = [
  {
    name: 'sma',
    least: [1, 1, 1],
    usual: [20, 1, 1],
    make: (a) => sma(a),
    reference: (series, a) => smaReference(series, a),
    scale: 'none',
  },
  {
    name: 'ema',
    least: [1, 1, 1],
    usual: [20, 1, 1],
    make: (a) => ema(a),
    reference: (series, a) => emaReference(series, a),
    scale: 'none',
  },
  {
    name: 'rsi',
    least: [2, 1, 1],
    usual: [14, 1, 1],
    make: (a) => rsi(a),
    reference: (series, a) => rsiReference(series, a),
    scale: 'hundred',
  },
  {
    name: 'macd',
    least: [2, 1, 1],
    usual: [12, 14, 9],
    make: (a, b, c) => macd(a, a + b, c),
    reference: (series, a, b, c) => macdReference(series, a, a + b, c),
    scale: 'price',
  },
  {
    name: 'bollinger',
    least: [2, 1, 1],
    usual: [20, 2, 1],
    make: (a, b) => bollinger(a, b),
    reference: (series, a, b) => bollingerReference(series, a, b),
    scale: 'price',
  },
  {
    name: 'atr',
    least: [1, 1, 1],
    usual: [14, 1, 1],
    make: (a) => atr(a),
    reference: (series, a) => atrReference(series, a),
    scale: 'none',
  },
  {
    name: 'stochastic',
    least: [1, 1, 1],
    usual: [14, 3, 3],
    make: (a, b, c) => stochastic(a, b, c),
    reference: (series, a, b, c) => stochasticReference(series, a, b, c),
    scale: 'hundred',
  },
  {
    name: 'vwap',
    least: [1, 1, 1],
    usual: [1, 1, 1],
    make: () => vwap(),
    reference: (series) => vwapReference(series),
    scale: 'none',
  },
  {
    name: 'obv',
    least: [1, 1, 1],
    usual: [1, 1, 1],
    make: () => obv(),
    reference: (series) => obvReference(series),
    scale: 'none',
  },
  {
    name: 'adx',
    least: [2, 1, 1],
    usual: [14, 1, 1],
    make: (a) => adx(a),
    reference: (series, a) => adxReference(series, a),
    scale: 'hundred',
  },
];

describe('F1 indicators against independent batch references', () => {
  it.each(judged)(
    `F1 $name equals its reference over ${SERIES} random series`,
    ({ least, usual, make, reference, scale }) => {
      const periods = fc.oneof(
        fc.constant(usual),
        fc.tuple(...least.map((from) => fc.integer({ min: from, max: 30 }))),
      );
      const property = fc.property(seriesOf(160), periods, (bars, [a = 1, b = 1, c = 1]) => {
        const indicator = make(a, b, c);
        const state = new Float64Array(indicator.width);
        indicator.reset(state, 0);
        const series = toSeries(bars);
        const columns = reference(series, a, b, c);
        const floor = floorOf(series, scale);
        bars.forEach((bar, at) => {
          indicator.update(state, 0, bar);
          columns.forEach((column, slot) => {
            expectClose(state[slot], column[at], floor, `${indicator.outputs[slot]} at ${at}`);
          });
        });
      });
      fc.assert(property, { numRuns: SERIES });
    },
    TIMEOUT_MS,
  );

  it(
    `F1 no indicator drifts over ${UPDATES} updates`,
    () => {
      const tracks = judged
        .filter(({ name }) => name !== 'obv')
        .map((of) => {
          const indicator = of.make(...of.usual);
          return { of, indicator, state: new Float64Array(indicator.width) };
        });
      for (const { indicator, state } of tracks) indicator.reset(state, 0);
      const source = new BarSource(19);
      const recent: Float64Array[] = [];
      // A thousand bars ago every seed is forgotten: (27/29)^1000 is 1e-31.
      const recentBars = 1_000;
      const bar = new Float64Array(BAR_WIDTH);
      for (let at = 1; at <= UPDATES; at += 1) {
        source.next(bar);
        for (const { indicator, state } of tracks) indicator.update(state, 0, bar);
        if (at % (UPDATES / 5) > UPDATES / 5 - recentBars) recent.push(bar.slice());
        if (at % (UPDATES / 5) !== 0) continue;

        recent.push(bar.slice());
        expect(recent).toHaveLength(recentBars);
        const series = toSeries(recent);
        for (const { of, state } of tracks) {
          of.reference(series, ...of.usual).forEach((column, slot) => {
            const what = `${of.name} output ${slot} after ${at}`;
            expectClose(state[slot], column.at(-1), floorOf(series, of.scale), what);
          });
        }
        recent.length = 0;
      }
    },
    TIMEOUT_MS,
  );

  it(
    `F1 on-balance volume is exact after ${UPDATES} updates`,
    () => {
      const indicator = obv();
      const state = new Float64Array(indicator.width);
      indicator.reset(state, 0);
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

  it.each(judged)('F1 $name equals its reference through a long standstill', (of) => {
    const { usual, make, reference, scale } = of;
    const source = new BarSource(29);
    const bars = source.take(80);
    // Long enough for Wilder's averages to fall under what TA-Lib counts as zero.
    const still = Float64Array.of(90, 90, 90, 90, 700, 20_000);
    const inside = Float64Array.of(90, 91, 89, 90.5, 0, 20_000);
    for (const bar of [still, inside, still]) bars.push(...Array.from({ length: 600 }, () => bar));
    bars.push(...source.take(80));
    const series = toSeries(bars);
    const columns = reference(series, ...usual);
    const floor = floorOf(series, scale);
    const indicator = make(...usual);
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);
    bars.forEach((bar, at) => {
      indicator.update(state, 0, bar);
      columns.forEach((column, slot) => {
        expectClose(state[slot], column[at], floor, `${indicator.outputs[slot]} at ${at}`);
      });
    });
  });

  it.each([
    { indicator: sma(20), slot: 1 },
    { indicator: bollinger(20, 2), slot: 1 },
    { indicator: bollinger(20, 2), slot: 3 },
  ])(
    'F1 $indicator.name forgets within a lap what rounding left in slot $slot',
    ({ indicator, slot }) => {
      const source = new BarSource(31);
      const clean = new Float64Array(indicator.width);
      indicator.reset(clean, 0);
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
      const indicator = bollinger(period, 2);
      const state = new Float64Array(indicator.width);
      indicator.reset(state, 0);
      const bar = Float64Array.of(0, 0, 0, price / 100, 0, 0);
      for (let at = 0; at < 3 * period; at += 1) indicator.update(state, 0, bar);
      expect((state[0] ?? 0) - (state[2] ?? 1)).toBe(0);
    });
    fc.assert(property);
  });

  it.each(Array.from({ length: 20 }, (_, bars) => 20 + bars))(
    'F1 a band is measured afresh when a jump after %i bars has left its window',
    (bars) => {
      const indicator = bollinger(20, 2);
      const state = new Float64Array(indicator.width);
      indicator.reset(state, 0);
      const closes = [...Array.from({ length: bars }, () => 0.03), 90_000.01];
      for (let at = 0; at < 27; at += 1) closes.push(at % 2 === 0 ? 100.1 : 100.11);
      const zeros = closes.map(() => 0);
      const series = { high: zeros, low: zeros, close: closes, volume: zeros, session: zeros };
      const [upper = []] = bollingerReference(series, 20, 2);
      closes.forEach((close, at) => {
        indicator.update(state, 0, Float64Array.of(0, 0, 0, close, 0, 0));
        expectClose(state[0], upper[at], 0, `bar ${at}`);
      });
      const width = ((state[0] ?? 0) - (state[2] ?? 0)) / 4;
      expect(Math.abs(width - 0.005)).toBeLessThan(1e-11);
    },
  );
});

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
function floorOf({ close }: Series, scale: Judged['scale']): number {
  switch (scale) {
    case 'price':
      return 1e-3 * Math.max(...close);
    case 'hundred':
      return 1e-3 * 100;
    case 'none':
      return 0;
  }
}

function toSeries(bars: readonly Float64Array[]): Series {
  const column = (place: number) => bars.map((bar) => bar[place] ?? Number.NaN);
  return {
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    session: column(5),
  };
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
    return walk.map((next) => {
      const open = cents;
      cents = moved(cents, next.move);
      if (next.isNewSession) session += 1;
      const high = Math.max(open, cents) + next.up;
      const low = Math.max(1, Math.min(open, cents) - next.down);
      const prices = [open, high, low, cents].map((price) => price / 100);
      return Float64Array.of(...prices, next.volume, session);
    });
  });
}

function moved(cents: number, move: number | 'double' | 'halve'): number {
  if (move === 'double') return Math.min(2 * cents, 50_000_000);
  if (move === 'halve') return Math.max(1, Math.floor(cents / 2));
  return Math.max(1, cents + move);
}
