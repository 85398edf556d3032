import type { IndicatorDeclaration } from '../declaration.ts';
import { averagePrice } from './average-price.ts';
import { heikinAshi } from './heikin-ashi.ts';
import { medianPrice } from './median-price.ts';
import { typicalPrice } from './typical-price.ts';
import { weightedClose } from './weighted-close.ts';

/** One price for a bar, or four others. */
export const PRICE: readonly IndicatorDeclaration[] = [
  averagePrice,
  heikinAshi,
  medianPrice,
  typicalPrice,
  weightedClose,
];
