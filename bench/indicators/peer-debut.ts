import { CLOSE, HIGH, LOW } from '../../src/domain/indicators/indicator.ts';
import { peerModule } from '../harness/peer-library.ts';
import type { Peer, PeerSet } from './peer-set.ts';
import { barAt } from './ten-bars.ts';

interface OfPrice<Result> {
  nextValue(price: number): Result | undefined;
}

interface OfBar<Result> {
  nextValue(high: number, low: number, close: number): Result | undefined;
}

interface Library {
  readonly SMA: new (period: number) => OfPrice<number>;
  readonly EMA: new (period: number) => OfPrice<number>;
  readonly RSI: new (period: number) => OfPrice<number>;
  readonly MACD: new (
    fast: number,
    slow: number,
    signal: number,
  ) => OfPrice<Readonly<Record<'macd' | 'signal' | 'histogram', number>>>;
  readonly BollingerBands: new (
    period: number,
    deviations: number,
  ) => OfPrice<Readonly<Record<'upper' | 'middle' | 'lower', number>>>;
  readonly ATR: new (period: number) => OfBar<number>;
  readonly Stochastic: new (
    period: number,
    smoothing: number,
  ) => OfBar<Readonly<Record<'k' | 'd', number>>>;
  readonly ADX: new (period: number) => OfBar<{ readonly adx: number }>;
}

/** @debut/indicators 1 (GPL-3.0): eight of the ten, fed with plain numbers, as it wants them. */
export async function debut(): Promise<Peer | undefined> {
  const url = peerModule('@debut/indicators', 'lib/indicators.cjs.js');
  if (url === undefined) return undefined;
  const library: Library = await import(url);
  return {
    make: () => makeSet(library),
    otherStart: {
      macd: 'seeds its fast average on its own first bars, TA-Lib on the last of the slow ones',
      signal: 'of that macd',
      histogram: 'of that macd',
      adx: 'sums 14 movements first, TA-Lib 13',
    },
    otherwise: {
      d: 'no slowing: its d is our k, and is compared with that',
      vwap: 'none',
      obv: 'none',
    },
  };
}

function makeSet(library: Library): PeerSet {
  const sma = new library.SMA(20);
  const ema = new library.EMA(20);
  const rsi = new library.RSI(14);
  const macd = new library.MACD(12, 26, 9);
  const bands = new library.BollingerBands(20, 2);
  const atr = new library.ATR(14);
  const stochastic = new library.Stochastic(14, 3);
  const adx = new library.ADX(14);

  return {
    update({ table }, symbol, minute) {
      const at = barAt(symbol, minute);
      const high = table[at + HIGH] ?? NaN;
      const low = table[at + LOW] ?? NaN;
      const close = table[at + CLOSE] ?? NaN;
      sma.nextValue(close);
      ema.nextValue(close);
      rsi.nextValue(close);
      macd.nextValue(close);
      bands.nextValue(close);
      atr.nextValue(high, low, close);
      stochastic.nextValue(high, low, close);
      adx.nextValue(high, low, close);
    },

    values({ table }, symbol, minute) {
      const at = barAt(symbol, minute);
      const high = table[at + HIGH] ?? NaN;
      const low = table[at + LOW] ?? NaN;
      const close = table[at + CLOSE] ?? NaN;
      const { macd: line, signal, histogram } = macd.nextValue(close) ?? {};
      return {
        sma: sma.nextValue(close) ?? NaN,
        ema: ema.nextValue(close) ?? NaN,
        rsi: rsi.nextValue(close) ?? NaN,
        macd: line ?? NaN,
        signal: signal ?? NaN,
        histogram: histogram ?? NaN,
        ...bands.nextValue(close),
        atr: atr.nextValue(high, low, close) ?? NaN,
        k: stochastic.nextValue(high, low, close)?.d ?? NaN,
        adx: adx.nextValue(high, low, close)?.adx ?? NaN,
      };
    },
  };
}
