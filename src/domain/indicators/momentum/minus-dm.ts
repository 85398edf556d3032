import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { movementBody } from './movement-body.ts';

export const minusDm: IndicatorDeclaration = {
  name: 'minusDm',
  title: 'Minus directional movement',
  family: 'momentum',
  tells: 'How far the bars have lately reached down beyond the one before.',
  formula:
    "Wilder's sum of downward movement, begun with the plain sum of bars 2 to period; over one " +
    'bar its own movement.',
  source: 'TA-Lib MINUS_DM; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'minusDm', units: 'price', talib: 'outReal' }],
  talib: 'MINUS_DM',
  build: ([period = NaN]) => movementBody(period, false),
};
