import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { changeBody } from './change-body.ts';

export const rocrPercent: IndicatorDeclaration = {
  name: 'rocrPercent',
  title: 'Rate of change, as a ratio in per cent',
  family: 'momentum',
  tells: 'How many per cent of its value then the price is now: above 100 it has risen.',
  formula: '100 * x / x of period bars ago; 0 where that is 0.',
  source: 'TA-Lib ROCR100',
  parameters: [talibPeriod(10, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rocrPercent', units: 'percent', talib: 'outReal' }],
  talib: 'ROCR100',
  build: ([period = NaN], [place = NaN]) => changeBody(period, place, change),
};

function change(now: number, before: number): number {
  return before === 0 ? 0 : (now / before) * 100;
}
