import { adx } from '../../src/domain/indicators/adx.ts';
import { atr } from '../../src/domain/indicators/atr.ts';
import { bollinger } from '../../src/domain/indicators/bollinger.ts';
import { ema } from '../../src/domain/indicators/ema.ts';
import { CLOSE, HIGH, LOW, SESSION, VOLUME } from '../../src/domain/indicators/indicator.ts';
import { macd } from '../../src/domain/indicators/macd.ts';
import { obv } from '../../src/domain/indicators/obv.ts';
import { rsi } from '../../src/domain/indicators/rsi.ts';
import { sma } from '../../src/domain/indicators/sma.ts';
import { stochastic } from '../../src/domain/indicators/stochastic.ts';
import { vwap } from '../../src/domain/indicators/vwap.ts';
import { FLAT_PRICE, FLAT_VOLUME, type IndicatorCase, indicatorContract } from './indicator.ts';

const price = FLAT_PRICE;
const range = [HIGH, LOW, CLOSE];

/** TA-Lib's rules for a flat market: RSI, stochastic and ADX are 0, never NaN. */
const cases: readonly IndicatorCase[] = [
  { label: 'sma(20)', make: () => sma(20), reads: [CLOSE], flat: [price] },
  { label: 'sma(1)', make: () => sma(1), reads: [CLOSE], flat: [price] },
  { label: 'ema(20)', make: () => ema(20), reads: [CLOSE], flat: [price] },
  { label: 'ema(1)', make: () => ema(1), reads: [CLOSE], flat: [price] },
  { label: 'rsi(14)', make: () => rsi(14), reads: [CLOSE], flat: [0] },
  { label: 'rsi(2)', make: () => rsi(2), reads: [CLOSE], flat: [0] },
  { label: 'macd(12, 26, 9)', make: () => macd(12, 26, 9), reads: [CLOSE], flat: [0, 0, 0] },
  { label: 'macd(2, 3, 1)', make: () => macd(2, 3, 1), reads: [CLOSE], flat: [0, 0, 0] },
  {
    label: 'bollinger(20, 2)',
    make: () => bollinger(20, 2),
    reads: [CLOSE],
    flat: [price, price, price],
  },
  {
    label: 'bollinger(2, 0.5)',
    make: () => bollinger(2, 0.5),
    reads: [CLOSE],
    flat: [price, price, price],
  },
  { label: 'atr(14)', make: () => atr(14), reads: range, flat: [0] },
  { label: 'atr(1)', make: () => atr(1), reads: range, flat: [0] },
  {
    label: 'stochastic(14, 3, 3)',
    make: () => stochastic(14, 3, 3),
    reads: range,
    flat: [0, 0],
  },
  { label: 'stochastic(1, 1, 1)', make: () => stochastic(1, 1, 1), reads: range, flat: [0, 0] },
  { label: 'vwap()', make: () => vwap(), reads: [...range, VOLUME, SESSION], flat: [price] },
  { label: 'obv()', make: () => obv(), reads: [CLOSE, VOLUME], flat: [FLAT_VOLUME] },
  { label: 'adx(14)', make: () => adx(14), reads: range, flat: [0] },
  { label: 'adx(2)', make: () => adx(2), reads: range, flat: [0] },
];

for (const known of cases) indicatorContract(known);
