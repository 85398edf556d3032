import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { VOLUME } from '../indicator.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';

const VALUE = 0;
const EARLIER = 1;

/** How much more trades than some bars ago. */
export const volumeRateOfChange: IndicatorDeclaration = {
  name: 'volumeRateOfChange',
  title: 'Volume rate of change',
  family: 'volume',
  tells: 'Whether trading has become busier: a move on rising volume is meant.',
  formula: '100 * (volume - volume[period bars ago]) / volume[period bars ago]',
  source: 'Steven Achelis, Technical Analysis from A to Z, 1995',
  parameters: [periodParameter(14, 1)],
  inputs: ['volume'],
  takesAnySeries: false,
  outputs: [{ name: 'change', units: 'percent' }],
  undefinedWhere: 'nothing traded period bars ago',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: EARLIER + lagWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetLag(state, at + EARLIER, period);
    },

    update(state, at, bar) {
      const volume = bar[VOLUME] ?? NaN;
      if (volume - volume !== 0) return;

      const before = lagged(state, at + EARLIER, period, volume);
      state[at + VALUE] = before > 0 ? (100 * (volume - before)) / before : NaN;
    },
  };
}
