import { peerModule } from '../harness/peer-library.ts';
import type { Peer, PeerSet } from './peer-set.ts';
import { type Bar, barObject } from './ten-bars.ts';

interface Indicator<Result> {
  onData(bar: Bar): Result | undefined;
}

type Period = { readonly period: number };

interface Library {
  readonly SMA: new (options: Period) => Indicator<number>;
  readonly EMA: new (options: Period) => Indicator<number>;
  readonly RSI: new (options: Period) => Indicator<number>;
  readonly MACD: new (
    options: Readonly<Record<'period_fast' | 'period_slow' | 'period_signal', number>>,
  ) => Indicator<Readonly<Record<'macd' | 'signal' | 'histogram', number>>>;
  readonly BBANDS: new (
    options: Period,
  ) => Indicator<Readonly<Record<'upper' | 'middle' | 'lower', number>>>;
  readonly ATR: new (options: Period) => Indicator<number>;
  readonly STOCH: new (
    options: Readonly<Record<'k_period' | 'k_slowing' | 'd_period', number>>,
  ) => Indicator<Readonly<Record<'k' | 'd', number>>>;
  readonly OBV: new () => Indicator<number>;
  readonly ADX: new (options: Period) => Indicator<number>;
}

/** @junduck/trading-indi 0.999: nine of the ten. */
export async function junduck(): Promise<Peer | undefined> {
  const url = peerModule('@junduck/trading-indi', 'dist/index.js');
  if (url === undefined) return undefined;
  const library: Library = await import(url);
  return {
    make: () => makeSet(library),
    otherStart: {
      ema: 'starts at the first price, TA-Lib at the average of the first period',
      rsi: 'starts at the first change, TA-Lib at the average of the first period',
      macd: 'of such averages',
      signal: 'of such averages',
      histogram: 'of such averages',
      atr: 'starts at the first true range',
      adx: 'starts at the first movement',
    },
    otherwise: {
      upper: 'the deviation of a sample, TA-Lib of the population',
      lower: 'the deviation of a sample, TA-Lib of the population',
      vwap: 'none',
    },
  };
}

function makeSet(library: Library): PeerSet {
  const sma = new library.SMA({ period: 20 });
  const ema = new library.EMA({ period: 20 });
  const rsi = new library.RSI({ period: 14 });
  const macd = new library.MACD({ period_fast: 12, period_slow: 26, period_signal: 9 });
  const bands = new library.BBANDS({ period: 20 });
  const atr = new library.ATR({ period: 14 });
  const stochastic = new library.STOCH({ k_period: 14, k_slowing: 3, d_period: 3 });
  const obv = new library.OBV();
  const adx = new library.ADX({ period: 14 });
  let firstVolume = NaN;

  return {
    update(walk, symbol, minute) {
      const bar = barObject(walk, symbol, minute);
      if (minute === 0) firstVolume = bar.volume;
      sma.onData(bar);
      ema.onData(bar);
      rsi.onData(bar);
      macd.onData(bar);
      bands.onData(bar);
      atr.onData(bar);
      stochastic.onData(bar);
      obv.onData(bar);
      adx.onData(bar);
    },

    values(walk, symbol, minute) {
      const bar = barObject(walk, symbol, minute);
      return {
        sma: sma.onData(bar) ?? NaN,
        ema: ema.onData(bar) ?? NaN,
        rsi: rsi.onData(bar) ?? NaN,
        ...macd.onData(bar),
        ...bands.onData(bar),
        atr: atr.onData(bar) ?? NaN,
        ...stochastic.onData(bar),
        // Begins at 0 where TA-Lib begins at the first bar's volume.
        obv: (obv.onData(bar) ?? NaN) + firstVolume,
        adx: adx.onData(bar) ?? NaN,
      };
    },
  };
}
