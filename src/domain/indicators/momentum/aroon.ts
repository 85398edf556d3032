import {
  datedExtremeWidth,
  EXTREME_AGE,
  type ExtremeRule,
  resetDatedExtreme,
  slideDatedExtreme,
} from '../dated-extremes.ts';
import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';

const DOWN = 0;
const UP = 1;
const HIGHS = 2;
export const NEWEST_HIGHEST: ExtremeRule = { side: 1, isNewest: true };
export const NEWEST_LOWEST: ExtremeRule = { side: -1, isNewest: true };

/** How long ago the extremes were, 0 to 100: of equal extremes the newest counts. */
export const aroon: IndicatorDeclaration = {
  name: 'aroon',
  title: 'Aroon',
  family: 'momentum',
  tells: 'How fresh the last high and the last low are: 100 is this bar, 0 the oldest looked at.',
  formula:
    '100 * (period - bars since the highest high) / period over the last period + 1 bars; down ' +
    'the same of the lowest low.',
  source: 'TA-Lib AROON; Tushar Chande, 1995',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [
    { name: 'down', units: 'percent', talib: 'outAroonDown' },
    { name: 'up', units: 'percent', talib: 'outAroonUp' },
  ],
  talib: 'AROON',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const bars = period + 1;
  const lows = HIGHS + datedExtremeWidth(bars);

  return {
    width: lows + datedExtremeWidth(bars),
    warmupBars: bars,

    reset(state, at) {
      state[at + DOWN] = NaN;
      state[at + UP] = NaN;
      resetDatedExtreme(state, at + HIGHS, bars);
      resetDatedExtreme(state, at + lows, bars);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0) return;
      slideDatedExtreme(state, at + HIGHS, bars, NEWEST_HIGHEST, high);
      slideDatedExtreme(state, at + lows, bars, NEWEST_LOWEST, low);
      const sinceHigh = state[at + HIGHS + EXTREME_AGE] ?? NaN;
      const sinceLow = state[at + lows + EXTREME_AGE] ?? NaN;
      state[at + UP] = (100 * (period - sinceHigh)) / period;
      state[at + DOWN] = (100 * (period - sinceLow)) / period;
    },
  };
}
