import type { IndicatorDeclaration } from '../declaration.ts';

/** Arithmetic on series, as TA-Lib has it. */
export const MATH: readonly IndicatorDeclaration[] = [];
