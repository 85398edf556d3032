import {
  datedExtremeWidth,
  EXTREME_AGE,
  resetDatedExtreme,
  slideDatedExtreme,
} from '../dated-extremes.ts';
import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { NEWEST_HIGHEST, NEWEST_LOWEST } from './aroon.ts';

const VALUE = 0;
const HIGHS = 1;

export const aroonOsc: IndicatorDeclaration = {
  name: 'aroonOsc',
  title: 'Aroon oscillator',
  family: 'momentum',
  tells: 'Which is fresher, the last high (above 0) or the last low, and by how much.',
  formula: 'aroon up - aroon down.',
  source: 'TA-Lib AROONOSC; Tushar Chande, 1995',
  parameters: [talibPeriod(14, 2)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [{ name: 'aroonOsc', units: 'percent', talib: 'outReal' }],
  talib: 'AROONOSC',
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const bars = period + 1;
  const lows = HIGHS + datedExtremeWidth(bars);

  return {
    width: lows + datedExtremeWidth(bars),
    warmupBars: bars,

    reset(state, at) {
      state[at + VALUE] = NaN;
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
      state[at + VALUE] = (100 * (sinceLow - sinceHigh)) / period;
    },
  };
}
