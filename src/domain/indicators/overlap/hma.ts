import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { wma } from './wma.ts';

const VALUE = 0;
const PARTS = 1;

/** Hull moving average. */
export const hma: IndicatorDeclaration = {
  name: 'hma',
  title: 'Hull moving average',
  family: 'overlap',
  tells: 'A smooth average with very little lag: its turn is a signal of itself.',
  formula:
    'wma(2 * wma(x, period / 2) - wma(x, period), sqrt(period)), both of those rounded down.',
  source: 'Alan Hull, 2005',
  parameters: [periodParameter(20, 4)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'hma', units: 'series' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  const smoothing = Math.floor(Math.sqrt(period));
  const half = wma.build([Math.floor(period / 2)], [closeAt]);
  const whole = wma.build([period], [closeAt]);
  const last = wma.build([smoothing], [0]);
  const wholeAt = PARTS + half.width;
  const lastAt = wholeAt + whole.width;
  const difference = new Float64Array(1);

  return {
    width: lastAt + last.width,
    warmupBars: period + smoothing - 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      half.reset(state, at + PARTS);
      whole.reset(state, at + wholeAt);
      last.reset(state, at + lastAt);
    },

    update(state, at, bar) {
      half.update(state, at + PARTS, bar);
      whole.update(state, at + wholeAt, bar);
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      // NaN until the longer one is ready, which the last average leaves out.
      difference[0] = 2 * (state[at + PARTS] ?? NaN) - (state[at + wholeAt] ?? NaN);
      last.update(state, at + lastAt, difference);
      state[at + VALUE] = state[at + lastAt] ?? NaN;
    },
  };
}
