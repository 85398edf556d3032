import { log } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import type { Calibration } from './card.ts';

/** What a raw probability is worth. NaN stays NaN. Same bits on every machine. */
export function calibrated(calibration: Calibration, probability: number): number {
  switch (calibration.kind) {
    case 'isotonic':
      return between(calibration.at, calibration.value, probability);
    case 'platt':
      return platt(calibration.slope, calibration.intercept, probability);
  }
}

/** So that a probability of nought or one has a logit. */
const EDGE = 1e-12;

function platt(slope: number, intercept: number, probability: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, probability));
  return sigmoid(slope * log(inside / (1 - inside)) + intercept);
}

function between(at: readonly number[], value: readonly number[], probability: number): number {
  if (Number.isNaN(probability)) return Number.NaN;
  let low = 0;
  let high = at.length - 1;
  if (probability <= (at[low] ?? 0)) return value[low] ?? Number.NaN;
  if (probability >= (at[high] ?? 1)) return value[high] ?? Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= probability) low = middle;
    else high = middle;
  }
  const from = at[low] ?? 0;
  const share = (probability - from) / ((at[high] ?? 1) - from);
  return (value[low] ?? 0) + share * ((value[high] ?? 0) - (value[low] ?? 0));
}
