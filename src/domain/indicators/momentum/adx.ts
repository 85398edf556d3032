import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, HIGH, LOW } from '../indicator.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const SEED = 1; // Sum of the first `period` directional indices.
const PLUS = 2; // Directional movements and true range: sums, then Wilder's sums.
const MINUS = 3;
const RANGE = 4;
const PREVIOUS_HIGH = 5;
const PREVIOUS_LOW = 6;
const PREVIOUS_CLOSE = 7;
const COUNT = 8; // Bars so far; stays at 2 x `period`.

/**
 * Average directional index, 0 to 100 (TA-Lib `ADX`, no unstable period).
 *
 * TA-Lib's start: movements of bars 2 to `period` are summed (one fewer than the period), Wilder's
 * steps follow, the first `period` directional indices are averaged. A bar without any movement in
 * the sums adds nothing to the seed and leaves a ready value as it is.
 */
export const adx: IndicatorDeclaration = {
  name: 'adx',
  title: 'Average directional index',
  family: 'momentum',
  tells: 'How strong a trend is, whatever its direction: above 25 there is one.',
  formula:
    "Wilder's average of 100 * |+DI - -DI| / (+DI + -DI); movements of bars 2 to period are " +
    'summed first, period indices seed the average.',
  source: 'TA-Lib ADX; J. Welles Wilder, 1978',
  parameters: [periodParameter(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'adx', units: 'percent', talib: 'outReal' }],
  talib: 'ADX',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: 9,
    warmupBars: 2 * period,

    reset(state, at) {
      state.fill(0, at, at + 9);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const close = bar[CLOSE] ?? NaN;
      const sound = high + low + close;
      if (sound - sound !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const up = high - (state[at + PREVIOUS_HIGH] ?? NaN);
      const down = (state[at + PREVIOUS_LOW] ?? NaN) - low;
      const previous = state[at + PREVIOUS_CLOSE] ?? NaN;
      state[at + PREVIOUS_HIGH] = high;
      state[at + PREVIOUS_LOW] = low;
      state[at + PREVIOUS_CLOSE] = close;
      if (count < 2 * period) state[at + COUNT] = count + 1;
      if (count === 0) return;

      const trueRange = Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
      const share = count < period ? 0 : 1 / period;
      const plus = state[at + PLUS] ?? NaN;
      const minus = state[at + MINUS] ?? NaN;
      const range = state[at + RANGE] ?? NaN;
      state[at + PLUS] = plus - plus * share + (up > 0 && up > down ? up : 0);
      state[at + MINUS] = minus - minus * share + (down > 0 && up < down ? down : 0);
      state[at + RANGE] = range - range * share + trueRange;
      if (count >= period) average(state, at, period, count);
    },
  };
}

/** Takes the directional index of the present sums into the average. */
function average(state: Float64Array, at: number, period: number, count: number): void {
  const range = state[at + RANGE] ?? NaN;
  const plus = range < ZERO_BELOW ? 0 : 100 * ((state[at + PLUS] ?? NaN) / range);
  const minus = range < ZERO_BELOW ? 0 : 100 * ((state[at + MINUS] ?? NaN) / range);
  const total = plus + minus;
  const hasDirection = total >= ZERO_BELOW;
  const index = hasDirection ? 100 * (Math.abs(plus - minus) / total) : 0;
  if (count < 2 * period) {
    const seed = (state[at + SEED] ?? NaN) + index;
    state[at + SEED] = seed;
    if (count === 2 * period - 1) state[at + VALUE] = seed / period;
  } else if (hasDirection) {
    state[at + VALUE] = ((state[at + VALUE] ?? NaN) * (period - 1) + index) / period;
  }
}
