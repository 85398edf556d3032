import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  resetShape,
  SHAPE_CUBES,
  SHAPE_FOURTHS,
  SHAPE_SQUARES,
  shapeWidth,
  slideShape,
} from '../window-shape.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const WINDOW = 1;

const COMMON = {
  family: 'statistics',
  inputs: ['close'],
  takesAnySeries: true,
  undefinedWhere: 'the variance of the window is under 1e-14',
} as const;

/** Whether a window leans to one side. */
export const skewness: IndicatorDeclaration = {
  ...COMMON,
  name: 'skewness',
  title: 'Skewness',
  tells: 'Which tail is longer: below 0 the rare values lie far down, above 0 far up.',
  formula: 'mean((x - mean)^3) / mean((x - mean)^2)^1.5 over period, of the population.',
  source: 'Karl Pearson, 1895; moments by Pebay, 2008',
  parameters: [periodParameter(30, 3)],
  outputs: [{ name: 'skewness', units: 'ratio' }],
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (state, window, variance) => {
      const third = (state[window + SHAPE_CUBES] ?? NaN) / period;
      return third / (variance * Math.sqrt(variance));
    }),
};

/** Whether a window has heavy tails. */
export const kurtosis: IndicatorDeclaration = {
  ...COMMON,
  name: 'kurtosis',
  title: 'Excess kurtosis',
  tells: 'How much of the scatter comes from rare large values: 0 for a normal distribution.',
  formula: 'mean((x - mean)^4) / mean((x - mean)^2)^2 - 3 over period, of the population.',
  source: 'Karl Pearson, 1905; moments by Pebay, 2008',
  parameters: [periodParameter(30, 4)],
  outputs: [{ name: 'kurtosis', units: 'ratio' }],
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (state, window, variance) => {
      const fourth = (state[window + SHAPE_FOURTHS] ?? NaN) / period;
      return fourth / (variance * variance) - 3;
    }),
};

type Answer = (state: Float64Array, window: number, variance: number) => number;

function build(period: number, place: number, answer: Answer): IndicatorBody {
  return {
    width: WINDOW + shapeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetShape(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const window = at + WINDOW;
      slideShape(state, window, period, x);
      const variance = (state[window + SHAPE_SQUARES] ?? NaN) / period;
      state[at + VALUE] = variance < ZERO_BELOW ? NaN : answer(state, window, variance);
    },
  };
}
