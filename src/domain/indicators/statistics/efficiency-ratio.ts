import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const PLACE = 1; // Next place in the ring, which holds the last `period` values.
const BARS = 2; // Bars so far; stays at `period`.
const RING = 3;

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
  const window = RING + period;
  const width = window + windowSumWidth(period);

  return {
    width,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + window);
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + window, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const ring = at + RING;
      const next = (state[at + PLACE] ?? NaN) | 0;
      const bars = (state[at + BARS] ?? NaN) | 0;
      const last = state[ring + (next === 0 ? period : next) - 1] ?? NaN;
      const old = state[ring + next] ?? NaN;
      state[ring + next] = x;
      state[at + PLACE] = next + 1 === period ? 0 : next + 1;
      if (bars < period) state[at + BARS] = bars + 1;
      if (bars === 0) return;

      const way = slideWindowSum(state, at + window, period, Math.abs(x - last));
      if (bars < period) return;
      // Rounding alone can take a straight way past 1.
      state[at + VALUE] = way === 0 ? 0 : Math.min(1, Math.abs(x - old) / way);
    },
  };
}
