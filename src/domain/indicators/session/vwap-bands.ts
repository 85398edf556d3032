import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { CLOSE, HIGH, LOW, SESSION, VOLUME } from '../indicator.ts';

const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const SHARES = 3;
const SQUARES = 4; // Sum of volume times squared distance from the mean.
const ANCHOR = 5; // The session's first typical price with volume.
const MEAN = 6; // Less the anchor, so that a small spread about a high price keeps its digits.
const TURNOVER = 7;
const DAY = 8;
const WIDTH = 9;

/** VWAP of the New York day and the volume-weighted deviation from it, by West's steps. */
export const vwapBands: IndicatorDeclaration = {
  name: 'vwapBands',
  title: 'VWAP bands',
  family: 'session',
  tells: "How far from the day's average price trades have strayed: outside is stretched.",
  formula:
    'vwap +- deviations * sqrt(sum(volume * (typical - vwap)^2) / sum(volume)) of the bars since ' +
    'the New York day began: those that the feed gives, also before and after the core session; ' +
    'typical = (high + low + close) / 3.',
  source: 'D. H. D. West, Updating Mean and Variance Estimates: An Improved Method, 1979',
  parameters: [{ name: 'deviations', least: 0.01, most: 100, usual: 2, isWhole: false }],
  inputs: ['high', 'low', 'close', 'volume', 'session'],
  takesAnySeries: false,
  outputs: [
    { name: 'upper', units: 'price' },
    { name: 'middle', units: 'price' },
    { name: 'lower', units: 'price' },
  ],
  undefinedWhere: 'nothing has traded in the day',
  build: ([deviations = NaN]) => build(deviations),
};

function build(deviations: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: 1,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
    },

    update(state, at, bar) {
      const typical = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN) + (bar[CLOSE] ?? NaN)) / 3;
      const volume = bar[VOLUME] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      const sound = typical + volume + session;
      if (sound - sound !== 0) return;

      if (session !== state[at + DAY]) {
        state[at + DAY] = session;
        state.fill(NaN, at, at + SHARES);
        state.fill(0, at + SHARES, at + DAY);
      }
      if (volume <= 0) return;
      const sharesBefore = state[at + SHARES] ?? NaN;
      if (sharesBefore === 0) state[at + ANCHOR] = typical;
      const anchor = state[at + ANCHOR] ?? NaN;
      const before = state[at + MEAN] ?? NaN;
      const away = typical - anchor - before;
      const shares = sharesBefore + volume;
      const mean = before + (away * volume) / shares;
      const squares = (state[at + SQUARES] ?? NaN) + volume * away * (typical - anchor - mean);
      const turnover = (state[at + TURNOVER] ?? NaN) + typical * volume;
      // As in `vwap`: the mean above has the digits of distances, this one those of the price.
      const middle = turnover / shares;
      const distance = deviations * Math.sqrt(squares / shares);
      state[at + SHARES] = shares;
      state[at + MEAN] = mean;
      state[at + SQUARES] = squares;
      state[at + TURNOVER] = turnover;
      state[at + UPPER] = middle + distance;
      state[at + MIDDLE] = middle;
      state[at + LOWER] = middle - distance;
    },
  };
}
