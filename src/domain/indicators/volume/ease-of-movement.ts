import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW, VOLUME } from '../indicator.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const VALUE = 0;
const MIDDLE = 1; // Of the bar before; NaN before the first.
const MOVES = 2;

/** Average of how far the middle of the range went for the volume that it took. */
export const easeOfMovement: IndicatorDeclaration = {
  name: 'easeOfMovement',
  title: 'Ease of movement',
  family: 'volume',
  tells: 'Whether the price moves without effort: far above 0 it rises on little volume.',
  formula:
    'sma((middle - previous middle) * (high - low) * scale / volume, period), middle = (high + ' +
    'low) / 2; a bar without volume counts 0.',
  source: 'Richard Arms, Volume Cycles in the Stock Market, 1983',
  parameters: [
    periodParameter(14, 1),
    // Shares in a unit of volume: it only makes the numbers readable.
    { name: 'scale', least: 1, most: 1e12, usual: 1e8, isWhole: true, isQuiet: true },
  ],
  inputs: ['high', 'low', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'ease', units: 'price2' }],
  build: ([period = NaN, scale = NaN]) => build(period, scale),
};

function build(period: number, scale: number): IndicatorBody {
  return {
    width: MOVES + windowSumWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + MIDDLE] = NaN;
      resetWindowSum(state, at + MOVES, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const sound = high + low + volume;
      if (sound - sound !== 0) return;

      const before = state[at + MIDDLE] ?? NaN;
      const middle = (high + low) / 2;
      state[at + MIDDLE] = middle;
      if (before !== before) return;
      const move = volume > 0 ? ((middle - before) * (high - low) * scale) / volume : 0;
      state[at + VALUE] = slideWindowSum(state, at + MOVES, period, move) / period;
    },
  };
}
