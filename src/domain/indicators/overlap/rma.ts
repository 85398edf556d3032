import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const VALUE = 0;
const SUM = 1;
const COUNT = 2; // Bars so far; stays at `period`.

/** Wilder's average, also called smoothed or running: the one inside RSI, ATR and ADX. */
export const rma: IndicatorDeclaration = {
  name: 'rma',
  title: "Wilder's moving average",
  family: 'overlap',
  tells: 'An average that hardly forgets: as slow as an exponential one of twice the period.',
  formula:
    'rma = (rma * (period - 1) + x) / period, seeded with the simple average of the first ' +
    'period values.',
  source: 'J. Welles Wilder, 1978',
  parameters: [periodParameter(14, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'rma', units: 'series' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  return {
    width: 3,
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + SUM] = 0;
      state[at + COUNT] = 0;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count === period) {
        state[at + VALUE] = ((state[at + VALUE] ?? NaN) * (period - 1) + close) / period;
        return;
      }
      const sum = (state[at + SUM] ?? NaN) + close;
      state[at + SUM] = sum;
      state[at + COUNT] = count + 1;
      if (count + 1 === period) state[at + VALUE] = sum / period;
    },
  };
}
