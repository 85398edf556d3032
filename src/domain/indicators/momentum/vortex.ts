import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { trueRange } from '../true-range.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const PLUS = 0;
const MINUS = 1;
const PREVIOUS_HIGH = 2; // NaN before the first bar.
const PREVIOUS_LOW = 3;
const PREVIOUS_CLOSE = 4;
const UPS = 5;

export const vortex: IndicatorDeclaration = {
  name: 'vortex',
  title: 'Vortex indicator',
  family: 'momentum',
  tells: 'Which way the market flows: a trend begins where plus and minus cross.',
  formula:
    'plus = sum |high - low before| / sum true range, minus = sum |low - high before| / sum true ' +
    'range, over period bars; 0 without range.',
  source: 'Etienne Botes and Douglas Siepman, 2010; equal to TA-Lib 0.8 VORTEX',
  parameters: [periodParameter(14, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'plus', units: 'ratio' },
    { name: 'minus', units: 'ratio' },
  ],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const downs = UPS + windowSumWidth(period);
  const ranges = downs + windowSumWidth(period);

  return {
    width: ranges + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(NaN, at, at + UPS);
      resetWindowSum(state, at + UPS, period);
      resetWindowSum(state, at + downs, period);
      resetWindowSum(state, at + ranges, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;
      const previous = state[at + PREVIOUS_CLOSE] ?? NaN;
      const up = Math.abs(high - (state[at + PREVIOUS_LOW] ?? NaN));
      const down = Math.abs(low - (state[at + PREVIOUS_HIGH] ?? NaN));
      state[at + PREVIOUS_HIGH] = high;
      state[at + PREVIOUS_LOW] = low;
      state[at + PREVIOUS_CLOSE] = close;
      if (previous !== previous) return;

      const ups = slideWindowSum(state, at + UPS, period, up);
      const downSum = slideWindowSum(state, at + downs, period, down);
      const reach = trueRange(high, low, previous);
      const range = slideWindowSum(state, at + ranges, period, reach);
      state[at + PLUS] = range < ZERO_BELOW ? 0 : ups / range;
      state[at + MINUS] = range < ZERO_BELOW ? 0 : downSum / range;
    },
  };
}
