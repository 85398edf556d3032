import { nextTrendline, TRENDLINE_WIDTH } from '../cycle-trendline.ts';
import { CYCLE_WINDOW_WIDTH, pushCycleWindow, resetCycleWindow } from '../cycle-window.ts';
import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import {
  CYCLE_PERIOD,
  HILBERT_WIDTH,
  LATE_START,
  LATE_WARMUP_BARS,
  resetHilbert,
  slideHilbert,
} from '../hilbert.ts';

const VALUE = 0;
const COUNT = 1; // Bars so far; stays at `LATE_WARMUP_BARS`.
const TRENDLINE = 2;
const HILBERT = TRENDLINE + TRENDLINE_WIDTH;
const PRICES = HILBERT + HILBERT_WIDTH;
const WIDTH = PRICES + CYCLE_WINDOW_WIDTH;

/** Ehlers' instantaneous trendline (TA-Lib `HT_TRENDLINE`). */
export const htTrendline: IndicatorDeclaration = {
  name: 'htTrendline',
  title: 'Instantaneous trendline',
  family: 'overlap',
  tells: 'The price without its cycle: an average just as long as the cycle there is.',
  formula:
    'Mean of the last cycle, weighted 4-3-2-1 over four bars; the period of the cycle by ' +
    "Ehlers' Hilbert transform begun at bar 37.",
  source: 'TA-Lib HT_TRENDLINE; John Ehlers, Rocket Science for Traders, 2001',
  parameters: [],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'trendline', units: 'series', talib: 'outReal' }],
  talib: 'HT_TRENDLINE',
  build: (_, [place = NaN]) => build(place),
};

function build(place: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: LATE_WARMUP_BARS,

    reset(state, at) {
      state.fill(0, at, at + HILBERT);
      state[at + VALUE] = NaN;
      resetHilbert(state, at + HILBERT);
      resetCycleWindow(state, at + PRICES);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const bars = (state[at + COUNT] ?? NaN) | 0;
      if (bars < LATE_WARMUP_BARS) state[at + COUNT] = bars + 1;
      pushCycleWindow(state, at + PRICES, x);
      if (!slideHilbert(state, at + HILBERT, LATE_START, x)) return;
      const period = state[at + HILBERT + CYCLE_PERIOD] ?? NaN;
      const value = nextTrendline(state, at + TRENDLINE, at + PRICES, period);
      if (bars + 1 >= LATE_WARMUP_BARS) state[at + VALUE] = value;
    },
  };
}
