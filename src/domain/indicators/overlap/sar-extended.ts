import type { IndicatorDeclaration, ParameterDeclaration } from '../declaration.ts';
import { parabolic } from './parabolic.ts';

/** Parabolic stop and reverse with all its screws (TA-Lib `SAREXT`). */
export const sarExtended: IndicatorDeclaration = {
  name: 'sarExtended',
  title: 'Parabolic stop and reverse, extended',
  family: 'overlap',
  tells: 'The parabolic stop with its own pace for either side; negative while short.',
  formula:
    'sar with its own acceleration for long and short; startValue above 0 begins long with that ' +
    'stop, below 0 short; a turn sets the stop offsetOnReverse of itself further off.',
  source: 'TA-Lib SAREXT',
  parameters: [
    share('startValue', 'optInStartValue', 0, -1e6, 1e6),
    share('offsetOnReverse', 'optInOffsetOnReverse', 0),
    share('initialLong', 'optInAccelerationInitLong', 0.02),
    share('accelerationLong', 'optInAccelerationLong', 0.02),
    share('maximumLong', 'optInAccelerationMaxLong', 0.2),
    share('initialShort', 'optInAccelerationInitShort', 0.02),
    share('accelerationShort', 'optInAccelerationShort', 0.02),
    share('maximumShort', 'optInAccelerationMaxShort', 0.2),
  ],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'sar', units: 'price', talib: 'outReal' }],
  talib: 'SAREXT',
  build: ([
    startValue = NaN,
    offsetOnReverse = NaN,
    initialLong = NaN,
    accelerationLong = NaN,
    maximumLong = NaN,
    initialShort = NaN,
    accelerationShort = NaN,
    maximumShort = NaN,
  ]) =>
    parabolic({
      long: { initial: initialLong, added: accelerationLong, most: maximumLong },
      short: { initial: initialShort, added: accelerationShort, most: maximumShort },
      startValue,
      offsetOnReverse,
      isSigned: true,
    }),
};

function share(
  name: string,
  talib: string,
  usual: number,
  least = 0,
  most = 1,
): ParameterDeclaration {
  return { name, least, most, usual, isWhole: false, isQuiet: true, talib };
}
