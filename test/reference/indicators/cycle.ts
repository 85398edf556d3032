import { dominantCyclePeriod, dominantCyclePhase, phasor, sineWave, trendMode } from './hilbert.ts';
import type { Judged } from './series.ts';

/** By the indicator's name. */
export const CYCLE_JUDGED: Readonly<Record<string, Judged>> = {
  dominantCyclePeriod: { reference: dominantCyclePeriod, scale: 'none' },
  dominantCyclePhase: { reference: dominantCyclePhase, scale: 360 },
  phasor: { reference: phasor, scale: 'price' },
  sineWave: { reference: sineWave, scale: 1 },
  trendMode: { reference: trendMode, scale: 'none' },
};
