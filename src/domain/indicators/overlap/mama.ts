import { atan } from '../../../core/math-inverse.ts';
import type { IndicatorBody, IndicatorDeclaration, ParameterDeclaration } from '../declaration.ts';
import {
  EARLY_START,
  EARLY_WARMUP_BARS,
  HILBERT_WIDTH,
  IN_PHASE,
  QUADRATURE,
  resetHilbert,
  slideHilbert,
} from '../hilbert.ts';

const MAMA = 0;
const FAMA = 1;
const COUNT = 2; // Bars so far; stays at `EARLY_WARMUP_BARS`.
const PHASE = 3;
const FAST = 4; // The two averages, numbers from the start.
const SLOW = 5;
const HILBERT = 6;
const WIDTH = HILBERT + HILBERT_WIDTH;

/**
 * Ehlers' MESA adaptive moving average and its follower (TA-Lib `MAMA`). Where a price has stood
 * still the phase is exactly 0; TA-Lib has the angle of its rounding errors there and jumps by it.
 */
export const mama: IndicatorDeclaration = {
  name: 'mama',
  title: 'MESA adaptive moving average',
  family: 'overlap',
  tells: 'An average that jumps to the price when a cycle turns and keeps its level in between.',
  formula:
    'mama += a * (x - mama), fama += a / 2 * (mama - fama), both from 0 at bar 12; a = fastLimit ' +
    '/ degrees that the phase fell since the last bar (at least 1), not under slowLimit; phase = ' +
    "atan(quadrature / in-phase) of Ehlers' Hilbert transform.",
  source: 'TA-Lib MAMA; John Ehlers, MESA Adaptive Moving Averages, 2001',
  parameters: [
    limit('fastLimit', 0.5, 'optInFastLimit'),
    limit('slowLimit', 0.05, 'optInSlowLimit'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'mama', units: 'series', talib: 'outMAMA' },
    { name: 'fama', units: 'series', talib: 'outFAMA' },
  ],
  talib: 'MAMA',
  build: ([fastLimit = NaN, slowLimit = NaN], [place = NaN]) => build(fastLimit, slowLimit, place),
};

function limit(name: string, usual: number, talib: string): ParameterDeclaration {
  return { name, least: 0.01, most: 0.99, usual, isWhole: false, isQuiet: true, talib };
}

function build(fastLimit: number, slowLimit: number, place: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: EARLY_WARMUP_BARS,

    reset(state, at) {
      state.fill(0, at, at + HILBERT);
      state[at + MAMA] = NaN;
      state[at + FAMA] = NaN;
      resetHilbert(state, at + HILBERT);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const bars = (state[at + COUNT] ?? NaN) | 0;
      if (bars < EARLY_WARMUP_BARS) state[at + COUNT] = bars + 1;
      if (!slideHilbert(state, at + HILBERT, EARLY_START, x)) return;

      const inPhase = state[at + HILBERT + IN_PHASE] ?? NaN;
      const quadrature = state[at + HILBERT + QUADRATURE] ?? NaN;
      const phase = inPhase === 0 ? 0 : atan(quadrature / inPhase) * (180 / Math.PI);
      const fell = Math.max(1, (state[at + PHASE] ?? NaN) - phase);
      const alpha = fell > 1 ? Math.max(fastLimit / fell, slowLimit) : fastLimit;
      const fast = alpha * x + (1 - alpha) * (state[at + FAST] ?? NaN);
      const slow = 0.5 * alpha * fast + (1 - 0.5 * alpha) * (state[at + SLOW] ?? NaN);
      state[at + PHASE] = phase;
      state[at + FAST] = fast;
      state[at + SLOW] = slow;
      if (bars + 1 < EARLY_WARMUP_BARS) return;
      state[at + MAMA] = fast;
      state[at + FAMA] = slow;
    },
  };
}
