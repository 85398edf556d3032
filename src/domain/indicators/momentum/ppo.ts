import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';
import { ZERO_BELOW } from '../zero.ts';
import { averageGapBody } from './average-gap-body.ts';

export const ppo: IndicatorDeclaration = {
  name: 'ppo',
  title: 'Percentage price oscillator',
  family: 'momentum',
  tells: 'How many per cent the short average is above the long one: comparable between symbols.',
  formula:
    '100 * (average(fast) - average(slow)) / average(slow), simple unless averageKind says ' +
    'another; 0 where the slow one is 0.',
  source: 'TA-Lib PPO; Gerald Appel, late 1970s',
  parameters: [
    periodParameter(12, 2, 'fast', 'optInFastPeriod'),
    periodParameter(26, 2, 'slow', 'optInSlowPeriod'),
    averageKindParameter(),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'ppo', units: 'percent', talib: 'outReal' }],
  talib: 'PPO',
  refuses: fastBelowSlow,
  build: ([fast = NaN, slow = NaN, kind = 0], [place = NaN]) =>
    averageGapBody(averageOf(kind, fast, place), averageOf(kind, slow, place), gap),
};

function gap(fast: number, slow: number): number {
  return Math.abs(slow) < ZERO_BELOW ? 0 : (100 * (fast - slow)) / slow;
}
