import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import {
  cascadeBars,
  cascadeLevel,
  cascadeWidth,
  resetCascade,
  stepCascade,
} from '../ema-cascade.ts';
import { HIGH, LOW } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const AVERAGES = 1;
const RATIOS = AVERAGES + cascadeWidth(2);

/** Sum of how far the average range runs ahead of its own average. */
export const massIndex: IndicatorDeclaration = {
  name: 'massIndex',
  title: 'Mass index',
  family: 'volatility',
  tells: 'Widening ranges that often come before a reversal: over 27, then back under 26.5.',
  formula:
    'sum(e / ema(e, smoothing), period), e = ema(high - low, smoothing), each seeded with the ' +
    'plain average of its first values; where the average range is under 1e-14 a ratio is 1.',
  source: 'Donald Dorsey, The Mass Index, Stocks & Commodities, 1992',
  parameters: [periodParameter(25, 1), periodParameter(9, 2, 'smoothing')],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'mass', units: 'ratio' }],
  build: ([period = NaN, smoothing = NaN]) => build(period, smoothing),
};

function build(period: number, smoothing: number): IndicatorBody {
  return {
    width: RATIOS + windowSumWidth(period),
    warmupBars: cascadeBars(2, smoothing) + period - 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetCascade(state, at + AVERAGES, 2);
      resetWindowSum(state, at + RATIOS, period);
    },

    update(state, at, bar) {
      const range = (bar[HIGH] ?? NaN) - (bar[LOW] ?? NaN);
      if (range - range !== 0) return;
      if (!stepCascade(state, at + AVERAGES, 2, smoothing, range)) return;

      const single = state[cascadeLevel(at + AVERAGES, 0)] ?? NaN;
      const double = state[cascadeLevel(at + AVERAGES, 1)] ?? NaN;
      const ratio = double < ZERO_BELOW ? 1 : single / double;
      state[at + VALUE] = slideWindowSum(state, at + RATIOS, period, ratio);
    },
  };
}
