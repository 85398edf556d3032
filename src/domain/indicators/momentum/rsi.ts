import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';
import { GAIN, LOSS, takeChange, WILDER_GAINS_WIDTH } from './wilder-gains.ts';

const VALUE = 0;
const GAINS = 1;
const WIDTH = GAINS + WILDER_GAINS_WIDTH;

/**
 * Relative strength index, 0 to 100 (TA-Lib `RSI`, classic, no unstable period): Wilder's averages,
 * seeded with the plain average of the first `period` changes. A flat market answers 0.
 */
export const rsi: IndicatorDeclaration = {
  name: 'rsi',
  title: 'Relative strength index',
  family: 'momentum',
  tells: 'Who has been stronger, buyers (above 70: overbought) or sellers (below 30: oversold).',
  formula:
    "100 * gain / (gain + loss), each Wilder's average of period changes, seeded with the " +
    'plain average of the first period; a flat market is 0.',
  source: 'TA-Lib RSI; J. Welles Wilder, New Concepts in Technical Trading Systems, 1978',
  parameters: [talibPeriod(14, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rsi', units: 'percent', talib: 'outReal' }],
  talib: 'RSI',
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
      step(state, at, bar, period, closeAt);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  period: number,
  closeAt: number,
): void {
  const close = bar[closeAt] ?? NaN;
  if (close - close !== 0) return;
  if (!takeChange(state, at + GAINS, period, close)) return;
  const gain = state[at + GAINS + GAIN] ?? NaN;
  const total = gain + (state[at + GAINS + LOSS] ?? NaN);
  state[at + VALUE] = total < ZERO_BELOW ? 0 : 100 * (gain / total);
}
