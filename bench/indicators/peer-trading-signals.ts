import { peerModule } from '../harness/peer-library.ts';
import type { Peer, PeerSet } from './peer-set.ts';
import { type Bar, barObject } from './ten-bars.ts';

export interface Indicator<Input, Result> {
  update(input: Input, replace: boolean): Result | undefined;
}

/** What of trading-signals 8 is measured beside. */
export interface TradingSignals {
  readonly SMA: new (interval: number) => Indicator<number, number>;
  readonly EMA: new (interval: number) => Indicator<number, number>;
  readonly RSI: new (interval: number) => Indicator<number, number>;
  readonly MACD: new (
    short: Indicator<number, number>,
    long: Indicator<number, number>,
    signal: Indicator<number, number>,
  ) => Indicator<number, Readonly<Record<'macd' | 'signal' | 'histogram', number>>>;
  readonly BollingerBands: new (
    interval: number,
    deviations: number,
  ) => Indicator<number, Readonly<Record<'upper' | 'middle' | 'lower', number>>>;
  readonly ATR: new (interval: number) => Indicator<Bar, number>;
  readonly StochasticOscillator: new (
    periods: Readonly<Record<'kPeriod' | 'kSlowingPeriod' | 'dPeriod', number>>,
  ) => Indicator<Bar, Readonly<Record<'stochK' | 'stochD', number>>>;
  readonly VWAP: new () => Indicator<Bar, number>;
  readonly OBV: new (interval: number) => Indicator<Bar, number>;
  readonly ADX: new (interval: number) => Indicator<Bar, number>;
}

/** trading-signals 8 with all ten, through the calls that its readme teaches. */
export async function tradingSignals(): Promise<Peer | undefined> {
  const url = peerModule('trading-signals', 'dist/index.js');
  if (url === undefined) return undefined;
  const library: TradingSignals = await import(url);
  return {
    make: () => makeSet(library),
    otherStart: {
      ema: 'starts at the first price, TA-Lib at the average of the first period',
      macd: 'of such averages',
      signal: 'of such averages',
      histogram: 'of such averages',
      atr: "takes the first bar's high - low for a true range",
      adx: 'starts with a bar of no movement',
    },
    otherwise: {},
  };
}

/** Undefined where it is not installed. */
export async function loadTradingSignals(): Promise<TradingSignals | undefined> {
  const url = peerModule('trading-signals', 'dist/index.js');
  if (url === undefined) return undefined;
  const library: TradingSignals = await import(url);
  return library;
}

function makeSet(library: TradingSignals): PeerSet {
  const sma = new library.SMA(20);
  const ema = new library.EMA(20);
  const rsi = new library.RSI(14);
  const macd = new library.MACD(new library.EMA(12), new library.EMA(26), new library.EMA(9));
  const bands = new library.BollingerBands(20, 2);
  const atr = new library.ATR(14);
  const periods = { kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 };
  const stochastic = new library.StochasticOscillator(periods);
  const vwap = new library.VWAP();
  const obv = new library.OBV(2);
  const adx = new library.ADX(14);
  let firstVolume = NaN;

  return {
    update(walk, symbol, minute) {
      const bar = barObject(walk, symbol, minute);
      if (minute === 0) firstVolume = bar.volume;
      sma.update(bar.close, false);
      ema.update(bar.close, false);
      rsi.update(bar.close, false);
      macd.update(bar.close, false);
      bands.update(bar.close, false);
      atr.update(bar, false);
      stochastic.update(bar, false);
      vwap.update(bar, false);
      obv.update(bar, false);
      adx.update(bar, false);
    },

    values(walk, symbol, minute) {
      const bar = barObject(walk, symbol, minute);
      const lines = stochastic.update(bar, false);
      return {
        sma: sma.update(bar.close, false) ?? NaN,
        ema: ema.update(bar.close, false) ?? NaN,
        rsi: rsi.update(bar.close, false) ?? NaN,
        ...macd.update(bar.close, false),
        ...bands.update(bar.close, false),
        atr: atr.update(bar, false) ?? NaN,
        k: lines?.stochK ?? NaN,
        d: lines?.stochD ?? NaN,
        vwap: vwap.update(bar, false) ?? NaN,
        // Begins at 0 where TA-Lib begins at the first bar's volume.
        obv: (obv.update(bar, false) ?? NaN) + firstVolume,
        adx: adx.update(bar, false) ?? NaN,
      };
    },
  };
}
