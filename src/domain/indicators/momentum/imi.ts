import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { CLOSE, OPEN } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const GAINS = 1;

export const imi: IndicatorDeclaration = {
  name: 'imi',
  title: 'Intraday momentum index',
  family: 'momentum',
  tells:
    'Who has been stronger within the bars, from open to close: above 70 buyers, below 30 sellers.',
  formula:
    '100 * gains / (gains + losses): sums over period bars of close - open where it is up, and ' +
    'of open - close where it is down; 50 where no bar moved.',
  source: 'TA-Lib IMI; Tushar Chande, 1994',
  parameters: [talibPeriod(14, 2)],
  inputs: ['open', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'imi', units: 'percent', talib: 'outReal' }],
  talib: 'IMI',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const losses = GAINS + windowSumWidth(period);

  return {
    width: losses + windowSumWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetWindowSum(state, at + GAINS, period);
      resetWindowSum(state, at + losses, period);
    },

    update(state, at, bar) {
      const rise = (bar[CLOSE] ?? NaN) - (bar[OPEN] ?? NaN);
      if (rise - rise !== 0) return;
      const gain = slideWindowSum(state, at + GAINS, period, rise > 0 ? rise : 0);
      const loss = slideWindowSum(state, at + losses, period, rise < 0 ? -rise : 0);
      const total = gain + loss;
      state[at + VALUE] = total < ZERO_BELOW ? 50 : (100 * gain) / total;
    },
  };
}
