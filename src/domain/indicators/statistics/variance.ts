import {
  type IndicatorBody,
  type IndicatorDeclaration,
  periodParameter,
  talibPeriod,
} from '../declaration.ts';
import {
  aboveWindowMean,
  resetWindowVariance,
  slideWindowVariance,
  windowVarianceWidth,
} from '../window-variance.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const WINDOW = 1;

const COMMON = {
  family: 'statistics',
  inputs: ['close'],
  takesAnySeries: true,
} as const;

/** Population variance of a window (TA-Lib `VAR`, which takes a number of deviations in vain). */
export const variance: IndicatorDeclaration = {
  ...COMMON,
  name: 'variance',
  title: 'Variance',
  tells: 'How widely values scatter around their mean, in squares of their units.',
  formula:
    'mean((x - mean)^2) over period, of the population, from distances; TA-Lib takes the mean ' +
    'square less the squared mean, which keeps few digits where prices are large and still.',
  source: 'TA-Lib VAR',
  version: 2,
  parameters: [talibPeriod(5)],
  outputs: [{ name: 'variance', units: 'price2', talib: 'outReal' }],
  talib: 'VAR',
  build: ([period = NaN], [place = NaN]) => build(period, place, (variance) => variance),
};

/** Population deviation of a window (TA-Lib `STDDEV`). */
export const standardDeviation: IndicatorDeclaration = {
  ...COMMON,
  name: 'standardDeviation',
  title: 'Standard deviation',
  tells: 'How far from their mean values usually stand.',
  formula:
    'deviations * sqrt(mean((x - mean)^2)) over period, of the population; a variance under ' +
    '1e-14 is none. From distances, where TA-Lib takes a difference of squares.',
  source: 'TA-Lib STDDEV',
  version: 2,
  parameters: [
    talibPeriod(5),
    {
      name: 'deviations',
      least: 0.01,
      most: 100,
      usual: 1,
      isWhole: false,
      isQuiet: true,
      talib: 'optInNbDev',
    },
  ],
  outputs: [{ name: 'deviation', units: 'series', talib: 'outReal' }],
  talib: 'STDDEV',
  build: ([period = NaN, deviations = NaN], [place = NaN]) =>
    build(period, place, (variance) => deviations * deviationOf(variance)),
};

/** How many deviations the present value stands from the mean of its window. */
export const zScore: IndicatorDeclaration = {
  ...COMMON,
  name: 'zScore',
  title: 'Z-score',
  tells: 'How unusual the price is for its window: beyond 2 or 3 deviations it seldom stays.',
  formula:
    '(x - mean) / population deviation over period, x among them; 0 where the variance is under ' +
    '1e-14.',
  source: 'Textbook; as in Gatev, Goetzmann and Rouwenhorst, 2006',
  version: 2,
  parameters: [periodParameter(20)],
  outputs: [{ name: 'zScore', units: 'ratio' }],
  build: ([period = NaN], [place = NaN]) =>
    build(period, place, (variance, state, window, x) => {
      const deviation = deviationOf(variance);
      return deviation === 0 ? 0 : aboveWindowMean(state, window, x) / deviation;
    }),
};

function deviationOf(variance: number): number {
  return variance < ZERO_BELOW ? 0 : Math.sqrt(variance);
}

type Answer = (variance: number, state: Float64Array, window: number, x: number) => number;

function build(period: number, place: number, answer: Answer): IndicatorBody {
  return {
    width: WINDOW + windowVarianceWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowVariance(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const window = at + WINDOW;
      const squares = slideWindowVariance(state, window, period, x);
      state[at + VALUE] = answer(squares / period, state, window, x);
    },
  };
}
