import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { VOLUME } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const BEFORE = 1; // Volume of the `period` bars so far; NaN until there are so many.
const VOLUMES = 2;

/** This bar's volume against the bars before it. */
export const relativeVolume: IndicatorDeclaration = {
  name: 'relativeVolume',
  title: 'Relative volume',
  family: 'volume',
  tells: 'How many times its usual volume this bar traded: 2 and more draws attention.',
  formula: 'volume / mean volume of the period bars before it',
  source: 'Buff Dormeier, Investing with Volume Analysis, 2011',
  parameters: [periodParameter(20, 1)],
  inputs: ['volume'],
  takesAnySeries: false,
  outputs: [{ name: 'relative', units: 'ratio' }],
  undefinedWhere: 'nothing traded in the bars before',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: VOLUMES + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + BEFORE] = NaN;
      resetWindowSum(state, at + VOLUMES, period);
    },

    update(state, at, bar) {
      const volume = bar[VOLUME] ?? NaN;
      if (volume - volume !== 0) return;

      const before = state[at + BEFORE] ?? NaN;
      state[at + VALUE] = before > 0 ? (volume * period) / before : NaN;
      state[at + BEFORE] = slideWindowSum(state, at + VOLUMES, period, volume);
    },
  };
}
