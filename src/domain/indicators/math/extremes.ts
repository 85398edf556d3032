import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';

const COMMON = {
  family: 'math',
  parameters: [talibPeriod(30)],
  inputs: ['close'],
  takesAnySeries: true,
} as const;

/** Highest value of a window (TA-Lib `MAX`). */
export const highest: IndicatorDeclaration = {
  ...COMMON,
  name: 'highest',
  title: 'Highest value of a window',
  tells: 'The top of the recent range: above it is a new high.',
  formula: 'max(x, period)',
  source: 'TA-Lib MAX',
  outputs: [{ name: 'highest', units: 'series', talib: 'outReal' }],
  talib: 'MAX',
  build: ([period = NaN], [place = NaN]) => buildOne(slideHighest, period, place),
};

/** Lowest value of a window (TA-Lib `MIN`). */
export const lowest: IndicatorDeclaration = {
  ...COMMON,
  name: 'lowest',
  title: 'Lowest value of a window',
  tells: 'The bottom of the recent range: below it is a new low.',
  formula: 'min(x, period)',
  source: 'TA-Lib MIN',
  outputs: [{ name: 'lowest', units: 'series', talib: 'outReal' }],
  talib: 'MIN',
  build: ([period = NaN], [place = NaN]) => buildOne(slideLowest, period, place),
};

/** Both of them (TA-Lib `MINMAX`). */
export const extremes: IndicatorDeclaration = {
  ...COMMON,
  name: 'extremes',
  title: 'Lowest and highest value of a window',
  tells: 'The recent range, both ends.',
  formula: 'min(x, period) and max(x, period)',
  source: 'TA-Lib MINMAX',
  outputs: [
    { name: 'lowest', units: 'series', talib: 'outMin' },
    { name: 'highest', units: 'series', talib: 'outMax' },
  ],
  talib: 'MINMAX',
  build: ([period = NaN], [place = NaN]) => buildBoth(period, place),
};

function buildOne(slide: typeof slideHighest, period: number, place: number): IndicatorBody {
  return {
    width: 1 + extremeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at] = NaN;
      resetExtreme(state, at + 1, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x === 0) state[at] = slide(state, at + 1, period, x);
    },
  };
}

function buildBoth(period: number, place: number): IndicatorBody {
  const low = 2;
  const high = low + extremeWidth(period);

  return {
    width: high + extremeWidth(period),
    warmupBars: period,

    reset(state, at) {
      state[at] = NaN;
      state[at + 1] = NaN;
      resetExtreme(state, at + low, period);
      resetExtreme(state, at + high, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      state[at] = slideLowest(state, at + low, period, x);
      state[at + 1] = slideHighest(state, at + high, period, x);
    },
  };
}
