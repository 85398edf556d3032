import { present } from '../../core/assert.ts';
import { configure } from './declaration.ts';
import { createIndicatorSet, type IndicatorSet, type Placement } from './indicator-set.ts';
import { adx } from './momentum/adx.ts';
import { macd } from './momentum/macd.ts';
import { rsi } from './momentum/rsi.ts';
import { stochastic } from './momentum/stochastic.ts';
import { bollinger } from './overlap/bollinger.ts';
import { ema } from './overlap/ema.ts';
import { sma } from './overlap/sma.ts';
import { vwap } from './session/vwap.ts';
import { atr } from './volatility/atr.ts';
import { obv } from './volume/obv.ts';

/** The ten every symbol carries, with the parameters traders expect. */
export function standardTen(): IndicatorSet {
  const indicators = [
    configure(sma, [20]),
    configure(ema, [20]),
    configure(rsi, [14]),
    configure(macd, [12, 26, 9]),
    configure(bollinger, [20, 2]),
    configure(atr, [14]),
    configure(stochastic, [14, 3, 3]),
    configure(vwap),
    configure(obv),
    configure(adx, [14]),
  ];
  return createIndicatorSet(indicators, chainTen);
}

/**
 * Written out because every event of every symbol comes through here: a call that stands in the
 * code by itself has one answer to whom it calls, so V8 calls it directly or puts it in place. A
 * loop over the ten takes a third longer.
 */
function chainTen(placements: readonly Placement[]): IndicatorSet['update'] {
  const one = (place: number) => present(placements[place], 'an indicator').indicator.update;
  const from = (place: number) => present(placements[place], 'an indicator').offset;
  const [sma20, ema20, rsi14, macd12, bands] = [one(0), one(1), one(2), one(3), one(4)];
  const [atr14, stochastic14, vwapOfDay, balance, adx14] = [one(5), one(6), one(7), one(8), one(9)];
  const [smaAt, emaAt, rsiAt, macdAt, bandsAt] = [from(0), from(1), from(2), from(3), from(4)];
  const [atrAt, stochasticAt, vwapAt, obvAt, adxAt] = [from(5), from(6), from(7), from(8), from(9)];

  return (state, at, bar) => {
    sma20(state, at + smaAt, bar);
    ema20(state, at + emaAt, bar);
    rsi14(state, at + rsiAt, bar);
    macd12(state, at + macdAt, bar);
    bands(state, at + bandsAt, bar);
    atr14(state, at + atrAt, bar);
    stochastic14(state, at + stochasticAt, bar);
    vwapOfDay(state, at + vwapAt, bar);
    balance(state, at + obvAt, bar);
    adx14(state, at + adxAt, bar);
  };
}
