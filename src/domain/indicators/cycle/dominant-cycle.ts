import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import {
  CYCLE_PERIOD,
  EARLY_START,
  EARLY_WARMUP_BARS,
  HILBERT_WIDTH,
  IN_PHASE,
  QUADRATURE,
  resetHilbert,
  slideHilbert,
} from '../hilbert.ts';

const COMMON = {
  family: 'cycle',
  parameters: [],
  inputs: ['close'],
  takesAnySeries: true,
} as const;

/** Period of the cycle that dominates a price (TA-Lib `HT_DCPERIOD`). */
export const dominantCyclePeriod: IndicatorDeclaration = {
  ...COMMON,
  name: 'dominantCyclePeriod',
  title: 'Dominant cycle period',
  tells: 'How many bars the cycle in the price takes: what periods of other indicators can follow.',
  formula:
    "Ehlers' Hilbert transform of a price weighted over 4 bars, begun at bar 12; period from the " +
    'turn of its components a bar, within 0.67 to 1.5 of the last, 6 to 50, smoothed twice.',
  source: 'TA-Lib HT_DCPERIOD; John Ehlers, Rocket Science for Traders, 2001',
  outputs: [{ name: 'period', units: 'bars', talib: 'outReal' }],
  talib: 'HT_DCPERIOD',
  build: (_, [place = NaN]) => build([CYCLE_PERIOD], place),
};

/** The two components of that cycle (TA-Lib `HT_PHASOR`). */
export const phasor: IndicatorDeclaration = {
  ...COMMON,
  name: 'phasor',
  title: 'Phasor of the dominant cycle',
  tells: 'The cycle as a hand of a clock: its length is how strong it is, its turn how fast.',
  formula: "In-phase and quadrature component of Ehlers' Hilbert transform, begun at bar 12.",
  source: 'TA-Lib HT_PHASOR; John Ehlers, Rocket Science for Traders, 2001',
  outputs: [
    { name: 'inPhase', units: 'series', talib: 'outInPhase' },
    { name: 'quadrature', units: 'series', talib: 'outQuadrature' },
  ],
  talib: 'HT_PHASOR',
  build: (_, [place = NaN]) => build([IN_PHASE, QUADRATURE], place),
};

/** @param slots of the transform that are the outputs. */
function build(slots: readonly number[], place: number): IndicatorBody {
  const count = slots.length;
  const hilbert = count + 1;

  return {
    width: hilbert + HILBERT_WIDTH,
    warmupBars: EARLY_WARMUP_BARS,

    reset(state, at) {
      state.fill(NaN, at, at + count);
      state[at + count] = 0;
      resetHilbert(state, at + hilbert);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      slideHilbert(state, at + hilbert, EARLY_START, x);
      const bars = (state[at + count] ?? NaN) | 0;
      if (bars < EARLY_WARMUP_BARS) state[at + count] = bars + 1;
      if (bars + 1 < EARLY_WARMUP_BARS) return;
      for (let output = 0; output < count; output += 1) {
        state[at + output] = state[at + hilbert + (slots[output] ?? NaN)] ?? NaN;
      }
    },
  };
}
