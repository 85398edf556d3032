import { exponential } from './averages.ts';
import { mean, pick, shifted, smoothed, trueRanges, windows } from './series.ts';
import type { Columns, Series } from './series.ts';

const highest = (values: readonly number[]) => Math.max(...values);
const lowest = (values: readonly number[]) => Math.min(...values);

/** Middle of each window's range. */
export function middles({ high, low }: Series, period: number): number[] {
  const tops = windows(high, period, highest);
  const bottoms = windows(low, period, lowest);
  return tops.map((top, at) => (top + pick(bottoms, at)) / 2);
}

export function donchian(series: Series, period: number): Columns {
  return [
    windows(series.high, period, highest),
    middles(series, period),
    windows(series.low, period, lowest),
  ];
}

export function ichimoku(series: Series, conversion: number, base: number, span: number): Columns {
  const from = Math.max(conversion, base, span) - 1;
  const lines = [conversion, base, span].map((period) =>
    middles(series, period).map((value, at) => (at < from ? Number.NaN : value)),
  );
  const [short = [], long = [], longest = []] = lines;
  return [short, long, short.map((value, at) => (value + pick(long, at)) / 2), longest];
}

export function keltner(
  series: Series,
  period: number,
  atrPeriod: number,
  multiplier: number,
): Columns {
  const middle = exponential(series.close, period);
  const range = shifted(smoothed(trueRanges(series), atrPeriod, 1 / atrPeriod), 1);
  const upper = middle.map((value, at) => value + multiplier * pick(range, at));
  const lower = middle.map((value, at) => value - multiplier * pick(range, at));
  return [upper, middle.map((value, at) => (Number.isNaN(pick(upper, at)) ? NaN : value)), lower];
}

export function accelerationBands({ high, low, close }: Series, period: number): Columns {
  const width = high.map((value, at) => {
    const both = value + pick(low, at);
    return both === 0 ? 0 : (4 * (value - pick(low, at))) / both;
  });
  const upper = high.map((value, at) => value * (1 + pick(width, at)));
  const lower = low.map((value, at) => value * (1 - pick(width, at)));
  return [upper, close, lower].map((values) => windows(values, period, mean));
}
