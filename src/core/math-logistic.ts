import { exp } from './math.ts';

/** 1 / (1 + e^-x): the same bits everywhere, and right to a few of the last places. */
export function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}
