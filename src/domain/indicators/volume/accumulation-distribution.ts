import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, VOLUME } from '../indicator.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';
import { moneyFlow } from './money-flow.ts';

const VALUE = 0;
const SUM = 1;

/** Accumulation/distribution line (TA-Lib `AD`): all flows since the first bar. */
export const accumulationDistribution: IndicatorDeclaration = {
  name: 'accumulationDistribution',
  title: 'Accumulation/distribution line',
  family: 'volume',
  tells: 'Whether bars close near their highs on volume (it rises: shares are being gathered).',
  formula:
    'sum of volume * ((close - low) - (high - close)) / (high - low) since the first bar; a bar ' +
    'without a range adds 0. What rounding takes from the sum is kept beside it.',
  source: 'TA-Lib AD; Marc Chaikin',
  parameters: [],
  inputs: ['high', 'low', 'close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'line', units: 'shares', talib: 'outReal' }],
  talib: 'AD',
  build,
};

function build(): IndicatorBody {
  return {
    width: SUM + RUNNING_SUM_WIDTH,
    warmupBars: 1,

    reset(state, at) {
      state.fill(0, at, at + SUM + RUNNING_SUM_WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = high + low + close + volume;
      if (sound - sound !== 0) return;

      slideSum(state, at + SUM, moneyFlow(high, low, close, volume), 0);
      state[at + VALUE] = runningSum(state, at + SUM);
    },
  };
}
