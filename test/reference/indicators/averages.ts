import { mamaOf } from './hilbert.ts';
import { mean, pick, powers, smoothed, sum, windows } from './series.ts';

/** Naive averages by TA-Lib's numbers of them (`MAType`), each over a series from its beginning. */
export function averaged(kind: number, values: readonly number[], period: number): number[] {
  if (period === 1) return [...values];
  switch (kind) {
    case 0:
      return windows(values, period, mean);
    case 1:
      return exponential(values, period);
    case 2:
      return weighted(values, period);
    case 3:
      return doubled(values, period);
    case 4:
      return tripled(values, period);
    case 5:
      return triangular(values, period);
    case 6:
      return adaptive(values, period);
    case 7:
      return [...(mamaOf(values, 0.5, 0.05)[0] ?? [])];
    case 8:
      return tillson(values, period, 0.7);
    default:
      throw new Error(`no average of kind ${kind}`);
  }
}

/** Over a column that begins with NaN: what comes before the first number stays NaN. */
export function afterGap(
  values: readonly number[],
  of: (values: readonly number[]) => readonly number[],
): number[] {
  const from = values.findIndex((value) => !Number.isNaN(value));
  if (from < 0) return [...values];
  return [...values.slice(0, from), ...of(values.slice(from))];
}

export function exponential(values: readonly number[], period: number): number[] {
  return afterGap(values, (known) => smoothed(known, period, 2 / (period + 1)));
}

export function weighted(values: readonly number[], period: number): number[] {
  const weights = (period * (period + 1)) / 2;
  return windows(
    values,
    period,
    (window) => sum(window.map((value, at) => (at + 1) * value)) / weights,
  );
}

export function doubled(values: readonly number[], period: number): number[] {
  const first = exponential(values, period);
  const second = exponential(first, period);
  return first.map((value, at) => 2 * value - pick(second, at));
}

export function tripled(values: readonly number[], period: number): number[] {
  const first = exponential(values, period);
  const second = exponential(first, period);
  const third = exponential(second, period);
  return first.map((value, at) => 3 * value - 3 * pick(second, at) + pick(third, at));
}

/** Weights 1, 2, ... up to the middle of the window and down again. */
export function triangular(values: readonly number[], period: number): number[] {
  return windows(values, period, (window) => {
    const weights = window.map((_, at) => Math.min(at + 1, period - at));
    return sum(window.map((value, at) => value * pick(weights, at))) / sum(weights);
  });
}

export function adaptive(values: readonly number[], period: number): number[] {
  let average = pick(values, period - 1);
  return values.map((value, at) => {
    if (at < period) return Number.NaN;
    const moves = Array.from({ length: period }, (_, back) =>
      Math.abs(pick(values, at - back) - pick(values, at - back - 1)),
    );
    const way = sum(moves);
    const change = value - pick(values, at - period);
    const efficiency = way < 1e-14 || way <= change ? 1 : Math.abs(change) / way;
    const speed = 2 / 31 + efficiency * (2 / 3 - 2 / 31);
    average += speed * speed * (value - average);
    return average;
  });
}

/** As Tillson writes it: gd(gd(gd(x))), where gd(x) = (1 + v) ema(x) - v ema(ema(x)). */
export function tillson(values: readonly number[], period: number, factor: number): number[] {
  const levels: (readonly number[])[] = [values];
  for (let level = 1; level <= 6; level += 1) {
    levels.push(exponential(levels[level - 1] ?? [], period));
  }
  // The third power of (1 + v) E - v E^2, by powers of E.
  const [rise, fall] = [powers(1 + factor, 3), powers(-factor, 3)];
  const weights = [1, 3, 3, 1].map((ways, at) => ways * pick(rise, 3 - at) * pick(fall, at));
  return values.map((_, at) =>
    sum(weights.map((weight, level) => weight * pick(levels[level + 3] ?? [], at))),
  );
}
