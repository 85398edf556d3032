import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest } from '../window-extremes.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const HIGHEST = 1;

/** Root mean square of how far the close stood under its highest. */
export const ulcerIndex: IndicatorDeclaration = {
  name: 'ulcerIndex',
  title: 'Ulcer index',
  family: 'volatility',
  tells: 'How deep and how long the price has been under water: only falls count.',
  formula:
    'sqrt(mean(d^2, period)), d = 100 * (close - highest close of period bars) / that highest ' +
    'close.',
  source: "Peter Martin and Byron McCann, The Investor's Guide to Fidelity Funds, 1989",
  parameters: [periodParameter(14, 1)],
  inputs: ['close'],
  takesAnySeries: false,
  outputs: [{ name: 'ulcer', units: 'percent' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const squares = HIGHEST + extremeWidth(period);

  return {
    width: squares + windowSumWidth(period),
    warmupBars: 2 * period - 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetExtreme(state, at + HIGHEST, period);
      resetWindowSum(state, at + squares, period);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      if (close - close !== 0 || close <= 0) return;

      const highest = slideHighest(state, at + HIGHEST, period, close);
      if (highest !== highest) return;
      const depth = (100 * (close - highest)) / highest;
      const sum = slideWindowSum(state, at + squares, period, depth * depth);
      state[at + VALUE] = Math.sqrt(sum / period);
    },
  };
}
