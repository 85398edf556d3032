import { sin } from '../../../core/math-trig.ts';
import {
  CYCLE_WINDOW_WIDTH,
  cyclePhase,
  pushCycleWindow,
  resetCycleWindow,
} from '../cycle-window.ts';
import { nextTrendline } from '../cycle-trendline.ts';
import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import {
  CYCLE_PERIOD,
  HILBERT_WIDTH,
  LATE_START,
  LATE_WARMUP_BARS,
  resetHilbert,
  slideHilbert,
  SMOOTHED_PRICE,
} from '../hilbert.ts';

const MODE = 0;
const COUNT = 1; // Bars so far; stays at `LATE_WARMUP_BARS`.
const PHASE = 2;
const SINE = 3;
const LEAD_SINE = 4;
const BARS_SINCE_CROSSING = 5; // Of sine and lead; beyond half a cycle it is all one.
const TRENDS = 6; // The last three means over a cycle, newest first.
const HILBERT = 9;
const SMOOTHS = HILBERT + HILBERT_WIDTH;
const PRICES = SMOOTHS + CYCLE_WINDOW_WIDTH;
const WIDTH = PRICES + CYCLE_WINDOW_WIDTH;
const BARS_SINCE_CROSSING_MAX = 1_000;

/** Whether a price trends or cycles (TA-Lib `HT_TRENDMODE`). */
export const trendMode: IndicatorDeclaration = {
  name: 'trendMode',
  title: 'Trend or cycle mode',
  family: 'cycle',
  tells: '1 where the price trends and averages serve, 0 where it cycles and oscillators do.',
  formula:
    '1, but 0 for half a cycle after sine and lead sine cross, or where the phase turns by 0.67 ' +
    'to 1.5 of 360 / period a bar; 1 again where the smoothed price is 1.5 % off the trendline.',
  source: 'TA-Lib HT_TRENDMODE; John Ehlers, Rocket Science for Traders, 2001',
  parameters: [],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'trendMode', units: 'flag', talib: 'outInteger' }],
  talib: 'HT_TRENDMODE',
  build: (_, [place = NaN]) => build(place),
};

function build(place: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: LATE_WARMUP_BARS,

    reset(state, at) {
      state.fill(0, at, at + HILBERT);
      state[at + MODE] = NaN;
      resetHilbert(state, at + HILBERT);
      resetCycleWindow(state, at + SMOOTHS);
      resetCycleWindow(state, at + PRICES);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const bars = (state[at + COUNT] ?? NaN) | 0;
      if (bars < LATE_WARMUP_BARS) state[at + COUNT] = bars + 1;
      pushCycleWindow(state, at + PRICES, x);
      if (!slideHilbert(state, at + HILBERT, LATE_START, x)) return;
      pushCycleWindow(state, at + SMOOTHS, state[at + HILBERT + SMOOTHED_PRICE] ?? NaN);
      const isTrend = isTrending(state, at);
      if (bars + 1 >= LATE_WARMUP_BARS) state[at + MODE] = isTrend ? 1 : 0;
    },
  };
}

function isTrending(state: Float64Array, at: number): boolean {
  const period = state[at + HILBERT + CYCLE_PERIOD] ?? NaN;
  const phase = cyclePhase(state, at + SMOOTHS, period);
  const turn = phase - (state[at + PHASE] ?? NaN);
  state[at + PHASE] = phase;
  const bars = barsSinceCrossing(state, at, phase);

  const trendline = nextTrendline(state, at + TRENDS, at + PRICES, period);
  const smoothed = state[at + HILBERT + SMOOTHED_PRICE] ?? NaN;
  if (trendline !== 0 && Math.abs((smoothed - trendline) / trendline) >= 0.015) return true;
  if (bars < 0.5 * period) return false;
  const even = 360 / period;
  return !(turn > 0.67 * even && turn < 1.5 * even);
}

/** Moves sine and lead on, and counts: 1 on the bar on which they cross. */
function barsSinceCrossing(state: Float64Array, at: number, phase: number): number {
  const sine = sin(phase * (Math.PI / 180));
  const lead = sin((phase + 45) * (Math.PI / 180));
  const lastSine = state[at + SINE] ?? NaN;
  const lastLead = state[at + LEAD_SINE] ?? NaN;
  const hasRisen = sine > lead && lastSine <= lastLead;
  const hasFallen = sine < lead && lastSine >= lastLead;
  const before = state[at + BARS_SINCE_CROSSING] ?? NaN;
  const bars = hasRisen || hasFallen ? 1 : Math.min(before + 1, BARS_SINCE_CROSSING_MAX);
  state[at + SINE] = sine;
  state[at + LEAD_SINE] = lead;
  state[at + BARS_SINCE_CROSSING] = bars;
  return bars;
}
