import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import {
  cascadeBars,
  cascadeLevel,
  cascadeWidth,
  resetCascade,
  stepCascade,
} from '../ema-cascade.ts';

const VALUE = 0;
const CASCADE = 1;
const DEPTH = 6;

/** Tillson's T3 (TA-Lib `T3`): a generalised double exponential average, taken three times. */
export const t3: IndicatorDeclaration = {
  name: 't3',
  title: 'Tillson T3 moving average',
  family: 'overlap',
  tells: 'A very smooth average with little lag: what is left of a trend without its noise.',
  formula:
    'c1*e6 + c2*e5 + c3*e4 + c4*e3, e1..e6 emas of one another, v the factor: c1 = -v^3, ' +
    'c2 = 3(v^2 + v^3), c3 = -6v^2 - 3(v + v^3), c4 = 1 + 3v + 3v^2 + v^3.',
  source: 'TA-Lib T3; Tim Tillson, 1998',
  parameters: [
    talibPeriod(5, 2),
    {
      name: 'vFactor',
      least: 0,
      most: 1,
      usual: 0.7,
      isWhole: false,
      isQuiet: true,
      talib: 'optInVFactor',
    },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 't3', units: 'series', talib: 'outReal' }],
  talib: 'T3',
  build: ([period = NaN, vFactor = NaN], [place = NaN]) => build(period, vFactor, place),
};

function build(period: number, vFactor: number, closeAt: number): IndicatorBody {
  const square = vFactor * vFactor;
  const cube = square * vFactor;
  const c1 = -cube;
  const c2 = 3 * (square + cube);
  const c3 = -6 * square - 3 * (vFactor + cube);
  const c4 = 1 + 3 * vFactor + 3 * square + cube;

  return {
    width: CASCADE + cascadeWidth(DEPTH),
    warmupBars: cascadeBars(DEPTH, period),

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetCascade(state, at + CASCADE, DEPTH);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      const cascade = at + CASCADE;
      if (!stepCascade(state, cascade, DEPTH, period, close)) return;
      const third = cascadeLevel(cascade, 2);
      state[at + VALUE] =
        c1 * (state[third + 3] ?? NaN) +
        c2 * (state[third + 2] ?? NaN) +
        c3 * (state[third + 1] ?? NaN) +
        c4 * (state[third] ?? NaN);
    },
  };
}
