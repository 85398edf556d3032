import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import {
  cascadeBars,
  cascadeLevel,
  cascadeWidth,
  resetCascade,
  stepCascade,
} from '../ema-cascade.ts';

const VALUE = 0;
const PREVIOUS = 1; // The triple average of the bar before; NaN until there is one.
const CASCADE = 2;
const DEPTH = 3;

export const trix: IndicatorDeclaration = {
  name: 'trix',
  title: 'Rate of change of a triple exponential average',
  family: 'momentum',
  tells: 'Whether a trend cleaned of all short moves gains or loses pace: its sign is the trend.',
  formula:
    '100 * (t / t of the bar before - 1); t = ema(ema(ema(x))), each seeded with the simple ' +
    'average of its first period values; 0 where t was 0.',
  source: 'TA-Lib TRIX; Jack Hutson, 1983',
  parameters: [talibPeriod(30, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'trix', units: 'percent', talib: 'outReal' }],
  talib: 'TRIX',
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  return {
    width: CASCADE + cascadeWidth(DEPTH),
    warmupBars: cascadeBars(DEPTH, period) + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
      resetCascade(state, at + CASCADE, DEPTH);
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      if (value - value !== 0) return;
      if (!stepCascade(state, at + CASCADE, DEPTH, period, value)) return;
      const now = state[cascadeLevel(at + CASCADE, DEPTH - 1)] ?? NaN;
      const before = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = now;
      state[at + VALUE] = before === 0 ? 0 : (now / before - 1) * 100;
    },
  };
}
