import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { RUNNING_SUM_WIDTH, slideSum } from '../running-sum.ts';

const VALUE = 0;
const SUM = 1;
const COUNT = SUM + RUNNING_SUM_WIDTH; // Below `period`: bars so far; then `period` + the place.
const RING = COUNT + 1;

/** Simple moving average of closes (TA-Lib `SMA`). */
export const sma: IndicatorDeclaration = {
  name: 'sma',
  title: 'Simple moving average',
  family: 'overlap',
  tells: 'Where the price has been on average: a rising one is a rising market.',
  formula: 'sum(x, period) / period. What rounding takes from the running sum is kept beside it.',
  source: 'TA-Lib SMA',
  parameters: [talibPeriod(20, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'sma', units: 'series', talib: 'outReal' }],
  talib: 'SMA',
  build: ([period = NaN], [closeAt = NaN]) => build(period, closeAt),
};

function build(period: number, closeAt: number): IndicatorBody {
  const width = RING + period;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
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

  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const ring = at + RING;
  slideSum(state, at + SUM, close, state[ring + place] ?? NaN);
  state[ring + place] = close;
  state[at + COUNT] = place + 1 === period ? period : count + 1;
  if (count + 1 < period) return;
  // As `runningSum` reads it; what that answers would be on the heap, for every bar.
  state[at + VALUE] = ((state[at + SUM] ?? NaN) + (state[at + SUM + 1] ?? NaN)) / period;
}
