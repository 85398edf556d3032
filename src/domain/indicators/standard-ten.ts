import { configure } from './declaration.ts';
import { createIndicatorSet, type IndicatorSet } from './indicator-set.ts';
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
  return createIndicatorSet([
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
  ]);
}
