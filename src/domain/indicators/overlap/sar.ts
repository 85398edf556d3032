import type { IndicatorDeclaration } from '../declaration.ts';
import { parabolic } from './parabolic.ts';

/** Parabolic stop and reverse (TA-Lib `SAR`). */
export const sar: IndicatorDeclaration = {
  name: 'sar',
  title: 'Parabolic stop and reverse',
  family: 'overlap',
  tells: 'A trailing stop that closes in the longer a trend makes new extremes; hit, it turns.',
  formula:
    'stop += step * (extreme - stop); the step begins at acceleration, grows by it with each new ' +
    'extreme up to maximum; never inside the last two bars. Long first, unless the low fell more.',
  source: 'TA-Lib SAR; J. Welles Wilder, 1978',
  parameters: [
    {
      name: 'acceleration',
      least: 0,
      most: 1,
      usual: 0.02,
      isWhole: false,
      isQuiet: true,
      talib: 'optInAcceleration',
    },
    {
      name: 'maximum',
      least: 0,
      most: 1,
      usual: 0.2,
      isWhole: false,
      isQuiet: true,
      talib: 'optInMaximum',
    },
  ],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'sar', units: 'price', talib: 'outReal' }],
  talib: 'SAR',
  build: ([added = NaN, most = NaN]) => {
    const both = { initial: added, added, most };
    return parabolic({
      long: both,
      short: both,
      startValue: 0,
      offsetOnReverse: 0,
      isSigned: false,
    });
  },
};
