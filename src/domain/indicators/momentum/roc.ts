import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { changeBody } from './change-body.ts';

export const roc: IndicatorDeclaration = {
  name: 'roc',
  title: 'Rate of change',
  family: 'momentum',
  tells: 'How many per cent the price has gained since then.',
  formula: '100 * (x / x of period bars ago - 1); 0 where that is 0.',
  source: 'TA-Lib ROC',
  parameters: [talibPeriod(10, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'roc', units: 'percent', talib: 'outReal' }],
  talib: 'ROC',
  build: ([period = NaN], [place = NaN]) => changeBody(period, place, change),
};

function change(now: number, before: number): number {
  return before === 0 ? 0 : (now / before - 1) * 100;
}
