import type { IndicatorDeclaration } from '../declaration.ts';
import { dominantCyclePhase, sineWave } from './cycle-phase.ts';
import { dominantCyclePeriod, phasor } from './dominant-cycle.ts';
import { trendMode } from './trend-mode.ts';

/** Ehlers' Hilbert transform: the cycle in a price. */
export const CYCLE: readonly IndicatorDeclaration[] = [
  dominantCyclePeriod,
  dominantCyclePhase,
  phasor,
  sineWave,
  trendMode,
];
