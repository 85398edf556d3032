import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';
import { HIGH, LOW } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const FAST = 1;

export const awesome: IndicatorDeclaration = {
  name: 'awesome',
  title: 'Awesome oscillator',
  family: 'momentum',
  tells: 'Whether the last bars lie above the longer mean: its crossings of 0 are turns.',
  formula: 'sma(mid, fast) - sma(mid, slow); mid = (high + low) / 2.',
  source: 'Bill Williams, New Trading Dimensions, 1998; equal to TA-Lib 0.8 AO',
  parameters: [periodParameter(5, 1, 'fast'), periodParameter(34, 2, 'slow')],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'awesome', units: 'price' }],
  refuses: fastBelowSlow,
  build: ([fast = NaN, slow = NaN]) => build(fast, slow),
};

function build(fast: number, slow: number): IndicatorBody {
  const slowAt = FAST + windowSumWidth(fast);

  return {
    width: slowAt + windowSumWidth(slow),
    warmupBars: slow,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + FAST, fast);
      resetWindowSum(state, at + slowAt, slow);
    },

    update(state, at, bar) {
      const mid = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN)) / 2;
      if (mid - mid !== 0) return;
      const fastSum = slideWindowSum(state, at + FAST, fast, mid);
      const slowSum = slideWindowSum(state, at + slowAt, slow, mid);
      state[at + VALUE] = fastSum / fast - slowSum / slow;
    },
  };
}
