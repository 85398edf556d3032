import type { IndicatorDeclaration } from '../declaration.ts';
import { accumulationDistribution } from './accumulation-distribution.ts';
import { chaikinMoneyFlow } from './chaikin-money-flow.ts';
import { chaikinOscillator } from './chaikin-oscillator.ts';
import { easeOfMovement } from './ease-of-movement.ts';
import { forceIndex } from './force-index.ts';
import { negativeVolumeIndex } from './negative-volume-index.ts';
import { obv } from './obv.ts';
import { positiveVolumeIndex } from './positive-volume-index.ts';
import { relativeVolume } from './relative-volume.ts';
import { volumePriceTrend } from './volume-price-trend.ts';
import { volumeRateOfChange } from './volume-rate-of-change.ts';

/** What the shares that changed hands say. */
export const VOLUME: readonly IndicatorDeclaration[] = [
  accumulationDistribution,
  chaikinMoneyFlow,
  chaikinOscillator,
  easeOfMovement,
  forceIndex,
  negativeVolumeIndex,
  obv,
  positiveVolumeIndex,
  relativeVolume,
  volumePriceTrend,
  volumeRateOfChange,
];
