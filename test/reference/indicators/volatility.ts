import {
  EPSILON,
  mean,
  pick,
  shifted,
  smoothed,
  sum,
  trueRanges,
  windows,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';

/** By the indicator's name. */
export const VOLATILITY_JUDGED: Readonly<Record<string, Judged>> = {
  atr: { reference: atr, scale: 'none' },
  bollingerBandwidth: { reference: bandwidth, scale: 'none' },
  chaikinVolatility: { reference: chaikinVolatility, scale: 100 },
  garmanKlass: { reference: garmanKlass, scale: 'none' },
  historicalVolatility: { reference: historicalVolatility, scale: 1e-3 },
  massIndex: { reference: massIndex, scale: 'none' },
  natr: { reference: natr, scale: 'none' },
  parkinson: { reference: parkinson, scale: 'none' },
  percentB: { reference: percentB, scale: 1 },
  realisedVolatility: { reference: realisedVolatility, scale: 'none' },
  rogersSatchell: { reference: rogersSatchell, scale: 'none' },
  trueRange: { reference: (series) => [shifted(trueRanges(series), 1)], scale: 'none' },
  ulcerIndex: { reference: ulcerIndex, scale: 'none' },
  yangZhang: { reference: yangZhang, scale: 1e-3 },
};

function atr(series: Series, period: number): Columns {
  return [shifted(smoothed(trueRanges(series), period, 1 / period), 1)];
}

function natr(series: Series, period: number): Columns {
  const [ranges = []] = atr(series, period);
  return [ranges.map((range, at) => (100 * range) / pick(series.close, at))];
}

/** Distances are taken from one of the values, so that a high price costs the spread no digits. */
function variances(values: readonly number[], period: number, divisor: number): number[] {
  return windows(values, period, (window) => {
    const distances = window.map((value) => value - pick(window, 0));
    const centre = mean(distances);
    return sum(distances.map((distance) => (distance - centre) ** 2)) / divisor;
  });
}

function bandwidth({ close }: Series, period: number, deviations: number): Columns {
  const spread = variances(close, period, period);
  const middle = windows(close, period, mean);
  return [
    spread.map((variance, at) => {
      const half = variance < EPSILON ? 0 : deviations * Math.sqrt(variance);
      return (100 * (2 * half)) / pick(middle, at);
    }),
  ];
}

function percentB({ close }: Series, period: number, deviations: number): Columns {
  const spread = variances(close, period, period);
  const above = windows(close, period, (window) => {
    const last = pick(window, period - 1);
    return mean(window.map((value) => last - value));
  });
  return [
    spread.map((variance, at) => {
      if (variance < EPSILON) return Number.NaN;
      const half = deviations * Math.sqrt(variance);
      return (pick(above, at) + half) / (2 * half);
    }),
  ];
}

/** ln(above[at] / below[at]), by an area tangent where the two are near each other. */
function logs(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, at) => {
    const other = pick(below, at);
    const slant = (value - other) / (value + other);
    return Math.abs(slant) < 0.5 ? 2 * Math.atanh(slant) : Math.log(value) - Math.log(other);
  });
}

function closeReturns({ close }: Series): number[] {
  return logs(close.slice(1), close);
}

/** Root of the mean of the terms of the last `period` bars. */
function rootMean(terms: readonly number[], period: number): number[] {
  return windows(terms, period, (window) => Math.sqrt(mean(window)));
}

function realisedVolatility(series: Series, period: number): Columns {
  const squares = closeReturns(series).map((value) => value ** 2);
  return [shifted(rootMean(squares, period), 1)];
}

function historicalVolatility(series: Series, period: number): Columns {
  return [shifted(variances(closeReturns(series), period, period - 1).map(Math.sqrt), 1)];
}

function parkinson({ high, low }: Series, period: number): Columns {
  const terms = logs(high, low).map((value) => value ** 2 / (4 * Math.LN2));
  return [rootMean(terms, period)];
}

function garmanKlass({ open, high, low, close }: Series, period: number): Columns {
  const bodies = logs(close, open);
  const terms = logs(high, low).map(
    (range, at) => range ** 2 / 2 - (2 * Math.LN2 - 1) * pick(bodies, at) ** 2,
  );
  return [rootMean(terms, period)];
}

/** As the paper has it: u (u - c) + d (d - c), all from the open. */
function rogersSatchellTerms({ open, high, low, close }: Series): number[] {
  const [ups, downs] = [logs(high, open), logs(low, open)];
  const [upRests, downRests] = [logs(high, close), logs(low, close)];
  return ups.map((up, at) => up * pick(upRests, at) + pick(downs, at) * pick(downRests, at));
}

function rogersSatchell(series: Series, period: number): Columns {
  return [rootMean(rogersSatchellTerms(series), period)];
}

function yangZhang(series: Series, period: number): Columns {
  const gaps = variances(logs(series.open.slice(1), series.close), period, period - 1);
  const bodies = variances(logs(series.close, series.open).slice(1), period, period - 1);
  const ranges = windows(rogersSatchellTerms(series).slice(1), period, mean);
  const k = 0.34 / (1.34 + (period + 1) / (period - 1));
  const values = gaps.map((gap, at) =>
    Math.sqrt(gap + k * pick(bodies, at) + (1 - k) * pick(ranges, at)),
  );
  return [shifted(values, 1)];
}

function rangesOf({ high, low }: Series): number[] {
  return high.map((value, at) => value - pick(low, at));
}

function chaikinVolatility(series: Series, period: number, change: number): Columns {
  const averages = smoothed(rangesOf(series), period, 2 / (period + 1));
  const values = averages.map((average, at) => {
    const before = pick(averages, at - change);
    return before < EPSILON ? Number.NaN : 100 * (average / before - 1);
  });
  return [values];
}

function massIndex(series: Series, period: number, smoothing: number): Columns {
  const alpha = 2 / (smoothing + 1);
  const single = smoothed(rangesOf(series), smoothing, alpha).slice(smoothing - 1);
  const double = smoothed(single, smoothing, alpha);
  const ratios = single
    .map((value, at) => (pick(double, at) < EPSILON ? 1 : value / pick(double, at)))
    .slice(smoothing - 1);
  return [shifted(windows(ratios, period, sum), 2 * smoothing - 2)];
}

function ulcerIndex({ close }: Series, period: number): Columns {
  const highest = windows(close, period, (window) => Math.max(...window));
  const depths = close.map((value, at) => (100 * (value - pick(highest, at))) / pick(highest, at));
  return [windows(depths, period, (window) => Math.sqrt(mean(window.map((depth) => depth ** 2))))];
}
