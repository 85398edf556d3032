import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, START_US, VOLUME } from '../indicator.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../running-sum.ts';

const VALUE = 0;
const TURNOVER = 1;
const SHARES = TURNOVER + RUNNING_SUM_WIDTH;
const WIDTH = SHARES + RUNNING_SUM_WIDTH;

/** Volume-weighted average price since a moment that a person chose: earnings, a high, a gap. */
export const anchoredVwap: IndicatorDeclaration = {
  name: 'anchoredVwap',
  title: 'Anchored VWAP',
  family: 'session',
  tells: 'What shares changed hands at on average since the anchor: below it they are behind.',
  formula:
    'sum(typical * volume) / sum(volume) over bars that began at anchorUs (microseconds UTC) or ' +
    'later; typical = (high + low + close) / 3.',
  source: 'Paul Levine, Introducing the MIDAS Method of Technical Analysis, 1995',
  parameters: [
    // With 0 every bar counts.
    { name: 'anchorUs', least: 0, most: Number.MAX_SAFE_INTEGER, usual: 0, isWhole: true },
  ],
  inputs: ['high', 'low', 'close', 'volume', 'startUs'],
  takesAnySeries: false,
  outputs: [{ name: 'vwap', units: 'price' }],
  undefinedWhere: 'before the anchor, and until something has traded since',
  build: ([anchorUs = NaN]) => build(anchorUs),
};

function build(anchorUs: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: 1,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const typical = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
      const volume = bar[VOLUME] ?? NaN;
      const startUs = bar[START_US] ?? NaN;
      const sound = typical + volume + startUs;
      if (sound - sound !== 0 || startUs < anchorUs) return;

      slideSum(state, at + TURNOVER, typical * volume, 0);
      slideSum(state, at + SHARES, volume, 0);
      const shares = runningSum(state, at + SHARES);
      if (shares > 0) state[at + VALUE] = runningSum(state, at + TURNOVER) / shares;
    },
  };
}
