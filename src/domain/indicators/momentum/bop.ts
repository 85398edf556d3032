import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, OPEN } from '../indicator.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;

export const bop: IndicatorDeclaration = {
  name: 'bop',
  title: 'Balance of power',
  family: 'momentum',
  tells:
    'Who carried the bar: 1 where buyers took it from its low to its high, -1 where sellers did.',
  formula: '(close - open) / (high - low); 0 where the bar has no range.',
  source: 'TA-Lib BOP; Igor Livshin, 2001',
  parameters: [],
  inputs: ['open', 'high', 'low', 'close'],
  takesAnySeries: false,
  outputs: [{ name: 'bop', units: 'ratio', talib: 'outReal' }],
  talib: 'BOP',
  build: () => build(),
};

function build(): IndicatorBody {
  return {
    width: 1,
    warmupBars: 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const rise = (bar[CLOSE] ?? NaN) - (bar[OPEN] ?? NaN);
      const range = (bar[HIGH] ?? NaN) - (bar[LOW] ?? NaN);
      const sound = rise + range;
      if (sound - sound !== 0) return;
      state[at + VALUE] = range < ZERO_BELOW ? 0 : rise / range;
    },
  };
}
