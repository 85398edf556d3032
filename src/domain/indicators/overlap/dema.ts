import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { cascadeBody } from './cascade-body.ts';

/** Double exponential moving average (TA-Lib `DEMA`). */
export const dema: IndicatorDeclaration = {
  name: 'dema',
  title: 'Double exponential moving average',
  family: 'overlap',
  tells: 'An exponential average with half its lag taken off: it may overshoot a turn.',
  formula: '2 * e1 - e2, where e1 = ema(x, period) and e2 = ema(e1, period).',
  source: 'TA-Lib DEMA; Patrick Mulloy, 1994',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'dema', units: 'series', talib: 'outReal' }],
  talib: 'DEMA',
  build: ([period = NaN], [place = NaN]) => cascadeBody(period, place, [2, -1]),
};
