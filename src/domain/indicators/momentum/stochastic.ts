import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { stochasticBody } from './stochastic-body.ts';

const K = 0;
const D = 1;
const COUNT = 2; // Below `period`: bars so far. From it on: `period` + next place in the rings.
const HIGHEST = 3; // Of the present lap round the rings.
const LOWEST = 4;
const RAW_PLACE = 5;
const K_PLACE = 6;
const HIGHS = 7;

/**
 * Slow stochastic, 0 to 100 (TA-Lib `STOCH`): the close's place between the lowest
 * low and the highest high of `period` bars, averaged over `slowing` (K), averaged again over
 * `smoothing` (D). A window without range counts as 0. Both outputs appear together. With simple
 * averages, which hardly anybody changes, it is built in one piece.
 *
 * The extremes come from van Herk's laps: places before the present one hold this lap's bars,
 * places after it hold the extreme of the last lap from there to its end, so a window is one
 * comparison.
 */
export const stochastic: IndicatorDeclaration = {
  name: 'stochastic',
  title: 'Slow stochastic',
  family: 'momentum',
  tells:
    'Where the close stands in its recent range: near 100 at the top of it, near 0 at the bottom.',
  formula:
    'K = average(100 * (close - lowest low) / (highest high - lowest low), slowing); D = ' +
    'average(K, smoothing), both simple unless their kinds say another; a window without ' +
    'range is 0.',
  source: 'TA-Lib STOCH; George Lane',
  parameters: [
    periodParameter(14, 1, 'period', 'optInFastK_Period'),
    periodParameter(3, 1, 'slowing', 'optInSlowK_Period'),
    periodParameter(3, 1, 'smoothing', 'optInSlowD_Period'),
    averageKindParameter('optInSlowK_MAType', 'slowingKind'),
    averageKindParameter('optInSlowD_MAType', 'smoothingKind'),
  ],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [
    { name: 'k', units: 'percent', talib: 'outSlowK' },
    { name: 'd', units: 'percent', talib: 'outSlowD' },
  ],
  talib: 'STOCH',
  build: ([period = NaN, slowing = NaN, smoothing = NaN, slowingKind = 0, smoothingKind = 0]) =>
    slowingKind + smoothingKind === 0
      ? build(period, slowing, smoothing)
      : stochasticBody(
          period,
          averageOf(slowingKind, slowing, 0),
          averageOf(smoothingKind, smoothing, 0),
        ),
};

function build(period: number, slowing: number, smoothing: number): IndicatorBody {
  const raws = HIGHS + 2 * period;
  const width = raws + slowing + smoothing;

  return {
    width,
    warmupBars: period + slowing + smoothing - 2,

    reset(state, at) {
      state.fill(0, at, at + width);
      state.fill(NaN, at, at + COUNT);
      // An average over a ring that is not yet full is NaN by itself.
      state.fill(NaN, at + raws, at + width);
    },

    update(state, at, bar) {
      step(state, at, bar, period, slowing, smoothing);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  period: number,
  slowing: number,
  smoothing: number,
): void {
  const high = bar[HIGH] ?? NaN;
  const low = bar[LOW] ?? NaN;
  const close = bar[CLOSE] ?? NaN;
  const sound = high + low + close;
  if (sound - sound !== 0) return;

  const highs = at + HIGHS;
  const lows = highs + period;
  const count = (state[at + COUNT] ?? NaN) | 0;
  const place = count < period ? count : count - period;
  const isLapEnd = place + 1 === period;
  let highest = place === 0 ? high : Math.max(state[at + HIGHEST] ?? NaN, high);
  let lowest = place === 0 ? low : Math.min(state[at + LOWEST] ?? NaN, low);
  state[at + COUNT] = isLapEnd ? period : count + 1;
  state[at + HIGHEST] = highest;
  state[at + LOWEST] = lowest;
  state[highs + place] = high;
  state[lows + place] = low;
  if (isLapEnd) {
    turnLap(state, highs, lows, period);
  } else {
    if (count < period) return;
    highest = Math.max(highest, state[highs + place + 1] ?? NaN);
    lowest = Math.min(lowest, state[lows + place + 1] ?? NaN);
  }

  const scale = (highest - lowest) / 100;
  const rawPlace = (state[at + RAW_PLACE] ?? NaN) | 0;
  state[lows + period + rawPlace] = scale === 0 ? 0 : (close - lowest) / scale;
  state[at + RAW_PLACE] = rawPlace + 1 === slowing ? 0 : rawPlace + 1;
  smooth(state, at, lows + period, slowing, smoothing);
}

/** The lap is complete: each place but the first takes the extreme from itself to the end. */
function turnLap(state: Float64Array, highs: number, lows: number, period: number): void {
  let highest = state[highs + period - 1] ?? NaN;
  let lowest = state[lows + period - 1] ?? NaN;
  for (let index = period - 2; index > 0; index -= 1) {
    highest = Math.max(highest, state[highs + index] ?? NaN);
    lowest = Math.min(lowest, state[lows + index] ?? NaN);
    state[highs + index] = highest;
    state[lows + index] = lowest;
  }
}

/** K over the ring of raws, D over the ring of K: short sums taken afresh, so nothing drifts. */
function smooth(
  state: Float64Array,
  at: number,
  raws: number,
  slowing: number,
  smoothing: number,
): void {
  const ks = raws + slowing;
  let k = 0;
  for (let index = raws; index < ks; index += 1) k += state[index] ?? NaN;
  k /= slowing;
  if (k !== k) return;

  const place = (state[at + K_PLACE] ?? NaN) | 0;
  state[ks + place] = k;
  state[at + K_PLACE] = place + 1 === smoothing ? 0 : place + 1;
  const end = ks + smoothing;
  let d = 0;
  for (let index = ks; index < end; index += 1) d += state[index] ?? NaN;
  if (d !== d) return;
  state[at + K] = k;
  state[at + D] = d / smoothing;
}
