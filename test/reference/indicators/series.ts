/**
 * Naive batch definitions of the indicators, from their textbooks and TA-Lib's documented seeds:
 * every bar from the whole series, closed forms instead of recurrences where there are any. Slow
 * on purpose, and written without the code they judge. A column holds NaN before its first value.
 */
export type Series = {
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly session: readonly number[];
  readonly startUs: readonly number[];
  readonly sinceOpenUs: readonly number[];
};

export type Columns = readonly (readonly number[])[];

/** An indicator's definition, and how closely it is to be met. */
export type Judged = {
  readonly reference: (series: Series, ...parameters: number[]) => Columns;
  /** What counts as large for the outputs: errors below a thousandth of it are not amplified. */
  readonly scale: Scale;
  /** Largest parameters of the random cases; left out: 30, or what the declaration allows. */
  readonly most?: readonly number[];
  /** It never forgets: a window of recent bars cannot tell its value (`obv`). */
  readonly isEndless?: boolean;
};

/** `price`, `volume`, `turnover` (their product): of the series' largest; or a number as it is. */
export type Scale = 'none' | 'price' | 'price2' | 'volume' | 'turnover' | number;

/** TA-Lib's TA_EPSILON. */
export const EPSILON = 1e-14;

export function trueRanges({ high, low, close }: Series): number[] {
  return high.slice(1).map((value, at) => {
    const previous = pick(close, at);
    const [top, bottom] = [Math.max(value, previous), Math.min(pick(low, at + 1), previous)];
    return top - bottom;
  });
}

/** The first `period` - 1 values are added whole, later ones lessen what was there. */
export function decayed(values: readonly number[], period: number): number[] {
  const keep = powers(1 - 1 / period, values.length);
  return values.map((_, at) => {
    let total = 0;
    for (let from = 0; from <= at; from += 1) {
      const steps = at - Math.max(from, period - 2);
      total += pick(values, from) * (steps > 0 ? pick(keep, steps) : 1);
    }
    return total;
  });
}

/** A weight for every value since the seed, which is the plain average of the first `period`. */
export function smoothed(values: readonly number[], period: number, alpha: number): number[] {
  const keep = powers(1 - alpha, values.length);
  return values.map((_, at) => {
    if (at < period - 1) return Number.NaN;
    let total = mean(values.slice(0, period)) * pick(keep, at - period + 1);
    for (let from = period; from <= at; from += 1) {
      total += alpha * pick(keep, at - from) * pick(values, from);
    }
    return total;
  });
}

export function windows(
  values: readonly number[],
  period: number,
  of: (window: readonly number[]) => number,
): number[] {
  return values.map((_, at) =>
    at < period - 1 ? Number.NaN : of(values.slice(at - period + 1, at + 1)),
  );
}

export function shifted(values: readonly number[], by: number): number[] {
  return [...Array.from({ length: by }, () => Number.NaN), ...values];
}

export function powers(base: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, exponent) => base ** exponent);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function pick(values: readonly number[], at: number): number {
  return values[at] ?? Number.NaN;
}
