import {
  dominantCyclePeriod,
  dominantCyclePhase,
  sineWave,
  trendMode,
} from '../../reference/indicators/hilbert.ts';
import { byReference } from './by-reference.ts';
import type { Flat } from './market.ts';

// The step from nothing to the first price is a movement, and its period stays.
export const CYCLE_FLAT: Readonly<Record<string, Flat>> = {
  dominantCyclePeriod: byReference(dominantCyclePeriod),
  dominantCyclePhase: byReference(dominantCyclePhase),
  phasor: [0, 0],
  sineWave: byReference(sineWave),
  trendMode: byReference(trendMode),
};
