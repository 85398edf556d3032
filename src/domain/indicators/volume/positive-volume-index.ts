import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, VOLUME } from '../indicator.ts';

const VALUE = 0;
const PREVIOUS_CLOSE = 1;
const PREVIOUS_VOLUME = 2; // NaN before the first bar.

const FIRST = 1_000;

/** What the price did on bars with more volume than the one before. */
export const positiveVolumeIndex: IndicatorDeclaration = {
  name: 'positiveVolumeIndex',
  title: 'Positive volume index',
  family: 'volume',
  tells: 'What the price does when the crowd trades: it follows the crowd, not the informed.',
  formula:
    '1000 at the first bar; times close / previous close at each bar with more volume than the ' +
    'one before.',
  source: 'Paul Dysart, 1936; Norman Fosback, Stock Market Logic, 1976',
  parameters: [],
  inputs: ['close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'index', units: 'number' }],
  build,
};

function build(): IndicatorBody {
  return {
    width: 3,
    warmupBars: 1,

    reset(state, at) {
      state.fill(NaN, at, at + 3);
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0 || close <= 0) return;

      const before = state[at + PREVIOUS_VOLUME] ?? NaN;
      const previous = state[at + PREVIOUS_CLOSE] ?? NaN;
      state[at + PREVIOUS_CLOSE] = close;
      state[at + PREVIOUS_VOLUME] = volume;
      if (before !== before) state[at + VALUE] = FIRST;
      else if (volume > before) state[at + VALUE] = (state[at + VALUE] ?? NaN) * (close / previous);
    },
  };
}
