import { log, log1p } from '../../core/math.ts';

/** ln(a / b) of prices, right to the last digits where the two are almost equal, too. */
export function logRatio(a: number, b: number): number {
  const ratio = a / b;
  return ratio > 0.5 && ratio < 2 ? log1p((a - b) / b) : log(ratio);
}
