import {
  datedExtremeWidth,
  EXTREME,
  EXTREME_AGE,
  type ExtremeRule,
  resetDatedExtreme,
  slideDatedExtreme,
} from '../dated-extremes.ts';
import { type IndicatorBody, type IndicatorDeclaration, talibPeriod } from '../declaration.ts';

const HIGHEST: ExtremeRule = { side: 1, isNewest: false };
const LOWEST: ExtremeRule = { side: -1, isNewest: false };

const COMMON = {
  family: 'math',
  parameters: [talibPeriod(30)],
  inputs: ['close'],
  takesAnySeries: true,
} as const;

const RULE =
  'bars are counted from 0 since the beginning. It stays with its bar until an equal or better ' +
  'one comes; when it leaves the window, the oldest of equal ones is taken.';

/** Where the highest value of a window is (TA-Lib `MAXINDEX`). */
export const highestIndex: IndicatorDeclaration = {
  ...COMMON,
  name: 'highestIndex',
  title: 'Bar of the highest value',
  tells: 'Which bar made the recent high.',
  formula: `The bar of max(x, period); ${RULE}`,
  source: 'TA-Lib MAXINDEX',
  outputs: [{ name: 'highestIndex', units: 'bars', talib: 'outInteger' }],
  talib: 'MAXINDEX',
  build: ([period = NaN], [place = NaN]) => build([HIGHEST], period, place),
};

/** Where the lowest value of a window is (TA-Lib `MININDEX`). */
export const lowestIndex: IndicatorDeclaration = {
  ...COMMON,
  name: 'lowestIndex',
  title: 'Bar of the lowest value',
  tells: 'Which bar made the recent low.',
  formula: `The bar of min(x, period); ${RULE}`,
  source: 'TA-Lib MININDEX',
  outputs: [{ name: 'lowestIndex', units: 'bars', talib: 'outInteger' }],
  talib: 'MININDEX',
  build: ([period = NaN], [place = NaN]) => build([LOWEST], period, place),
};

/** Both of them (TA-Lib `MINMAXINDEX`). */
export const extremeIndexes: IndicatorDeclaration = {
  ...COMMON,
  name: 'extremeIndexes',
  title: 'Bars of the lowest and the highest value',
  tells: 'Which bars made the recent range, and so which end came last.',
  formula: `The bars of min(x, period) and max(x, period); ${RULE}`,
  source: 'TA-Lib MINMAXINDEX',
  outputs: [
    { name: 'lowestIndex', units: 'bars', talib: 'outMinIdx' },
    { name: 'highestIndex', units: 'bars', talib: 'outMaxIdx' },
  ],
  talib: 'MINMAXINDEX',
  build: ([period = NaN], [place = NaN]) => build([LOWEST, HIGHEST], period, place),
};

// A slot for the bars so far (exact to 2^53), then for each side its value and its window.
const HELD = 0;
const WINDOW = 1;

function build(rules: readonly ExtremeRule[], period: number, place: number): IndicatorBody {
  const bars = rules.length;
  const first = bars + 1;
  const stride = WINDOW + datedExtremeWidth(period);

  return {
    width: first + rules.length * stride,
    warmupBars: period,

    reset(state, at) {
      state[at + bars] = 0;
      for (let side = 0; side < rules.length; side += 1) {
        state[at + side] = NaN;
        state[at + first + side * stride + HELD] = NaN;
        resetDatedExtreme(state, at + first + side * stride + WINDOW, period);
      }
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const now = state[at + bars] ?? NaN;
      state[at + bars] = now + 1;
      for (let side = 0; side < rules.length; side += 1) {
        const rule = rules[side] ?? HIGHEST;
        const held = at + first + side * stride + HELD;
        const window = held + WINDOW;
        slideDatedExtreme(state, window, period, rule, x);
        if (now + 1 < period) continue;

        const index = state[at + side] ?? NaN;
        if (index > now - period) {
          if (rule.side * x < rule.side * (state[held] ?? NaN)) continue;
          state[at + side] = now;
          state[held] = x;
        } else {
          state[at + side] = now - (state[window + EXTREME_AGE] ?? NaN);
          state[held] = state[window + EXTREME] ?? NaN;
        }
      }
    },
  };
}
