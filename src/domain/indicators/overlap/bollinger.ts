import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { ZERO_BELOW } from '../zero.ts';

const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const SQUARES = 3; // Sum of squared distances from the mean.
const MEASURED = 4; // That sum when it was last measured.
const COUNT = 5; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 6;

/**
 * What leaves the window was in it at the last lap's end, when it was measured. When less than this
 * share of that is left, rounding of what has gone could show (of 16 digits a jump takes 4, a lap
 * of steps 2): then the window is measured again.
 */
const REMEASURE_BELOW = 1e-4;

/**
 * Bollinger bands of closes (TA-Lib `BBANDS`, simple average, population deviation). A variance
 * under 1e-14 is none, as in TA-Lib; distances are from the mean, so a flat window has none at all
 * where TA-Lib's difference of squares may keep a trace.
 */
export const bollinger: IndicatorDeclaration = {
  name: 'bollinger',
  title: 'Bollinger bands',
  family: 'overlap',
  tells: 'How far from its mean a price may usually stray: outside the bands a move is unusual.',
  formula:
    'sma(period) +- deviations * population deviation(period); a variance under 1e-14 is none.',
  source: 'TA-Lib BBANDS',
  parameters: [
    periodParameter(20, 2),
    { name: 'deviations', least: 0.01, most: 100, usual: 2, isWhole: false, talib: 'optInNbDevUp' },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'upper', units: 'series', talib: 'outRealUpperBand' },
    { name: 'middle', units: 'series', talib: 'outRealMiddleBand' },
    { name: 'lower', units: 'series', talib: 'outRealLowerBand' },
  ],
  talib: 'BBANDS',
  build: ([period = NaN, deviations = NaN], [closeAt = NaN]) => build(period, deviations, closeAt),
};

function build(period: number, deviations: number, closeAt: number): IndicatorBody {
  const width = RING + period;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state.fill(NaN, at, at + SQUARES);
    },

    update(state, at, bar) {
      const close = bar[closeAt] ?? NaN;
      if (close - close !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const place = count < period ? count : count - period;
      const old = state[at + RING + place] ?? NaN;
      state[at + RING + place] = close;
      state[at + COUNT] = place + 1 === period ? period : count + 1;
      if (count + 1 < period) return;

      if (place + 1 === period) measure(state, at, period);
      else slide(state, at, period, close, old);
      const variance = (state[at + SQUARES] ?? NaN) / period;
      const distance = variance < ZERO_BELOW ? 0 : Math.sqrt(variance) * deviations;
      const middle = state[at + MIDDLE] ?? NaN;
      state[at + UPPER] = middle + distance;
      state[at + LOWER] = middle - distance;
    },
  };
}

/** Welford's step for a window: one close in, one out. */
function slide(state: Float64Array, at: number, period: number, close: number, old: number): void {
  const delta = close - old;
  const mean = state[at + MIDDLE] ?? NaN;
  const nextMean = mean + delta / period;
  const squares = (state[at + SQUARES] ?? NaN) + delta * (close - nextMean + (old - mean));
  if (squares < (state[at + MEASURED] ?? NaN) * REMEASURE_BELOW) {
    measure(state, at, period);
    return;
  }
  state[at + MIDDLE] = nextMean;
  state[at + SQUARES] = squares;
}

/** Mean and squares from the closes themselves, once a lap at least, so rounding cannot add up. */
function measure(state: Float64Array, at: number, period: number): void {
  const ring = at + RING;
  let sum = 0;
  for (let index = ring; index < ring + period; index += 1) sum += state[index] ?? NaN;
  const mean = sum / period;
  let squares = 0;
  for (let index = ring; index < ring + period; index += 1) {
    const distance = (state[index] ?? NaN) - mean;
    squares += distance * distance;
  }
  state[at + MIDDLE] = mean;
  state[at + SQUARES] = squares;
  state[at + MEASURED] = squares;
}
