import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { DIRECTIONAL_WIDTH, directionalIndex, moveDirectionally } from '../directional-movement.ts';

const VALUE = 0;
const MOVEMENT = 1;
const WIDTH = MOVEMENT + DIRECTIONAL_WIDTH;

/** Directional index, 0 to 100: what the ADX averages. Without movement it stays as it was. */
export const dx: IndicatorDeclaration = {
  name: 'dx',
  title: 'Directional index',
  family: 'momentum',
  tells: 'How one-sided the market moves now: 100 where all movement goes one way.',
  formula:
    '100 * |+DI - -DI| / (+DI + -DI); a bar without movement in the sums keeps the last value, ' +
    'at first 0.',
  source: 'TA-Lib DX; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'dx', units: 'percent', talib: 'outReal' }],
  talib: 'DX',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const scratch = new Float64Array(1);
  return {
    width: WIDTH,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const count = moveDirectionally(state, at + MOVEMENT, period, bar);
      if (count < period) return;
      directionalIndex(state, at + MOVEMENT, scratch);
      const index = scratch[0] ?? NaN;
      if (index === index) state[at + VALUE] = index;
      else if (count === period) state[at + VALUE] = 0;
    },
  };
}
