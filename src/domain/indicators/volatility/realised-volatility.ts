import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE } from '../indicator.ts';
import { logRatio } from '../log-ratio.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const PREVIOUS = 1; // 0 before the first close.
const SQUARES = 2;

/** Root of the mean squared log return. No mean is taken away: over short bars it is noise. */
export const realisedVolatility: IndicatorDeclaration = {
  name: 'realisedVolatility',
  title: 'Realised volatility, close to close',
  family: 'volatility',
  tells: 'How much the price has really moved from bar to bar, gaps included.',
  formula:
    'sqrt(sum(ln(close / previous close)^2, period) / period), a ratio per bar; annualising it ' +
    "(times the root of a year's bars) is the reader's.",
  source:
    'Andersen, Bollerslev, Diebold and Labys, The Distribution of Realized Exchange Rate ' +
    'Volatility, 2001',
  parameters: [periodParameter(20, 1)],
  inputs: ['close'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'ratio' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: SQUARES + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = 0;
      resetWindowSum(state, at + SQUARES, period);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      if (close - close !== 0 || close <= 0) return;

      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (previous === 0) return;
      const change = logRatio(close, previous);
      const sum = slideWindowSum(state, at + SQUARES, period, change * change);
      state[at + VALUE] = Math.sqrt(sum / period);
    },
  };
}
