import { type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';
import { macdBody, type Pace } from './macd-body.ts';

/** Moving average convergence and divergence of closes (TA-Lib `MACD`). */
export const macd: IndicatorDeclaration = {
  name: 'macd',
  title: 'Moving average convergence and divergence',
  family: 'momentum',
  tells: 'Whether the short trend pulls away from the long one, and whether that pull weakens.',
  formula:
    'macd = ema(fast) - ema(slow), both seeded on the same bar; signal = ema(macd, signal); ' +
    'histogram = macd - signal.',
  source: 'TA-Lib MACD; Gerald Appel, late 1970s',
  parameters: [
    periodParameter(12, 2, 'fast', 'optInFastPeriod'),
    periodParameter(26, 2, 'slow', 'optInSlowPeriod'),
    periodParameter(9, 1, 'signal', 'optInSignalPeriod'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'macd', units: 'series', talib: 'outMACD' },
    { name: 'signal', units: 'series', talib: 'outMACDSignal' },
    { name: 'histogram', units: 'series', talib: 'outMACDHist' },
  ],
  talib: 'MACD',
  refuses: fastBelowSlow,
  build: ([fast = NaN, slow = NaN, signal = NaN], [closeAt = NaN]) =>
    macdBody(pace(fast), pace(slow), signal, closeAt),
};

function pace(period: number): Pace {
  return { period, alpha: 2 / (period + 1) };
}
