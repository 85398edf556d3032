import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';
import { GAIN, LOSS, takeChange, WILDER_GAINS_WIDTH } from './wilder-gains.ts';

const VALUE = 0;
const GAINS = 1;
const WIDTH = GAINS + WILDER_GAINS_WIDTH;

/** Chande's momentum oscillator, -100 to 100, smoothed as TA-Lib does: with Wilder's averages. */
export const cmo: IndicatorDeclaration = {
  name: 'cmo',
  title: 'Chande momentum oscillator',
  family: 'momentum',
  tells: 'Who has been stronger, as the RSI tells it, but around zero.',
  formula:
    "100 * (gain - loss) / (gain + loss), each Wilder's average of period changes, seeded with " +
    'the plain average; a flat market is 0.',
  source: 'TA-Lib CMO; Tushar Chande, 1994 (whose sums are plain)',
  parameters: [talibPeriod(14, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'cmo', units: 'percent', talib: 'outReal' }],
  talib: 'CMO',
  build: ([period = NaN], [closeAt = NaN]) => build(period, closeAt),
};

function build(period: number, closeAt: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      if (!takeChange(state, at + GAINS, period, close)) return;
      const gain = state[at + GAINS + GAIN] ?? NaN;
      const loss = state[at + GAINS + LOSS] ?? NaN;
      const total = gain + loss;
      state[at + VALUE] = total < ZERO_BELOW ? 0 : 100 * ((gain - loss) / total);
    },
  };
}
