import type { IndicatorDeclaration } from '../declaration.ts';
import { bollinger } from './bollinger.ts';
import { ema } from './ema.ts';
import { sma } from './sma.ts';

/** Averages and bands: drawn over the price. */
export const OVERLAP: readonly IndicatorDeclaration[] = [bollinger, ema, sma];
