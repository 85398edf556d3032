import type { IndicatorDeclaration } from '../declaration.ts';
import { atr } from './atr.ts';

/** How much a price moves, whichever way. */
export const VOLATILITY: readonly IndicatorDeclaration[] = [atr];
