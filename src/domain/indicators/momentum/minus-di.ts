import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { directionalIndicatorBody } from './directional-indicator-body.ts';

export const minusDi: IndicatorDeclaration = {
  name: 'minusDi',
  title: 'Minus directional indicator',
  family: 'momentum',
  tells: 'How much of what the market moved was the work of sellers.',
  formula:
    "100 * Wilder's sum of downward movement / Wilder's sum of true range; 0 without range. " +
    '(Over one bar TA-Lib leaves out the 100.)',
  source: 'TA-Lib MINUS_DI; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'minusDi', units: 'percent', talib: 'outReal' }],
  talib: 'MINUS_DI',
  build: ([period = NaN]) => directionalIndicatorBody(period, false),
};
