import { atan } from '../../../core/math-inverse.ts';
import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import {
  LINE_ANCHOR,
  LINE_MEAN,
  LINE_PRODUCTS,
  lineSquares,
  lineWidth,
  resetLine,
  slideLine,
} from '../window-line.ts';

const VALUE = 0;
const WINDOW = 1;

const COMMON = {
  family: 'statistics',
  parameters: [talibPeriod(14)],
  inputs: ['close'],
  takesAnySeries: true,
} as const;

const LINE = 'the least-squares line through the last period values, bars a step apart';

/** End of the line through a window (TA-Lib `LINEARREG`). */
export const linearRegression: IndicatorDeclaration = {
  ...COMMON,
  name: 'linearRegression',
  title: 'Linear regression',
  tells: 'Where the price would be now had it kept to its recent straight line.',
  formula: `Value at the present bar of ${LINE}.`,
  source: 'TA-Lib LINEARREG',
  outputs: [{ name: 'linearRegression', units: 'series', talib: 'outReal' }],
  talib: 'LINEARREG',
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (mean, slope) => mean + slope * 0.5 * (period - 1)),
};

/** Its slope in degrees (TA-Lib `LINEARREG_ANGLE`). */
export const linearRegressionAngle: IndicatorDeclaration = {
  ...COMMON,
  name: 'linearRegressionAngle',
  title: 'Angle of the linear regression',
  tells: 'How steeply the recent line rises, as an angle: 45 degrees is one dollar a bar.',
  formula:
    `atan(slope) * 180 / pi of ${LINE}; one unit of the series, a dollar where it is a price, ` +
    'counts as long as one bar.',
  source: 'TA-Lib LINEARREG_ANGLE',
  outputs: [{ name: 'angle', units: 'degrees', talib: 'outReal' }],
  talib: 'LINEARREG_ANGLE',
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (_, slope) => atan(slope) * (180 / Math.PI)),
};

/** Its beginning (TA-Lib `LINEARREG_INTERCEPT`). */
export const linearRegressionIntercept: IndicatorDeclaration = {
  ...COMMON,
  name: 'linearRegressionIntercept',
  title: 'Intercept of the linear regression',
  tells: 'Where the recent straight line began.',
  formula: `Value at the oldest bar of ${LINE}.`,
  source: 'TA-Lib LINEARREG_INTERCEPT',
  outputs: [{ name: 'intercept', units: 'series', talib: 'outReal' }],
  talib: 'LINEARREG_INTERCEPT',
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (mean, slope) => mean - slope * 0.5 * (period - 1)),
};

/** Its slope (TA-Lib `LINEARREG_SLOPE`). */
export const linearRegressionSlope: IndicatorDeclaration = {
  ...COMMON,
  name: 'linearRegressionSlope',
  title: 'Slope of the linear regression',
  tells: 'How much the price has gained a bar, by the line that fits best.',
  formula: `Gain a bar of ${LINE}.`,
  source: 'TA-Lib LINEARREG_SLOPE',
  outputs: [{ name: 'slope', units: 'series', talib: 'outReal' }],
  talib: 'LINEARREG_SLOPE',
  build: ([period = NaN], [place = NaN]) => build(period, place, (_, slope) => slope),
};

/** The line a bar further (TA-Lib `TSF`). */
export const timeSeriesForecast: IndicatorDeclaration = {
  ...COMMON,
  name: 'timeSeriesForecast',
  title: 'Time series forecast',
  tells: 'Where the price will be on the next bar if it keeps to its recent straight line.',
  formula: `Value at the next bar of ${LINE}.`,
  source: 'TA-Lib TSF',
  outputs: [{ name: 'forecast', units: 'series', talib: 'outReal' }],
  talib: 'TSF',
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (mean, slope) => mean + slope * 0.5 * (period + 1)),
};

type Answer = (mean: number, slope: number) => number;

function build(period: number, place: number, answer: Answer): IndicatorBody {
  const perSquare = 1 / lineSquares(period);

  return {
    width: WINDOW + lineWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetLine(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const window = at + WINDOW;
      slideLine(state, window, period, x);
      const slope = (state[window + LINE_PRODUCTS] ?? NaN) * perSquare;
      const mean = (state[window + LINE_ANCHOR] ?? NaN) + (state[window + LINE_MEAN] ?? NaN);
      state[at + VALUE] = answer(mean, slope);
    },
  };
}
