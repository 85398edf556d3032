import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import {
  resetWindowVariance,
  slideWindowVariance,
  windowVarianceWidth,
} from '../window-variance.ts';
import { rogersSatchellTerm } from './rogers-satchell.ts';

const VALUE = 0;
const PREVIOUS = 1; // Close of the bar before; 0 before the first.
const GAPS = 2;

/** Volatility from gaps, bodies and ranges, weighted for the least error; no drift raises it. */
export const yangZhang: IndicatorDeclaration = {
  name: 'yangZhang',
  title: 'Yang-Zhang volatility',
  family: 'volatility',
  tells: 'How much the price moves, gaps and ranges included, apart from its trend.',
  formula:
    'sqrt(O + k * C + (1 - k) * RS): O and C sample variances of ln(open / previous close) and ' +
    'ln(close / open), RS as Rogers-Satchell, all over period bars; k = 0.34 / (1.34 + ' +
    "(period + 1) / (period - 1)). A ratio per bar; annualising it is the reader's.",
  source:
    'Yang and Zhang, Drift-Independent Volatility Estimation Based on High, Low, Open, and Close ' +
    'Prices, 2000',
  parameters: [periodParameter(20, 2)],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'ratio' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const bodies = GAPS + windowVarianceWidth(period);
  const ranges = bodies + windowVarianceWidth(period);
  const bodyShare = 0.34 / (1.34 + (period + 1) / (period - 1));

  return {
    width: ranges + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = 0;
      resetWindowVariance(state, at + GAPS, period);
      resetWindowVariance(state, at + bodies, period);
      resetWindowSum(state, at + ranges, period);
    },

    update(state, at, bar) {
      const open = bar[OPEN] ?? NaN;
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = open + high + low + close;
      if (sound - sound !== 0 || Math.min(open, high, low, close) <= 0) return;

      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (previous === 0) return;
      const gap = slideWindowVariance(state, at + GAPS, period, logRatio(open, previous));
      const body = slideWindowVariance(state, at + bodies, period, logRatio(close, open));
      const term = rogersSatchellTerm(open, high, low, close);
      const range = slideWindowSum(state, at + ranges, period, term);
      const variance = (gap + bodyShare * body) / (period - 1) + ((1 - bodyShare) * range) / period;
      state[at + VALUE] = Math.sqrt(variance);
    },
  };
}
