import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const HIGHEST = 3;

/** Donchian's channel. The present bar is part of it: compare a close with the channel before. */
export const donchian: IndicatorDeclaration = {
  name: 'donchian',
  title: 'Donchian channel',
  family: 'overlap',
  tells: 'The range of the last bars: a new high or low of it is a breakout.',
  formula:
    'upper = highest high(period), lower = lowest low(period), the present bar included; ' +
    'middle = their mean.',
  source: 'Richard Donchian (his four-week rule)',
  parameters: [periodParameter(20, 1)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [
    { name: 'upper', units: 'price' },
    { name: 'middle', units: 'price' },
    { name: 'lower', units: 'price' },
  ],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const lowestAt = HIGHEST + extremeWidth(period);

  return {
    width: lowestAt + extremeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state.fill(NaN, at, at + HIGHEST);
      resetExtreme(state, at + HIGHEST, period);
      resetExtreme(state, at + lowestAt, period);
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0) return;
      const highest = slideHighest(state, at + HIGHEST, period, high);
      const lowest = slideLowest(state, at + lowestAt, period, low);
      state[at + UPPER] = highest;
      state[at + MIDDLE] = (highest + lowest) / 2;
      state[at + LOWER] = lowest;
    },
  };
}
