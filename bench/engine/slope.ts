/** A straight line through measured points. */
export interface Slope {
  /** Per unit of `x`. */
  readonly perUnit: number;
  /** One standard error of it. */
  readonly error: number;
}

/**
 * Least squares. Neighbours in time are alike, so that so many points say less than as many apart:
 * the error is widened by what the residuals of neighbours have in common.
 */
export function slopeOf(x: readonly number[], y: readonly number[]): Slope {
  const count = Math.min(x.length, y.length);
  if (count < 3) return { perUnit: Number.NaN, error: Number.NaN };
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / count;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [squares, products] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const dx = (x[at] ?? 0) - meanX;
    squares += dx * dx;
    products += dx * ((y[at] ?? 0) - meanY);
  }
  const perUnit = products / squares;
  const residuals = y.map((value, at) => value - meanY - perUnit * ((x[at] ?? 0) - meanX));
  const variance = residuals.reduce((sum, one) => sum + one * one, 0) / (count - 2);
  const common = Math.max(0, Math.min(0.99, correlation(residuals)));
  return { perUnit, error: Math.sqrt((variance / squares) * ((1 + common) / (1 - common))) };
}

/** Of each residual with the next. */
function correlation(residuals: readonly number[]): number {
  let [both, all] = [0, 0];
  for (const [at, value] of residuals.entries()) {
    all += value * value;
    both += value * (residuals[at + 1] ?? 0);
  }
  return all === 0 ? 0 : both / all;
}
