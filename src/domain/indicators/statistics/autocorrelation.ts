import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import {
  comomentsWidth,
  PRODUCTS,
  resetComoments,
  slideComoments,
  SQUARES_X,
  SQUARES_Y,
} from '../window-comoments.ts';
import { ZERO_BELOW } from '../zero.ts';

const VALUE = 0;
const LAST = 1; // NaN before the first bar.
const PAST = 2; // Moves.

/** Correlation of a series' moves with those some bars before. */
export const autocorrelation: IndicatorDeclaration = {
  name: 'autocorrelation',
  title: 'Autocorrelation of moves',
  family: 'statistics',
  tells: 'Whether moves are followed by their like (above 0: trend) or by their opposite (below).',
  formula:
    'Correlation over period pairs of x - previous x with the same lag bars before; none where ' +
    'the variance of either is under 1e-14.',
  source: 'Box and Jenkins, 1970',
  parameters: [periodParameter(50, 3), periodParameter(1, 1, 'lag')],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'autocorrelation', units: 'ratio' }],
  undefinedWhere: 'the moves of the window are all the same',
  build: ([period = NaN, lag = NaN], [place = NaN]) => build(period, lag, place),
};

function build(period: number, lag: number, place: number): IndicatorBody {
  const window = PAST + lagWidth(lag);

  return {
    width: window + comomentsWidth(period),
    warmupBars: period + lag + 1,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + LAST] = NaN;
      resetLag(state, at + PAST, lag);
      resetComoments(state, at + window, period);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const last = state[at + LAST] ?? NaN;
      state[at + LAST] = x;
      if (last !== last) return;

      const move = x - last;
      const before = lagged(state, at + PAST, lag, move);
      if (before !== before) return;
      slideComoments(state, at + window, period, move, before);
      state[at + VALUE] = ratio(state, at + window, period);
    },
  };
}

function ratio(state: Float64Array, window: number, period: number): number {
  const squaresX = state[window + SQUARES_X] ?? NaN;
  const squaresY = state[window + SQUARES_Y] ?? NaN;
  if (Math.min(squaresX, squaresY) < ZERO_BELOW * period) return NaN;
  const value = (state[window + PRODUCTS] ?? NaN) / Math.sqrt(squaresX * squaresY);
  return Math.min(1, Math.max(-1, value)); // Rounding alone can take it past 1.
}
