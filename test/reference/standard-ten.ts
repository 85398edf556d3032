import { configure } from '../../src/domain/indicators/declaration.ts';
import {
  createIndicatorSet,
  type IndicatorSet,
} from '../../src/domain/indicators/indicator-set.ts';
import { adx } from '../../src/domain/indicators/momentum/adx.ts';
import { macd } from '../../src/domain/indicators/momentum/macd.ts';
import { rsi } from '../../src/domain/indicators/momentum/rsi.ts';
import { stochastic } from '../../src/domain/indicators/momentum/stochastic.ts';
import { bollinger } from '../../src/domain/indicators/overlap/bollinger.ts';
import { ema } from '../../src/domain/indicators/overlap/ema.ts';
import { sma } from '../../src/domain/indicators/overlap/sma.ts';
import { vwap } from '../../src/domain/indicators/session/vwap.ts';
import { atr } from '../../src/domain/indicators/volatility/atr.ts';
import { obv } from '../../src/domain/indicators/volume/obv.ts';

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
