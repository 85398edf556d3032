import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { stochasticBody } from './stochastic-body.ts';

export const stochasticFast: IndicatorDeclaration = {
  name: 'stochasticFast',
  title: 'Fast stochastic',
  family: 'momentum',
  tells: 'Where the close stands in its recent range, at once: quicker and noisier than the slow.',
  formula:
    'K = 100 * (close - lowest low) / (highest high - lowest low); D = average(K, smoothing), ' +
    'simple unless smoothingKind says another; a window without range is 0.',
  source: 'TA-Lib STOCHF; George Lane',
  parameters: [
    periodParameter(5, 1, 'period', 'optInFastK_Period'),
    periodParameter(3, 1, 'smoothing', 'optInFastD_Period'),
    averageKindParameter('optInFastD_MAType', 'smoothingKind'),
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'k', units: 'percent', talib: 'outFastK' },
    { name: 'd', units: 'percent', talib: 'outFastD' },
  ],
  talib: 'STOCHF',
  build: ([period = NaN, smoothing = NaN, kind = 0]) =>
    stochasticBody(period, averageOf(0, 1, 0), averageOf(kind, smoothing, 0)),
};
