import { log, log1p } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const COUNT = 1; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 2;

// For each lag, behind the ring: mean and squared distances of its differences, and the largest
// such sum since it was last measured.
const MEAN = 0;
const SQUARES = 1;
const PEAK = 2;
const STRIDE = 3;

const LAG_LEAST = 2;

/**
 * When less than this share of the largest sum is left, what rounding took of it could show in the
 * logarithm: then the window is measured again.
 */
const REMEASURE_BELOW = 0.1;

/** Hurst's exponent of a window, by how differences grow with their lag. */
export const hurst: IndicatorDeclaration = {
  name: 'hurst',
  title: 'Hurst exponent',
  family: 'statistics',
  tells: 'Whether moves persist (above 0.5), cancel (below 0.5) or neither: 0.5 is a random walk.',
  formula:
    'Slope of ln(population deviation of x - x lag bars ago) on ln(lag) for the lags from 2 to ' +
    'lagMost, all within the last period values.',
  source: 'Harold Hurst, 1951; Benoit Mandelbrot and John Van Ness, 1968 (spread of differences)',
  parameters: [
    periodParameter(100, 10),
    { name: 'lagMost', least: 3, most: 200, usual: 20, isWhole: true, isQuiet: true },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'hurst', units: 'ratio' }],
  undefinedWhere: 'the variance of the differences is under 1e-14',
  refuses: ([period = 0, lagMost = 0]) =>
    lagMost + 2 <= period
      ? undefined
      : { field: 'lagMost', expected: 'lagMost below period by 2 or more' },
  build: ([period = NaN, lagMost = NaN], [place = NaN]) => build(period, lagMost, place),
};

function build(period: number, lagMost: number, place: number): IndicatorBody {
  const lags = RING + period;
  const width = lags + STRIDE * (lagMost - LAG_LEAST + 1);
  const weights = stepWeights(lagMost);

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const count = (state[at + COUNT] ?? NaN) | 0;
      const next = count < period ? count : count - period;
      const ring = at + RING;
      const old = state[ring + next] ?? NaN;
      state[ring + next] = x;
      state[at + COUNT] = next + 1 === period ? period : count + 1;
      if (count + 1 < period) return;

      state[at + VALUE] = 0.5 * slopeOf(state, at, next, old);
    },
  };

  /** Every lag has one difference in and one out; then the slope of the logarithms. */
  function slopeOf(state: Float64Array, at: number, next: number, old: number): number {
    const ring = at + RING;
    const x = state[ring + next] ?? NaN;
    const isLapEnd = next + 1 === period;
    let slots = at + lags;
    let shorter = 1; // Variance of the lag before.
    let slope = 0;
    for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) {
      const before = next < lag ? next - lag + period : next - lag;
      const after = next + lag < period ? next + lag : next + lag - period;
      const added = x - (state[ring + before] ?? NaN);
      const gone = (state[ring + after] ?? NaN) - old;
      const delta = added - gone;
      const mean = state[slots + MEAN] ?? NaN;
      const nextMean = mean + delta / (period - lag);
      const peak = state[slots + PEAK] ?? NaN;
      let squares = (state[slots + SQUARES] ?? NaN) + delta * (added - nextMean + (gone - mean));
      if (isLapEnd || squares < peak * REMEASURE_BELOW) {
        measure(state, slots, ring, period, next, lag);
        squares = state[slots + SQUARES] ?? NaN;
      } else {
        state[slots + MEAN] = nextMean;
        state[slots + SQUARES] = squares;
        if (squares > peak) state[slots + PEAK] = squares;
      }
      const variance = squares / (period - lag);
      if (variance < ZERO_BELOW) slope = NaN;
      const ratio = variance / shorter;
      const step = ratio > 0.75 && ratio < 1.4 ? log1p(ratio - 1) : log(ratio);
      slope += (weights[lag] ?? NaN) * step;
      shorter = variance;
      slots += STRIDE;
    }
    return slope;
  }
}

/** Mean and squares of a lag's differences from the values themselves, once a lap at least. */
function measure(
  state: Float64Array,
  at: number,
  ring: number,
  period: number,
  next: number,
  lag: number,
): void {
  const differences = period - lag;
  let sum = 0;
  for (let step = 0; step < differences; step += 1) {
    sum += difference(state, ring, period, next, lag, step);
  }
  const mean = sum / differences;
  let squares = 0;
  for (let step = 0; step < differences; step += 1) {
    const distance = difference(state, ring, period, next, lag, step) - mean;
    squares += distance * distance;
  }
  state[at + MEAN] = mean;
  state[at + SQUARES] = squares;
  state[at + PEAK] = squares;
}

/** The difference that ends `step` bars before the present value, which is at `next`. */
function difference(
  state: Float64Array,
  ring: number,
  period: number,
  next: number,
  lag: number,
  step: number,
): number {
  const end = next < step ? next - step + period : next - step;
  const start = end < lag ? end - lag + period : end - lag;
  return (state[ring + end] ?? NaN) - (state[ring + start] ?? NaN);
}

/**
 * What each lag's logarithm, less that of the lag before, counts in a least-squares slope on
 * ln(lag): steps, because they are near 0, where a logarithm is cheap. The first counts nothing.
 */
function stepWeights(lagMost: number): Float64Array {
  const weights = new Float64Array(lagMost + 1);
  const lags = lagMost - LAG_LEAST + 1;
  let mean = 0;
  for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) mean += log(lag) / lags;
  let squares = 0;
  let longer = 0;
  for (let lag = lagMost; lag >= LAG_LEAST; lag -= 1) {
    const distance = log(lag) - mean;
    squares += distance * distance;
    longer += distance;
    weights[lag] = longer;
  }
  weights[LAG_LEAST] = 0;
  for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) {
    weights[lag] = (weights[lag] ?? NaN) / squares;
  }
  return weights;
}
