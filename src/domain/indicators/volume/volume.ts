import type { IndicatorDeclaration } from '../declaration.ts';
import { obv } from './obv.ts';

/** What the shares that changed hands say. */
export const VOLUME: readonly IndicatorDeclaration[] = [obv];
