import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW, VOLUME } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { moneyFlow } from './money-flow.ts';

const VALUE = 0;
const FLOWS = 1;

/** Share of the window's volume that flowed in. */
export const chaikinMoneyFlow: IndicatorDeclaration = {
  name: 'chaikinMoneyFlow',
  title: 'Chaikin money flow',
  family: 'volume',
  tells: 'Who held the closes on volume: towards 1 buyers, towards -1 sellers.',
  formula:
    'sum(volume * ((close - low) - (high - close)) / (high - low), period) / sum(volume, ' +
    'period); a bar without a range flows nowhere.',
  source: 'Marc Chaikin; Kirkpatrick and Dahlquist, Technical Analysis, 2006',
  parameters: [periodParameter(21, 1)],
  inputs: ['high', 'low', 'close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'flow', units: 'ratio' }],
  undefinedWhere: 'nothing has traded in the window',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const volumes = FLOWS + windowSumWidth(period);

  return {
    width: volumes + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + FLOWS, period);
      resetWindowSum(state, at + volumes, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = high + low + close + volume;
      if (sound - sound !== 0) return;

      const flow = moneyFlow(high, low, close, volume);
      const flows = slideWindowSum(state, at + FLOWS, period, flow);
      const shares = slideWindowSum(state, at + volumes, period, volume);
      state[at + VALUE] = shares > 0 ? flows / shares : NaN;
    },
  };
}
