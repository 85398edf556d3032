import { exp } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const VALUE = 0;
const COUNT = 1; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 2;

/** A bell's weights slide with the window, so each bar is weighed anew: this bounds its cost. */
const BARS_MOST = 200;

/** Arnaud Legoux moving average: a window under a bell whose middle is near the present. */
export const alma: IndicatorDeclaration = {
  name: 'alma',
  title: 'Arnaud Legoux moving average',
  family: 'overlap',
  tells: 'A smooth average whose weight lies near the present: little lag, and no overshoots.',
  formula:
    'sum(w_i * x_i) / sum(w_i), w_i = exp(-(i - offset * (period - 1))^2 / (2 s^2)), s = period ' +
    '/ sigma, i = 0 for the oldest.',
  source: 'Arnaud Legoux and Dimitrios Kouzis-Loukas, 2009',
  parameters: [
    { ...periodParameter(9, 1), most: BARS_MOST },
    { name: 'offset', least: 0, most: 1, usual: 0.85, isWhole: false, isQuiet: true },
    { name: 'sigma', least: 0.1, most: 100, usual: 6, isWhole: false, isQuiet: true },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'alma', units: 'series' }],
  build: ([period = NaN, offset = NaN, sigma = NaN], [place = NaN]) =>
    build(weightsOf(period, offset, sigma), place),
};

function build(weights: Float64Array, closeAt: number): IndicatorBody {
  const period = weights.length;
  const total = sumOf(weights);
  const width = RING + period;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const place = count < period ? count : count - period;
      const ring = at + RING;
      state[ring + place] = close;
      state[at + COUNT] = place + 1 === period ? period : count + 1;
      if (count + 1 < period) return;

      let sum = 0;
      let weight = 0;
      // The oldest stands behind the newest.
      for (let index = place + 1; index < period; index += 1, weight += 1) {
        sum += (weights[weight] ?? NaN) * (state[ring + index] ?? NaN);
      }
      for (let index = 0; index <= place; index += 1, weight += 1) {
        sum += (weights[weight] ?? NaN) * (state[ring + index] ?? NaN);
      }
      state[at + VALUE] = sum / total;
    },
  };
}

/** The bar nearest the middle is within half a bar, so the sum of weights is above 0. */
function weightsOf(period: number, offset: number, sigma: number): Float64Array {
  const middle = offset * (period - 1);
  const spread = period / sigma;
  return Float64Array.from({ length: period }, (_, at) => {
    const distance = (at - middle) / spread;
    return exp((-distance * distance) / 2);
  });
}

function sumOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
