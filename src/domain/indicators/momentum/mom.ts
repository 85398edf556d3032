import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { changeBody } from './change-body.ts';

export const mom: IndicatorDeclaration = {
  name: 'mom',
  title: 'Momentum',
  family: 'momentum',
  tells: 'How far the price is from where it was: its pace in its own units.',
  formula: 'x - x of period bars ago.',
  source: 'TA-Lib MOM',
  parameters: [talibPeriod(10, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'mom', units: 'series', talib: 'outReal' }],
  talib: 'MOM',
  build: ([period = NaN], [place = NaN]) => changeBody(period, place, change),
};

function change(now: number, before: number): number {
  return now - before;
}
