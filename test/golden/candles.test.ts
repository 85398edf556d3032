import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { candlePatterns } from '../../src/domain/indicators/candles/candle-patterns.ts';
import { CANDLE_PATTERNS } from '../../src/domain/indicators/candles/candle-table.ts';
import { CANDLES } from '../../src/domain/indicators/candles/candles.ts';
import { type ConfiguredIndicator, configure } from '../../src/domain/indicators/declaration.ts';
import { candleBars } from './candle-market.ts';
import { hashBars } from './seeded-bars.ts';

type GoldenPattern = {
  readonly talib: string;
  readonly params: { readonly optInPenetration?: number };
  readonly begIndex: number;
  /** By value: the bars that have it, each as its distance from the one before. */
  readonly found: Readonly<Record<string, string>>;
};

type Golden = { readonly bars: string; readonly functions: readonly GoldenPattern[] };

const golden: Golden = JSON.parse(readFileSync(new URL('candles.json', import.meta.url), 'utf8'));
const bars = candleBars();

describe('candlestick patterns against TA-Lib, bars in which each of them is found', () => {
  it('has the bars that the vectors were made for', () => {
    expect(hashBars(bars)).toBe(golden.bars);
  });

  it('finds every pattern of TA-Lib, each of its values at least five times', () => {
    const usual = golden.functions.slice(0, CANDLE_PATTERNS.length);
    const known = CANDLE_PATTERNS.map(({ talib }) => talib);
    expect(usual.map(({ talib }) => talib).toSorted()).toEqual(known.toSorted());
    for (const { talib, found } of usual) {
      expect(Object.keys(found).length, talib).toBeGreaterThan(0);
      for (const distances of Object.values(found)) {
        expect(distances.split(' ').length, talib).toBeGreaterThanOrEqual(5);
      }
    }
  });

  const cases = golden.functions.map((of) => ({ of, name: nameOf(of) }));
  it.each(cases)('F1 $name equals TA-Lib at every bar, NaN before its first', ({ of }) => {
    const wanted = valuesOf(of);
    const actual = present(runOver(configured(of), bars)[0], 'an output');
    const differs = actual.findIndex((value, at) => !same(value, wanted[at]));
    const difference = `bar ${differs}: ${actual[differs]}, TA-Lib ${wanted[differs]}`;
    expect(differs, difference).toBe(-1);
  });
});

describe('all candlestick patterns at once', () => {
  it('are what each is alone, from the first bar that all of them have', () => {
    const all = configure(candlePatterns);
    const together = runOver(all, bars);
    expect(all.outputs).toEqual(CANDLE_PATTERNS.map(({ name }) => name));
    const warm = (values: readonly number[]) => values.slice(all.warmupBars - 1);
    for (const [slot, name] of all.outputs.entries()) {
      const declaration = present(CANDLES[slot], name);
      const alone = present(runOver(configure(declaration), bars)[0], name);
      expect(warm(present(together[slot], name)), name).toEqual(warm(alone));
    }
  });

  it('take a tenth of the memory of as many alone', () => {
    const alone = CANDLES.slice(0, CANDLE_PATTERNS.length).map((pattern) => configure(pattern));
    const width = alone.reduce((sum, pattern) => sum + pattern.width, 0);
    expect(configure(candlePatterns).width * 10).toBeLessThan(width);
  });
});

describe('what a candlestick pattern answers', () => {
  it.each(CANDLES)('F2 $name is told by its warm-up alone, wherever it begins', (declaration) => {
    const indicator = configure(declaration);
    const whole = runOver(indicator, bars);
    for (const from of [1, 7, 1_234, 3_333]) {
      const recent = runOver(indicator, bars.slice(from, from + 300));
      for (const [slot, values] of whole.entries()) {
        const first = indicator.warmupBars - 1;
        const expected = values.slice(from + first, from + 300);
        expect(present(recent[slot], declaration.name).slice(first)).toEqual(expected);
      }
    }
  });

  it('F2 is a doji again as soon as prices stand still after a jump', () => {
    const doji = configure(
      present(
        CANDLES.find(({ name }) => name === 'doji'),
        'doji',
      ),
    );
    const jump = [1, 3, 0.5, 2].map((price) => price * 1e9);
    const still = Array.from({ length: 40 }, () => [100.1, 100.1, 100.1, 100.1]);
    const market = [...still, jump, ...still].map((prices) =>
      Float64Array.of(...prices, 0, 0, 0, 0),
    );
    const values = present(runOver(doji, market)[0], 'doji').slice(doji.warmupBars - 1);
    expect(values.filter((value) => value === 0).length).toBe(1);
    expect(values.filter((value) => value === 100).length).toBe(values.length - 1);
  });
});

function nameOf({ talib, params }: GoldenPattern): string {
  const { optInPenetration: share } = params;
  return share === undefined ? talib : `${talib} ${share}`;
}

function configured({ talib, params }: GoldenPattern): ConfiguredIndicator {
  const declaration = present(
    CANDLES.find((known) => known.talib === talib),
    talib,
  );
  const { optInPenetration: share } = params;
  return configure(declaration, share === undefined ? [] : [share]);
}

/** NaN before the first. */
function valuesOf({ begIndex, found }: GoldenPattern): number[] {
  const values = bars.map((_, at) => (at < begIndex ? NaN : 0));
  for (const [value, distances] of Object.entries(found)) {
    let at = 0;
    for (const distance of distances.split(' ')) {
      at += Number(distance);
      values[at] = Number(value);
    }
  }
  return values;
}

/** Every output's values, bar by bar. */
function runOver(indicator: ConfiguredIndicator, series: readonly Float64Array[]): number[][] {
  const state = new Float64Array(indicator.width);
  const outputs = indicator.outputs.map((): number[] => []);
  indicator.reset(state, 0);
  for (const bar of series) {
    indicator.update(state, 0, bar);
    for (const [slot, values] of outputs.entries()) values.push(state[slot] ?? NaN);
  }
  return outputs;
}

function same(left: number | undefined, right: number | undefined): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}
