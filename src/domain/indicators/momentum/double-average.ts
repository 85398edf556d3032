import { cascadeLevel, cascadeWidth, resetCascade, stepCascade } from '../ema-cascade.ts';

const LEVEL = cascadeWidth(1);

/** An exponential average of an exponential average of another period, as Blau smooths. */
export const DOUBLE_AVERAGE_WIDTH = 2 * LEVEL;

export function resetDoubleAverage(state: Float64Array, at: number): void {
  resetCascade(state, at, 1);
  resetCascade(state, at + LEVEL, 1);
}

/** Takes a value and answers the average of `second` values of that of `first`; NaN until ready. */
export function smoothTwice(
  state: Float64Array,
  at: number,
  first: number,
  second: number,
  value: number,
): number {
  if (!stepCascade(state, at, 1, first, value)) return NaN;
  const once = state[cascadeLevel(at, 0)] ?? NaN;
  if (!stepCascade(state, at + LEVEL, 1, second, once)) return NaN;
  return state[cascadeLevel(at + LEVEL, 0)] ?? NaN;
}
