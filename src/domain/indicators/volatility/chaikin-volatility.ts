import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { cascadeLevel, cascadeWidth, resetCascade, stepCascade } from '../ema-cascade.ts';
import { HIGH, LOW } from '../indicator.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const AVERAGE = 1;
const EARLIER = AVERAGE + cascadeWidth(1);

/** Rate of change of the average range. */
export const chaikinVolatility: IndicatorDeclaration = {
  name: 'chaikinVolatility',
  title: 'Chaikin volatility',
  family: 'volatility',
  tells: 'Whether ranges widen (above 0: fear, often near a low) or narrow (calm).',
  formula:
    '100 * (e - e[change bars ago]) / e[change bars ago], e = ema(high - low, period) seeded ' +
    'with the plain average of the first period.',
  source: 'Marc Chaikin; Steven Achelis, Technical Analysis from A to Z, 1995',
  parameters: [periodParameter(10, 2), periodParameter(10, 1, 'change')],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'volatility', units: 'percent' }],
  undefinedWhere: 'the average range was under 1e-14 change bars ago',
  build: ([period = NaN, change = NaN]) => build(period, change),
};

function build(period: number, change: number): IndicatorBody {
  return {
    width: EARLIER + lagWidth(change),
    warmupBars: period + change,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetCascade(state, at + AVERAGE, 1);
      resetLag(state, at + EARLIER, change);
    },

    update(state, at, bar) {
      const range = (bar[HIGH] ?? NaN) - (bar[LOW] ?? NaN);
      if (range - range !== 0) return;
      if (!stepCascade(state, at + AVERAGE, 1, period, range)) return;

      const average = state[cascadeLevel(at + AVERAGE, 0)] ?? NaN;
      const before = lagged(state, at + EARLIER, change, average);
      state[at + VALUE] = before < ZERO_BELOW ? NaN : (100 * (average - before)) / before;
    },
  };
}
