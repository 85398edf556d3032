import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { CLOSE, VOLUME } from '../indicator.ts';

const VALUE = 0;
const SEED = 1;
const PREVIOUS = 2;
const COUNT = 3; // Bars so far; stays at `period` + 1.

/** Average of move times volume. */
export const forceIndex: IndicatorDeclaration = {
  name: 'forceIndex',
  title: 'Force index',
  family: 'volume',
  tells: 'How hard the price is being pushed, up (above 0) or down: far moves on volume.',
  formula:
    'ema((close - previous close) * volume, period), seeded with the plain average of the first ' +
    'period.',
  source: 'Alexander Elder, Trading for a Living, 1993',
  parameters: [periodParameter(13, 1)],
  inputs: ['close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'force', units: 'money' }],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const alpha = 2 / (period + 1);
  const keep = 1 - alpha;

  return {
    width: 4,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + 4);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      const force = (close - (state[at + PREVIOUS] ?? NaN)) * volume;
      state[at + PREVIOUS] = close;
      if (count <= period) state[at + COUNT] = count + 1;
      if (count === 0) return;
      if (count > period) {
        state[at + VALUE] = force * alpha + (state[at + VALUE] ?? NaN) * keep;
        return;
      }
      const seed = (state[at + SEED] ?? NaN) + force;
      state[at + SEED] = seed;
      if (count === period) state[at + VALUE] = seed / period;
    },
  };
}
