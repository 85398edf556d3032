import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorDeclaration, talibPeriod } from '../declaration.ts';

/** A moving average of any kind (TA-Lib `MA`). */
export const ma: IndicatorDeclaration = {
  name: 'ma',
  title: 'Moving average of a kind',
  family: 'overlap',
  tells: 'Where the price has been on average, by the average that the parameters name.',
  formula:
    'By averageKind: 0 sma, 1 ema, 2 wma, 3 dema, 4 tema, 5 trima, 6 kama, 7 mama (without a ' +
    'period), 8 t3. Over one bar the value itself.',
  source: 'TA-Lib MA',
  parameters: [talibPeriod(30, 1), averageKindParameter()],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'ma', units: 'series', talib: 'outReal' }],
  talib: 'MA',
  build: ([period = NaN, kind = NaN], [place = NaN]) => averageOf(kind, period, place),
};
