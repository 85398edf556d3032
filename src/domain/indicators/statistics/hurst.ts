import { log } from '../../../core/math.ts';
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
  source: 'Harold Hurst, 1951; Benoit Mandelbrot, 1968 (variance of differences)',
  parameters: [
    periodParameter(100, 10),
    { name: 'lagMost', least: 3, most: 200, usual: 20, isWhole: true, isQuiet: true },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'hurst', units: 'ratio' }],
  undefinedWhere: 'the variance of the differences is under 1e-14',
  refuses: ([period = 0, lagMost = 0]) =>
    lagMost + 2 <= period ? undefined : 'period above lagMost by 2 or more',
  build: ([period = NaN, lagMost = NaN], [place = NaN]) => build(period, lagMost, place),
};

function build(period: number, lagMost: number, place: number): IndicatorBody {
  const lags = RING + period;
  const width = lags + STRIDE * (lagMost - LAG_LEAST + 1);
  const weights = slopeWeights(lagMost);

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

      const isLapEnd = next + 1 === period;
      let slope = 0;
      for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) {
        const slots = at + lags + STRIDE * (lag - LAG_LEAST);
        if (isLapEnd || !slide(state, slots, ring, period, next, lag, old)) {
          measure(state, slots, ring, period, next, lag);
        }
        const variance = (state[slots + SQUARES] ?? NaN) / (period - lag);
        slope += variance < ZERO_BELOW ? NaN : (weights[lag] ?? NaN) * log(variance);
      }
      state[at + VALUE] = 0.5 * slope;
    },
  };
}

/** One difference in, one out; false where the sum has lost so much that it must be measured. */
function slide(
  state: Float64Array,
  at: number,
  ring: number,
  period: number,
  next: number,
  lag: number,
  old: number,
): boolean {
  const x = state[ring + next] ?? NaN;
  const added = x - (state[ring + (next < lag ? next - lag + period : next - lag)] ?? NaN);
  const after = next + lag < period ? next + lag : next + lag - period;
  const gone = (state[ring + after] ?? NaN) - old;
  const delta = added - gone;
  const mean = state[at + MEAN] ?? NaN;
  const nextMean = mean + delta / (period - lag);
  const squares = (state[at + SQUARES] ?? NaN) + delta * (added - nextMean + (gone - mean));
  const peak = state[at + PEAK] ?? NaN;
  if (squares < peak * REMEASURE_BELOW) return false;
  state[at + MEAN] = nextMean;
  state[at + SQUARES] = squares;
  if (squares > peak) state[at + PEAK] = squares;
  return true;
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

/** What each lag's logarithm counts in a least-squares slope on ln(lag). */
function slopeWeights(lagMost: number): Float64Array {
  const weights = new Float64Array(lagMost + 1);
  let mean = 0;
  for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) mean += log(lag) / (lagMost - LAG_LEAST + 1);
  let squares = 0;
  for (let lag = LAG_LEAST; lag <= lagMost; lag += 1) {
    const distance = log(lag) - mean;
    weights[lag] = distance;
    squares += distance * distance;
  }
  for (let lag = LAG_LEAST; lag <= lagMost; lag += 1)
    weights[lag] = (weights[lag] ?? NaN) / squares;
  return weights;
}
