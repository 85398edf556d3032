import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VIGOR = 0;
const SIGNAL = 1;
const RISES = 2; // The last three of each; NaN until there are so many.
const RANGES = 5;
const VIGORS = 8;
const RISE_SUM = 11;

/** Relative vigor index; every series is first smoothed over four bars, weighed 1, 2, 2 and 1. */
export const relativeVigor: IndicatorDeclaration = {
  name: 'relativeVigor',
  title: 'Relative vigor index',
  family: 'momentum',
  tells: 'Whether bars close where they were headed: an advance with vigor ends near its highs.',
  formula:
    'sum of smoothed (close - open) / sum of smoothed (high - low) over period bars; smoothed = ' +
    '(x + 2 * x1 + 2 * x2 + x3) / 6 of the last four; signal = smoothed vigor; 0 without range.',
  source: 'John Ehlers, Stocks & Commodities, 2002',
  parameters: [periodParameter(10, 1)],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'vigor', units: 'ratio' },
    { name: 'signal', units: 'ratio' },
  ],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const rangeSum = RISE_SUM + windowSumWidth(period);

  return {
    width: rangeSum + windowSumWidth(period),
    warmupBars: period + 6,

    reset(state, at) {
      state.fill(NaN, at, at + RISE_SUM);
      resetWindowSum(state, at + RISE_SUM, period);
      resetWindowSum(state, at + rangeSum, period);
    },

    update(state, at, bar) {
      const rise = (bar[CLOSE] ?? NaN) - (bar[OPEN] ?? NaN);
      const reach = (bar[HIGH] ?? NaN) - (bar[LOW] ?? NaN);
      const sound = rise + reach;
      if (sound - sound !== 0) return;
      const smoothRise = smooth(state, at + RISES, rise);
      const smoothRange = smooth(state, at + RANGES, reach);
      if (smoothRange !== smoothRange) return;
      const rises = slideWindowSum(state, at + RISE_SUM, period, smoothRise);
      const ranges = slideWindowSum(state, at + rangeSum, period, smoothRange);
      if (ranges !== ranges) return;
      const vigor = ranges < ZERO_BELOW ? 0 : rises / ranges;
      const signal = smooth(state, at + VIGORS, vigor);
      if (signal !== signal) return;
      state[at + VIGOR] = vigor;
      state[at + SIGNAL] = signal;
    },
  };
}

/** Takes a value into the last three and answers the weighed mean of all four. */
function smooth(state: Float64Array, at: number, value: number): number {
  const one = state[at] ?? NaN;
  const two = state[at + 1] ?? NaN;
  const three = state[at + 2] ?? NaN;
  state[at] = value;
  state[at + 1] = one;
  state[at + 2] = two;
  return (value + 2 * one + 2 * two + three) / 6;
}
