import type { IndicatorDeclaration } from '../declaration.ts';
import { extremeIndexes, highestIndex, lowestIndex } from './extreme-indexes.ts';
import { extremes, highest, lowest } from './extremes.ts';
import { MATH_OPERATORS } from './operators.ts';
import { sum } from './sum.ts';
import { MATH_TRANSFORMS } from './transforms.ts';

/** Arithmetic on series, as TA-Lib has it. */
export const MATH: readonly IndicatorDeclaration[] = [
  extremeIndexes,
  extremes,
  highest,
  highestIndex,
  lowest,
  lowestIndex,
  sum,
  ...MATH_OPERATORS,
  ...MATH_TRANSFORMS,
];
