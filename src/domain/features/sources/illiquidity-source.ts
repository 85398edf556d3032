import { DAY } from '../../../core/time.ts';
import { CLOSE, SESSION, VOLUME } from '../../indicators/indicator.ts';
import type { SourceDeclaration, SourceOptions } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/** What it costs in price to trade, as bars alone tell it: light enough for every symbol. */
export const illiquiditySource: SourceDeclaration = {
  name: 'illiquidity',
  isTimeframed: true,
  build,
};

/** Bars that it looks back. */
const BARS = 20;
/** Amihud's own scale: per million dollars. */
const MILLION = 1_000_000;

const CLOSE_BEFORE = 0;
const SESSION_BEFORE = 1;
const PLACE = 2;
const RING = 3;
const WIDTH = RING + BARS;

const COLUMNS: readonly ColumnDeclaration[] = [
  {
    name: 'amihud',
    units: 'number',
    tells: 'Mean of |return| over a million dollars traded, over 20 bars that traded.',
  },
];

/**
 * Amihud (2002). A bar without volume says nothing of its price, and is passed over as the paper
 * does with days; so is one whose return is over a night, unless bars are of a day.
 */
function build({ spanUs }: SourceOptions): FeatureSource {
  return {
    name: 'illiquidity',
    scope: 'symbol',
    columns: COLUMNS,
    version: 2,
    width: WIDTH,
    warmupBars: BARS + 1,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      state[at + PLACE] = 0;
    },

    bar(state, at, bar) {
      const close = bar[CLOSE] ?? NaN;
      const volume = bar[VOLUME] ?? NaN;
      const session = bar[SESSION] ?? NaN;
      if (!(close > 0 && close < Infinity)) return;
      const before = state[at + CLOSE_BEFORE] ?? NaN;
      const isSame = spanUs >= DAY || session === state[at + SESSION_BEFORE];
      state[at + CLOSE_BEFORE] = close;
      state[at + SESSION_BEFORE] = session;
      const move = isSame ? Math.abs(close / before - 1) / close : NaN;
      const ratio = volume > 0 ? (move / volume) * MILLION : NaN;
      if (ratio - ratio !== 0) return;
      const place = (state[at + PLACE] ?? NaN) | 0;
      state[at + RING + place] = ratio;
      state[at + PLACE] = place + 1 === BARS ? 0 : place + 1;
    },

    read(state, at, _nowUs, out, outAt) {
      let sum = 0;
      for (let place = 0; place < BARS; place += 1) sum += state[at + RING + place] ?? NaN;
      out[outAt] = sum / BARS;
    },
  };
}
