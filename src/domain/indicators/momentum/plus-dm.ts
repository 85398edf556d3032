import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { movementBody } from './movement-body.ts';

export const plusDm: IndicatorDeclaration = {
  name: 'plusDm',
  title: 'Plus directional movement',
  family: 'momentum',
  tells: 'How far the bars have lately reached up beyond the one before.',
  formula:
    "Wilder's sum of upward movement, begun with the plain sum of bars 2 to period; over one " +
    'bar its own movement.',
  source: 'TA-Lib PLUS_DM; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'plusDm', units: 'price', talib: 'outReal' }],
  talib: 'PLUS_DM',
  build: ([period = NaN]) => movementBody(period, true),
};
