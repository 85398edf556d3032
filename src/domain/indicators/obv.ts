import type { ConfiguredIndicator } from './configured-indicator.ts';
import { CLOSE, VOLUME } from './indicator.ts';

const VALUE = 0;
const PREVIOUS = 1;

/**
 * On-balance volume (TA-Lib `OBV`): starts at the first bar's volume, then adds the volume of bars
 * that closed higher and takes away that of bars that closed lower. Exact below 2^53 shares.
 */
export function obv(): ConfiguredIndicator {
  return {
    name: 'obv',
    parameters: [],
    outputs: ['obv'],
    width: 2,
    warmupBars: 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
    },

    update(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = close + volume;
      if (sound - sound !== 0) return;

      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = close;
      if (Number.isNaN(previous)) state[at + VALUE] = volume;
      else if (close > previous) state[at + VALUE] = (state[at + VALUE] ?? NaN) + volume;
      else if (close < previous) state[at + VALUE] = (state[at + VALUE] ?? NaN) - volume;
    },
  };
}
