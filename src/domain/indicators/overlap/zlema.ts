import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { ema } from './ema.ts';

const AVERAGE = 0; // The slots of an inner average, whose value is ours.

/** Zero-lag exponential moving average: of values from which their own past is taken off. */
export const zlema: IndicatorDeclaration = {
  name: 'zlema',
  title: 'Zero-lag exponential moving average',
  family: 'overlap',
  tells: 'An exponential average with its lag taken off: close to the price, with overshoots.',
  formula:
    'ema(2 * x - x[lag], period), lag = (period - 1) / 2 rounded down: what charts show by this ' +
    'name, not the average whose error Ehlers and Way correct by a gain.',
  source: 'Commonly charted; named after John Ehlers and Ric Way, Zero Lag (Well, Almost), 2010',
  parameters: [periodParameter(20, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'zlema', units: 'series' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, closeAt: number): IndicatorBody {
  const lag = Math.floor((period - 1) / 2);
  const average = ema.build([period], [0]);
  const pastAt = AVERAGE + average.width;
  const lifted = new Float64Array(1);

  return {
    width: pastAt + lagWidth(lag),
    warmupBars: period + lag,

    reset(state, at) {
      average.reset(state, at);
      resetLag(state, at + pastAt, lag);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;
      const before = lag === 0 ? close : lagged(state, at + pastAt, lag, close);
      if (before !== before) return;
      lifted[0] = 2 * close - before;
      average.update(state, at, lifted);
    },
  };
}
