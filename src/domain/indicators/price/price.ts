import type { IndicatorDeclaration } from '../declaration.ts';

/** One price for a bar. */
export const PRICE: readonly IndicatorDeclaration[] = [];
