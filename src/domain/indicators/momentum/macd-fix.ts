import { type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { macdBody } from './macd-body.ts';

/** MACD of 12 and 26 bars with the round factors of its author's time. */
export const macdFix: IndicatorDeclaration = {
  name: 'macdFix',
  title: 'Moving average convergence and divergence, fixed',
  family: 'momentum',
  tells: 'What the MACD of 12 and 26 bars tells, in the numbers of older charts.',
  formula:
    'macd = ema(12) - ema(26), which go 0.15 and 0.075 of the distance; signal = ema(macd, ' +
    'signal); histogram = macd - signal.',
  source: 'TA-Lib MACDFIX; Gerald Appel, late 1970s',
  parameters: [periodParameter(9, 1, 'signal', 'optInSignalPeriod')],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'macd', units: 'series', talib: 'outMACD' },
    { name: 'signal', units: 'series', talib: 'outMACDSignal' },
    { name: 'histogram', units: 'series', talib: 'outMACDHist' },
  ],
  talib: 'MACDFIX',
  build: ([signal = NaN], [place = NaN]) =>
    macdBody({ period: 12, alpha: 0.15 }, { period: 26, alpha: 0.075 }, signal, place),
};
