import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const SUM = 1;

export const detrended: IndicatorDeclaration = {
  name: 'detrended',
  title: 'Detrended price oscillator',
  family: 'momentum',
  tells: 'The swings that are left when the trend is taken out: how long a cycle lasts.',
  formula: 'x of floor(period / 2) + 1 bars ago - sma(x, period).',
  source: 'Commonly charted; equal to TA-Lib 0.8 DPO',
  parameters: [periodParameter(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'detrended', units: 'series' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const bars = Math.floor(period / 2) + 1;
  const lag = SUM + windowSumWidth(period);

  return {
    width: lag + lagWidth(bars),
    warmupBars: Math.max(period, bars + 1),

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + SUM, period);
      resetLag(state, at + lag, bars);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      const mean = slideWindowSum(state, at + SUM, period, now) / period;
      state[at + VALUE] = lagged(state, at + lag, bars, now) - mean;
    },
  };
}
