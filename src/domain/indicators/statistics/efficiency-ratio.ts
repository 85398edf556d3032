import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const LAST = 1; // NaN before the first bar.
const PAST = 2;

/** How straight the way of a price was. */
export const efficiencyRatio: IndicatorDeclaration = {
  name: 'efficiencyRatio',
  title: 'Efficiency ratio',
  family: 'statistics',
  tells: 'How straight the price went: 1 without a step back, near 0 in all directions.',
  formula: 'abs(x - x period bars ago) / sum of the period moves; 0 where nothing moved.',
  source: 'Perry Kaufman, Smarter Trading, 1995',
  parameters: [periodParameter(10)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'efficiencyRatio', units: 'ratio' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const window = PAST + lagWidth(period);
  const width = window + windowSumWidth(period);

  return {
    width,
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + LAST] = NaN;
      resetLag(state, at + PAST, period);
      resetWindowSum(state, at + window, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const last = state[at + LAST] ?? NaN;
      const old = lagged(state, at + PAST, period, x);
      state[at + LAST] = x;
      if (last !== last) return;

      const way = slideWindowSum(state, at + window, period, Math.abs(x - last));
      if (old !== old) return;
      // Rounding alone can take a straight way past 1.
      state[at + VALUE] = way === 0 ? 0 : Math.min(1, Math.abs(x - old) / way);
    },
  };
}
