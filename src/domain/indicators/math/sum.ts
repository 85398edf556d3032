import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const WINDOW = 1;

/** Sum over a window (TA-Lib `SUM`). */
export const sum: IndicatorDeclaration = {
  name: 'sum',
  title: 'Sum over a window',
  family: 'math',
  tells: 'How much came together in the last bars, as of volume or of moves.',
  formula: 'sum(x, period), from sums of laps: nothing is subtracted, so no digits are lost.',
  source: 'TA-Lib SUM',
  parameters: [talibPeriod(30)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'sum', units: 'series', talib: 'outReal' }],
  talib: 'SUM',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  return {
    width: WINDOW + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + WINDOW, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x === 0) state[at + VALUE] = slideWindowSum(state, at + WINDOW, period, x);
    },
  };
}
