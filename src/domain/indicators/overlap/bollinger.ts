import { averageKindParameter, averageOf, SIMPLE } from '../average-kind.ts';
import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
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
    'sma(period) +- deviations * population deviation(period); a variance under 1e-14 is none. ' +
    'deviationsDown 0: as many as above; with another kind of average it is the middle.',
  source: 'TA-Lib BBANDS; John Bollinger, early 1980s',
  parameters: [
    talibPeriod(20, 2),
    { name: 'deviations', least: 0.01, most: 100, usual: 2, isWhole: false, talib: 'optInNbDevUp' },
    {
      name: 'deviationsDown',
      least: 0,
      most: 100,
      usual: 0,
      isWhole: false,
      isQuiet: true,
      talib: 'optInNbDevDn',
    },
    averageKindParameter(),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'upper', units: 'series', talib: 'outRealUpperBand' },
    { name: 'middle', units: 'series', talib: 'outRealMiddleBand' },
    { name: 'lower', units: 'series', talib: 'outRealLowerBand' },
  ],
  talib: 'BBANDS',
  build: ([period = NaN, up = NaN, down = NaN, kind = NaN], [closeAt = NaN]) => {
    const deviations = { up, down: down === 0 ? up : down };
    return kind === SIMPLE
      ? build(period, deviations, closeAt)
      : aroundAnother(kind, period, deviations, closeAt);
  },
};

type Deviations = { readonly up: number; readonly down: number };

function build(period: number, { up, down }: Deviations, closeAt: number): IndicatorBody {
  const width = RING + period;

  return {
    width,
    warmupBars: period,

    reset(state, at) {
      state.fill(0, at, at + width);
      state.fill(NaN, at, at + SQUARES);
    },

    update(state, at, bar) {
      step(state, at, bar, period, closeAt, up, down);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  period: number,
  closeAt: number,
  up: number,
  down: number,
): void {
  const close = bar[closeAt] ?? NaN;
  if (close - close !== 0) return;

  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const old = state[at + RING + place] ?? NaN;
  state[at + RING + place] = close;
  state[at + COUNT] = place + 1 === period ? period : count + 1;
  if (count + 1 < period) return;

  // Welford's step for a window: one close in, one out. Written out: a number handed to a function
  // that V8 does not put in place is boxed.
  const delta = close - old;
  const mean = state[at + MIDDLE] ?? NaN;
  const nextMean = mean + delta / period;
  const squares = (state[at + SQUARES] ?? NaN) + delta * (close - nextMean + (old - mean));
  state[at + MIDDLE] = nextMean;
  state[at + SQUARES] = squares;
  const isWorn = squares < (state[at + MEASURED] ?? NaN) * REMEASURE_BELOW;
  if (place + 1 === period || isWorn) measure(state, at, period);
  const variance = (state[at + SQUARES] ?? NaN) / period;
  const deviation = variance < ZERO_BELOW ? 0 : Math.sqrt(variance);
  const middle = state[at + MIDDLE] ?? NaN;
  state[at + UPPER] = middle + deviation * up;
  state[at + LOWER] = middle - deviation * down;
}

function deviationOf(state: Float64Array, at: number, period: number): number {
  const variance = (state[at + SQUARES] ?? NaN) / period;
  return variance < ZERO_BELOW ? 0 : Math.sqrt(variance);
}

/** Deviations from the simple average, laid around one of another kind, as TA-Lib does. */
function aroundAnother(
  kind: number,
  period: number,
  deviations: Deviations,
  closeAt: number,
): IndicatorBody {
  const bands = build(period, deviations, closeAt);
  const average = averageOf(kind, period, closeAt);
  const bandsAt = LOWER + 1;
  const averageAt = bandsAt + bands.width;

  return {
    width: averageAt + average.width,
    warmupBars: Math.max(bands.warmupBars, average.warmupBars),

    reset(state, at) {
      state.fill(NaN, at, at + bandsAt);
      bands.reset(state, at + bandsAt);
      average.reset(state, at + averageAt);
    },

    update(state, at, bar) {
      bands.update(state, at + bandsAt, bar);
      average.update(state, at + averageAt, bar);
      const middle = state[at + averageAt] ?? NaN;
      const isReady = !Number.isNaN(middle + (state[at + bandsAt] ?? NaN));
      if (!isReady) return;
      const deviation = deviationOf(state, at + bandsAt, period);
      state[at + UPPER] = middle + deviation * deviations.up;
      state[at + MIDDLE] = middle;
      state[at + LOWER] = middle - deviation * deviations.down;
    },
  };
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
