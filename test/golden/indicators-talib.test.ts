import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { adx } from '../../src/domain/indicators/adx.ts';
import { atr } from '../../src/domain/indicators/atr.ts';
import { bollinger } from '../../src/domain/indicators/bollinger.ts';
import type { ConfiguredIndicator } from '../../src/domain/indicators/configured-indicator.ts';
import { ema } from '../../src/domain/indicators/ema.ts';
import { macd } from '../../src/domain/indicators/macd.ts';
import { obv } from '../../src/domain/indicators/obv.ts';
import { rsi } from '../../src/domain/indicators/rsi.ts';
import { sma } from '../../src/domain/indicators/sma.ts';
import { stochastic } from '../../src/domain/indicators/stochastic.ts';

type Column = 'open' | 'high' | 'low' | 'close' | 'volume';

type Golden = {
  readonly series: Readonly<Record<Column, readonly number[]>>;
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly params: Readonly<Record<string, number>>;
        readonly begIndex: number;
        readonly outputs: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
};

const golden: Golden = JSON.parse(
  readFileSync(new URL('indicators-talib.json', import.meta.url), 'utf8'),
);

const cases: readonly {
  readonly talib: string;
  readonly make: (parameter: (name: string) => number) => ConfiguredIndicator;
  readonly outputs: readonly string[];
}[] = [
  { talib: 'SMA', make: (of) => sma(of('optInTimePeriod')), outputs: ['outReal'] },
  { talib: 'EMA', make: (of) => ema(of('optInTimePeriod')), outputs: ['outReal'] },
  { talib: 'RSI', make: (of) => rsi(of('optInTimePeriod')), outputs: ['outReal'] },
  {
    talib: 'MACD',
    make: (of) => macd(of('optInFastPeriod'), of('optInSlowPeriod'), of('optInSignalPeriod')),
    outputs: ['outMACD', 'outMACDSignal', 'outMACDHist'],
  },
  {
    talib: 'BBANDS',
    make: (of) => bollinger(of('optInTimePeriod'), of('optInNbDevUp')),
    outputs: ['outRealUpperBand', 'outRealMiddleBand', 'outRealLowerBand'],
  },
  { talib: 'ATR', make: (of) => atr(of('optInTimePeriod')), outputs: ['outReal'] },
  {
    talib: 'STOCH',
    make: (of) =>
      stochastic(of('optInFastK_Period'), of('optInSlowK_Period'), of('optInSlowD_Period')),
    outputs: ['outSlowK', 'outSlowD'],
  },
  { talib: 'OBV', make: () => obv(), outputs: ['outReal'] },
  { talib: 'ADX', make: (of) => adx(of('optInTimePeriod')), outputs: ['outReal'] },
];

describe('indicators against TA-Lib', () => {
  it.each(cases)('$talib equals TA-Lib from its first bar on and is NaN before', (known) => {
    const expected = present(golden.functions[known.talib], known.talib);
    const indicator = known.make((name) => present(expected.params[name], name));
    const { open, high, low, close, volume } = golden.series;
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);

    expect(indicator.warmupBars).toBe(expected.begIndex + 1);
    let compared = 0;
    for (let at = 0; at < close.length; at += 1) {
      const values = [open[at], high[at], low[at], close[at], volume[at], 0];
      indicator.update(
        state,
        0,
        Float64Array.from(values, (value) => present(value, 'value')),
      );
      known.outputs.forEach((output, slot) => {
        const actual = present(state[slot], output);
        if (at < expected.begIndex) {
          expect(actual, `${output} at bar ${at}`).toBeNaN();
          return;
        }
        const wanted = present(expected.outputs[output]?.[at - expected.begIndex], output);
        const error = Math.abs(actual - wanted) / Math.abs(wanted);
        expect(error, `${output} at bar ${at}`).toBeLessThanOrEqual(1e-9);
        compared += 1;
      });
    }
    expect(compared).toBe((close.length - expected.begIndex) * indicator.outputs.length);
  });
});
