import type { IndicatorDeclaration } from '../declaration.ts';

/** What a statistician would measure of a window. */
export const STATISTICS: readonly IndicatorDeclaration[] = [];
