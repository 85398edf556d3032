import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { DIRECTIONAL_WIDTH, directionalIndex, moveDirectionally } from '../directional-movement.ts';

const VALUE = 0;
const SEED = 1; // Sum of the first `period` directional indices.
const MOVEMENT = 2;
const WIDTH = MOVEMENT + DIRECTIONAL_WIDTH;

/**
 * Average directional index, 0 to 100 (TA-Lib `ADX`, no unstable period).
 *
 * The first `period` directional indices are averaged, Wilder's steps follow. A bar without any
 * movement in the sums adds nothing to the seed and leaves a ready value as it is.
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
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'adx', units: 'percent', talib: 'outReal' }],
  talib: 'ADX',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const index = new Float64Array(1);
  return {
    width: WIDTH,
    warmupBars: 2 * period,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      step(state, at, bar, period, index);
    },
  };
}

function step(
  state: Float64Array,
  at: number,
  bar: Float64Array,
  period: number,
  scratch: Float64Array,
): void {
  const count = moveDirectionally(state, at + MOVEMENT, period, bar);
  if (count < period) return;
  directionalIndex(state, at + MOVEMENT, scratch);
  const index = scratch[0] ?? NaN;
  const hasDirection = index === index;
  if (count < 2 * period) {
    const seed = (state[at + SEED] ?? NaN) + (hasDirection ? index : 0);
    state[at + SEED] = seed;
    if (count === 2 * period - 1) state[at + VALUE] = seed / period;
  } else if (hasDirection) {
    state[at + VALUE] = ((state[at + VALUE] ?? NaN) * (period - 1) + index) / period;
  }
}
