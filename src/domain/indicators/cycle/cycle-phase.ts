import { sin } from '../../../core/math-trig.ts';
import {
  CYCLE_WINDOW_WIDTH,
  cyclePhase,
  pushCycleWindow,
  resetCycleWindow,
} from '../cycle-window.ts';
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

const COMMON = {
  family: 'cycle',
  parameters: [],
  inputs: ['close'],
  takesAnySeries: true,
  undefinedWhere: 'nothing moved during the cycle, where TA-Lib has the angle of rounding errors',
} as const;

const PHASE =
  "the phase of one period's wave in the smoothed prices of the last period, the period by " +
  "Ehlers' Hilbert transform begun at bar 37";

/** Where in its cycle a price stands (TA-Lib `HT_DCPHASE`). */
export const dominantCyclePhase: IndicatorDeclaration = {
  ...COMMON,
  name: 'dominantCyclePhase',
  title: 'Dominant cycle phase',
  tells: 'Where in its cycle the price stands: it turns evenly in a cycle, hardly in a trend.',
  formula: `Degrees from -45 to 315 of ${PHASE}.`,
  source: 'TA-Lib HT_DCPHASE; John Ehlers, Rocket Science for Traders, 2001',
  outputs: [{ name: 'phase', units: 'degrees', talib: 'outReal' }],
  talib: 'HT_DCPHASE',
  build: (_, [place = NaN]) => build([0], (phase) => phase, place),
};

/** The cycle as a wave, and the same an eighth of it ahead (TA-Lib `HT_SINE`). */
export const sineWave: IndicatorDeclaration = {
  ...COMMON,
  name: 'sineWave',
  title: 'Sine wave of the dominant cycle',
  tells: 'Turning points of a cycle before they come: where the lead crosses the sine.',
  formula: `Sine of the phase, and of the phase + 45 degrees; ${PHASE}.`,
  source: 'TA-Lib HT_SINE; John Ehlers, Rocket Science for Traders, 2001',
  outputs: [
    { name: 'sine', units: 'ratio', talib: 'outSine' },
    { name: 'leadSine', units: 'ratio', talib: 'outLeadSine' },
  ],
  talib: 'HT_SINE',
  build: (_, [place = NaN]) => build([0, 45], (phase) => sin(phase * (Math.PI / 180)), place),
};

/** @param ahead degrees that each output is ahead of the phase. */
function build(
  ahead: readonly number[],
  answer: (phase: number) => number,
  place: number,
): IndicatorBody {
  const count = ahead.length;
  const hilbert = count + 1;
  const smooths = hilbert + HILBERT_WIDTH;

  return {
    width: smooths + CYCLE_WINDOW_WIDTH,
    warmupBars: LATE_WARMUP_BARS,

    reset(state, at) {
      state.fill(NaN, at, at + count);
      state[at + count] = 0;
      resetHilbert(state, at + hilbert);
      resetCycleWindow(state, at + smooths);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const bars = (state[at + count] ?? NaN) | 0;
      if (bars < LATE_WARMUP_BARS) state[at + count] = bars + 1;
      if (!slideHilbert(state, at + hilbert, LATE_START, x)) return;
      pushCycleWindow(state, at + smooths, state[at + hilbert + SMOOTHED_PRICE] ?? NaN);
      if (bars + 1 < LATE_WARMUP_BARS) return;
      const phase = cyclePhase(state, at + smooths, state[at + hilbert + CYCLE_PERIOD] ?? NaN);
      for (let output = 0; output < count; output += 1) {
        state[at + output] = answer(phase + (ahead[output] ?? NaN));
      }
    },
  };
}
