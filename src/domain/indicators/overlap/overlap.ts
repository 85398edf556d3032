import type { IndicatorDeclaration } from '../declaration.ts';
import { bollinger } from './bollinger.ts';
import { dema } from './dema.ts';
import { ema } from './ema.ts';
import { kama } from './kama.ts';
import { sma } from './sma.ts';
import { t3 } from './t3.ts';
import { tema } from './tema.ts';
import { trima } from './trima.ts';
import { wma } from './wma.ts';

/** Averages and bands: drawn over the price. */
export const OVERLAP: readonly IndicatorDeclaration[] = [
  bollinger,
  dema,
  ema,
  kama,
  sma,
  t3,
  tema,
  trima,
  wma,
];
