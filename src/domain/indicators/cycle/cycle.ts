import type { IndicatorDeclaration } from '../declaration.ts';

/** Ehlers' Hilbert transform: the cycle in a price. */
export const CYCLE: readonly IndicatorDeclaration[] = [];
