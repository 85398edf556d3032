import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { changeBody } from './change-body.ts';

export const rocr: IndicatorDeclaration = {
  name: 'rocr',
  title: 'Rate of change, as a ratio',
  family: 'momentum',
  tells: 'How many times its value then the price is now: above 1 it has risen.',
  formula: 'x / x of period bars ago; 0 where that is 0.',
  source: 'TA-Lib ROCR',
  parameters: [talibPeriod(10, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rocr', units: 'ratio', talib: 'outReal' }],
  talib: 'ROCR',
  build: ([period = NaN], [place = NaN]) => changeBody(period, place, change),
};

function change(now: number, before: number): number {
  return before === 0 ? 0 : now / before;
}
