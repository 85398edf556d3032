import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const PREVIOUS = 1; // NaN before the first bar.
const MOVES = 2;

export const verticalHorizontal: IndicatorDeclaration = {
  name: 'verticalHorizontal',
  title: 'Vertical horizontal filter',
  family: 'momentum',
  tells: 'Whether the market trends (towards 1) or goes back and forth (towards 0).',
  formula: '(highest x - lowest x) / sum |x - x before|, over period bars; 0 where nothing moved.',
  source: 'Adam White, Futures, 1991; equal to TA-Lib 0.8 VHF',
  parameters: [periodParameter(28, 2)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'verticalHorizontal', units: 'ratio' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const highs = MOVES + windowSumWidth(period);
  const lows = highs + extremeWidth(period);

  return {
    width: lows + extremeWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + PREVIOUS] = NaN;
      resetWindowSum(state, at + MOVES, period);
      resetExtreme(state, at + highs, period);
      resetExtreme(state, at + lows, period);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      const previous = state[at + PREVIOUS] ?? NaN;
      state[at + PREVIOUS] = now;
      const highest = slideHighest(state, at + highs, period, now);
      const range = highest - slideLowest(state, at + lows, period, now);
      if (previous !== previous) return;
      const way = slideWindowSum(state, at + MOVES, period, Math.abs(now - previous));
      state[at + VALUE] = way < ZERO_BELOW ? 0 : range / way;
    },
  };
}
