import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { DIRECTIONAL_WIDTH, plusIndex, moveDirectionally } from '../directional-movement.ts';

const VALUE = 0;
const MOVEMENT = 1;
const WIDTH = MOVEMENT + DIRECTIONAL_WIDTH;

export const plusDi: IndicatorDeclaration = {
  name: 'plusDi',
  title: 'Plus directional indicator',
  family: 'momentum',
  tells: 'How much of what the market moved was the work of buyers.',
  formula:
    "100 * Wilder's sum of upward movement / Wilder's sum of true range; 0 without range. " +
    '(Over one bar TA-Lib leaves out the 100.)',
  source: 'TA-Lib PLUS_DI; J. Welles Wilder, 1978',
  parameters: [talibPeriod(14, 1)],
  inputs: ['high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'plusDi', units: 'percent', talib: 'outReal' }],
  talib: 'PLUS_DI',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const count = moveDirectionally(state, at + MOVEMENT, period, bar);
      if (count >= period) state[at + VALUE] = plusIndex(state, at + MOVEMENT);
    },
  };
}
