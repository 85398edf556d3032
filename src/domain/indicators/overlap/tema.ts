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
const DEPTH = 3;

/** Triple exponential moving average (TA-Lib `TEMA`). */
export const tema: IndicatorDeclaration = {
  name: 'tema',
  title: 'Triple exponential moving average',
  family: 'overlap',
  tells: 'An exponential average with most of its lag taken off: close to the price, and restless.',
  formula: '3 * e1 - 3 * e2 + e3, where e1 = ema(x, period), e2 = ema(e1) and e3 = ema(e2).',
  source: 'TA-Lib TEMA; Patrick Mulloy, 1994',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'tema', units: 'series', talib: 'outReal' }],
  talib: 'TEMA',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
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
      const first = state[cascadeLevel(cascade, 0)] ?? NaN;
      const second = state[cascadeLevel(cascade, 1)] ?? NaN;
      state[at + VALUE] = 3 * first - 3 * second + (state[cascadeLevel(cascade, 2)] ?? NaN);
    },
  };
}
