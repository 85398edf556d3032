import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { changeBody } from './change-body.ts';

export const rocp: IndicatorDeclaration = {
  name: 'rocp',
  title: 'Rate of change, as a share',
  family: 'momentum',
  tells: 'What share of its value then the price has gained.',
  formula: '(x - x of period bars ago) / x of period bars ago; 0 where that is 0.',
  source: 'TA-Lib ROCP',
  parameters: [talibPeriod(10, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rocp', units: 'ratio', talib: 'outReal' }],
  talib: 'ROCP',
  build: ([period = NaN], [place = NaN]) => changeBody(period, place, change),
};

function change(now: number, before: number): number {
  return before === 0 ? 0 : (now - before) / before;
}
