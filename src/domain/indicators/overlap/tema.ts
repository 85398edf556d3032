import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { cascadeBody } from './cascade-body.ts';

/** Triple exponential moving average (TA-Lib `TEMA`). */
export const tema: IndicatorDeclaration = {
  name: 'tema',
  title: 'Triple exponential moving average',
  family: 'overlap',
  tells: 'An exponential average with most of its lag taken off: close to the price, and restless.',
  formula: '3 * e1 - 3 * e2 + e3, where e1 = ema(x, period), e2 = ema(e1) and e3 = ema(e2).',
  source: 'TA-Lib TEMA; Patrick Mulloy, 1994',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'tema', units: 'series', talib: 'outReal' }],
  talib: 'TEMA',
  build: ([period = NaN], [place = NaN]) => cascadeBody(period, place, [3, -3, 1]),
};
