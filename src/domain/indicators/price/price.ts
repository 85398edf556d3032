import type { IndicatorDeclaration } from '../declaration.ts';
import { averagePrice } from './average-price.ts';
import { medianPrice } from './median-price.ts';
import { typicalPrice } from './typical-price.ts';
import { weightedClose } from './weighted-close.ts';

/** One price for a bar. */
export const PRICE: readonly IndicatorDeclaration[] = [
  averagePrice,
  medianPrice,
  typicalPrice,
  weightedClose,
];
