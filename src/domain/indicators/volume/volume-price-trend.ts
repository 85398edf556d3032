import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, VOLUME } from '../indicator.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.
const SUM = 2;

/** On-balance volume in which a small move counts little. */
export const volumePriceTrend: IndicatorDeclaration = {
  name: 'volumePriceTrend',
  title: 'Volume price trend',
  family: 'volume',
  tells: 'Whether volume flows into rises or falls, each counted by how far the price went.',
  formula:
    '0 at the first bar; then plus volume * (close - previous close) / previous close. What ' +
    'rounding takes from the sum is kept beside it.',
  source: 'Steven Achelis, Technical Analysis from A to Z, 1995',
  parameters: [],
  inputs: ['close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'trend', units: 'shares' }],
  build,
};

function build(): IndicatorBody {
  return {
    width: SUM + RUNNING_SUM_WIDTH,
    warmupBars: 1,

    reset(state, at) {
      state.fill(0, at, at + SUM + RUNNING_SUM_WIDTH);
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0 || close <= 0) return;

      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (previous === previous) {
        slideSum(state, at + SUM, (volume * (close - previous)) / previous, 0);
      }
      state[at + VALUE] = runningSum(state, at + SUM);
    },
  };
}
