import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, VOLUME } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const TURNOVER = 1;

/** Volume-weighted moving average of closes; NaN where nothing has traded in the window. */
export const vwma: IndicatorDeclaration = {
  name: 'vwma',
  title: 'Volume-weighted moving average',
  family: 'overlap',
  tells: 'An average in which busy bars count more: above the simple one, volume came at highs.',
  formula: 'sum(close * volume, period) / sum(volume, period).',
  source: "Buff Dormeier, 'Buff Up Your Moving Averages', 2001",
  parameters: [periodParameter(20, 1)],
  inputs: ['close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'vwma', units: 'price' }],
  undefinedWhere: 'nothing has traded in the window',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const shares = TURNOVER + windowSumWidth(period);

  return {
    width: shares + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + TURNOVER, period);
      resetWindowSum(state, at + shares, period);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0) return;
      const turnover = slideWindowSum(state, at + TURNOVER, period, close * volume);
      const traded = slideWindowSum(state, at + shares, period, volume);
      state[at + VALUE] = traded > 0 ? turnover / traded : NaN;
    },
  };
}
