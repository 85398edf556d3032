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
const DEPTH = 2;

/** Double exponential moving average (TA-Lib `DEMA`). */
export const dema: IndicatorDeclaration = {
  name: 'dema',
  title: 'Double exponential moving average',
  family: 'overlap',
  tells: 'An exponential average with half its lag taken off: it may overshoot a turn.',
  formula: '2 * e1 - e2, where e1 = ema(x, period) and e2 = ema(e1, period).',
  source: 'TA-Lib DEMA; Patrick Mulloy, 1994',
  parameters: [talibPeriod(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'dema', units: 'series', talib: 'outReal' }],
  talib: 'DEMA',
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
      state[at + VALUE] = 2 * first - (state[cascadeLevel(cascade, 1)] ?? NaN);
    },
  };
}
