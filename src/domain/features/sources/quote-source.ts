import { PRICE_SCALE } from '../../../core/money.ts';
import { SECOND } from '../../../core/time.ts';
import type { SourceDeclaration } from '../registry.ts';
import {
  type ColumnDeclaration,
  type FeatureSource,
  TICK_ASK,
  TICK_ASK_SIZE,
  TICK_BID,
  TICK_BID_SIZE,
  TICK_NOW_US,
} from '../source.ts';
import { middleOf } from './quote-middle.ts';

/** The best quote as it stands. */
export const quoteSource: SourceDeclaration = { name: 'quote', isTimeframed: false, build };

const BID = 0;
const BID_SIZE = 1;
const ASK = 2;
const ASK_SIZE = 3;
const HEARD_US = 4;
const WIDTH = 5;

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'bid', units: 'dollars', tells: 'The best bid; none where nobody bids.' },
  { name: 'bidSize', units: 'shares', tells: 'Shares at the best bid; 0 where nobody bids.' },
  { name: 'ask', units: 'dollars', tells: 'The best ask; none where nobody asks.' },
  { name: 'askSize', units: 'shares', tells: 'Shares at the best ask; 0 where nobody asks.' },
  {
    name: 'middle',
    units: 'dollars',
    tells: 'Half way from bid to ask; none of a crossed book, or of one with one side.',
  },
  {
    name: 'spread',
    units: 'dollars',
    tells: 'Ask less bid, 0 of a locked book; none where there is no middle.',
  },
  { name: 'age', units: 'seconds', tells: 'Time since the last word about the best quote.' },
];

function build(): FeatureSource {
  return {
    name: 'quote',
    scope: 'symbol',
    columns: COLUMNS,
    version: 1,
    width: WIDTH,
    warmupBars: 0,

    reset: (state, at) => void state.fill(NaN, at, at + WIDTH),

    quote(state, at, tick) {
      state[at + BID] = tick[TICK_BID] ?? NaN;
      state[at + BID_SIZE] = tick[TICK_BID_SIZE] ?? NaN;
      state[at + ASK] = tick[TICK_ASK] ?? NaN;
      state[at + ASK_SIZE] = tick[TICK_ASK_SIZE] ?? NaN;
      state[at + HEARD_US] = tick[TICK_NOW_US] ?? NaN;
    },

    read(state, at, nowUs, out, outAt) {
      const bid = (state[at + BID] ?? NaN) / PRICE_SCALE;
      const ask = (state[at + ASK] ?? NaN) / PRICE_SCALE;
      out[outAt] = bid;
      out[outAt + 1] = state[at + BID_SIZE] ?? NaN;
      out[outAt + 2] = ask;
      out[outAt + 3] = state[at + ASK_SIZE] ?? NaN;
      out[outAt + 4] = middleOf(bid, ask);
      out[outAt + 5] = ask >= bid ? ask - bid : NaN;
      out[outAt + 6] = (nowUs - (state[at + HEARD_US] ?? NaN)) / SECOND;
    },
  };
}
