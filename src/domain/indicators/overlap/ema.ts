import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';

const VALUE = 0;
const SEED = 1;
const COUNT = 2; // Bars so far; stays at `period`.

/**
 * Exponential moving average of closes (TA-Lib `EMA`): seeded with the simple average of the first
 * `period` closes, then moved by 2 / (period + 1) of the distance.
 */
export const ema: IndicatorDeclaration = {
  name: 'ema',
  title: 'Exponential moving average',
  family: 'overlap',
  tells: 'An average that forgives the past: quicker to turn than the simple one.',
  formula:
    'ema += 2 / (period + 1) * (x - ema), seeded with the simple average of the first period ' +
    'values.',
  source: 'TA-Lib EMA',
  parameters: [talibPeriod(20, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'ema', units: 'series', talib: 'outReal' }],
  talib: 'EMA',
  build: ([period = NaN], [closeAt = NaN]) => build(period, closeAt),
};

function build(period: number, closeAt: number): IndicatorBody {
  const alpha = 2 / (period + 1);

  return {
    width: 3,
    warmupBars: period,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + SEED] = 0;
      state[at + COUNT] = 0;
    },

    update(state, at, bar) {
      step(state, at, bar, period, closeAt, alpha);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  period: number,
  closeAt: number,
  alpha: number,
): void {
  const close = bar[closeAt] ?? NaN;
  if (close - close !== 0) return;

  const count = (state[at + COUNT] ?? NaN) | 0;
  if (count === period) {
    const value = state[at + VALUE] ?? NaN;
    state[at + VALUE] = (close - value) * alpha + value;
    return;
  }
  const seed = (state[at + SEED] ?? NaN) + close;
  state[at + SEED] = seed;
  state[at + COUNT] = count + 1;
  if (count + 1 === period) state[at + VALUE] = seed / period;
}
