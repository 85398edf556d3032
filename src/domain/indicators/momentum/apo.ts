import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';
import { averageGapBody } from './average-gap-body.ts';

export const apo: IndicatorDeclaration = {
  name: 'apo',
  title: 'Absolute price oscillator',
  family: 'momentum',
  tells: 'How far the short average is above the long one.',
  formula: 'average(fast) - average(slow), simple unless averageKind says another.',
  source: 'TA-Lib APO; Gerald Appel, late 1970s',
  parameters: [
    periodParameter(12, 2, 'fast', 'optInFastPeriod'),
    periodParameter(26, 2, 'slow', 'optInSlowPeriod'),
    averageKindParameter(),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'apo', units: 'series', talib: 'outReal' }],
  talib: 'APO',
  refuses: fastBelowSlow,
  build: ([fast = NaN, slow = NaN, kind = 0], [place = NaN]) =>
    averageGapBody(averageOf(kind, fast, place), averageOf(kind, slow, place), gap),
};

function gap(fast: number, slow: number): number {
  return fast - slow;
}
