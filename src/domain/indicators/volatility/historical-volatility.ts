import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import {
  resetWindowVariance,
  slideWindowVariance,
  windowVarianceWidth,
} from '../window-variance.ts';

const VALUE = 0;
const PREVIOUS = 1; // 0 before the first close.
const RETURNS = 2;

/** Sample deviation of log returns: what the books on options call historical volatility. */
export const historicalVolatility: IndicatorDeclaration = {
  name: 'historicalVolatility',
  title: 'Historical volatility',
  family: 'volatility',
  tells: 'How widely returns scatter about their mean: a steady trend alone has none.',
  formula:
    'Sample deviation (divided by period - 1) of ln(close / previous close) over period ' +
    "returns, a ratio per bar; annualising it is the reader's.",
  source: 'John Hull, Options, Futures, and Other Derivatives, 1989',
  parameters: [periodParameter(20, 2)],
  inputs: ['close'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'ratio' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: RETURNS + windowVarianceWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = 0;
      resetWindowVariance(state, at + RETURNS, period);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      if (close - close !== 0 || close <= 0) return;

      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (previous === 0) return;
      const change = logRatio(close, previous);
      const squares = slideWindowVariance(state, at + RETURNS, period, change);
      state[at + VALUE] = Math.sqrt(squares / (period - 1));
    },
  };
}
