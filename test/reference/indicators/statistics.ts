import {
  EPSILON,
  mean,
  pick,
  shifted,
  sum,
  windows,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';

/** By the indicator's name. */
export const STATISTICS_JUDGED: Readonly<Record<string, Judged>> = {
  autocorrelation: { reference: autocorrelation, scale: 1, most: [40, 6] },
  averageDeviation: { reference: averageDeviation, scale: 'price' },
  beta: { reference: beta, scale: 1 },
  correlation: { reference: correlation, scale: 1 },
  efficiencyRatio: { reference: efficiencyRatio, scale: 1 },
  halfLife: { reference: halfLife, scale: 'none' },
  hurst: { reference: hurst, scale: 1, most: [60, 12] },
  kalmanTrend: { reference: kalmanTrend, scale: 'price', most: [2, 2] },
  kurtosis: { reference: kurtosis, scale: 3 },
  linearRegression: { reference: lineAt((period) => period - 1), scale: 'price' },
  linearRegressionAngle: { reference: lineAngle, scale: 'price' },
  linearRegressionIntercept: { reference: lineAt(() => 0), scale: 'price' },
  linearRegressionSlope: { reference: lineSlope, scale: 'price' },
  moveEntropy: { reference: moveEntropy, scale: 1 },
  percentRank: { reference: percentRank, scale: 'none' },
  skewness: { reference: skewness, scale: 1 },
  standardDeviation: { reference: standardDeviation, scale: 'none' },
  timeSeriesForecast: { reference: lineAt((period) => period), scale: 'price' },
  variance: { reference: variance, scale: 'none' },
  zScore: { reference: zScore, scale: 1 },
};

/** Mean of a power of the distances from the mean. */
function moment(values: readonly number[], power: number): number {
  return mean(distances(values).map((value) => value ** power));
}

/** From the mean. The first value is taken off at once, so that cents keep their digits. */
function distances(values: readonly number[]): number[] {
  const near = values.map((value) => value - pick(values, 0));
  const centre = mean(near);
  return near.map((value) => value - centre);
}

/** Sum of products of the distances of two series from their means. */
function products(left: readonly number[], right: readonly number[]): number {
  const others = distances(right);
  return sum(distances(left).map((value, at) => value * pick(others, at)));
}

function pairs(
  left: readonly number[],
  right: readonly number[],
  period: number,
  of: (left: readonly number[], right: readonly number[]) => number,
): number[] {
  return left.map((_, at) => {
    const from = at - period + 1;
    return from < 0 ? Number.NaN : of(left.slice(from, at + 1), right.slice(from, at + 1));
  });
}

function moves(values: readonly number[]): number[] {
  return values.slice(1).map((value, at) => value - pick(values, at));
}

function variance({ close }: Series, period: number): Columns {
  return [windows(close, period, (values) => moment(values, 2))];
}

function standardDeviation({ close }: Series, period: number, deviations: number): Columns {
  return [windows(close, period, (values) => deviations * deviationOf(values))];
}

function deviationOf(values: readonly number[]): number {
  const square = moment(values, 2);
  return square < EPSILON ? 0 : Math.sqrt(square);
}

function zScore({ close }: Series, period: number): Columns {
  return [
    windows(close, period, (values) => {
      const distance = deviationOf(values);
      return distance === 0 ? 0 : (distances(values).at(-1) ?? NaN) / distance;
    }),
  ];
}

function skewness({ close }: Series, period: number): Columns {
  return [
    windows(close, period, (values) => {
      const square = moment(values, 2);
      return square < EPSILON ? NaN : moment(values, 3) / square ** 1.5;
    }),
  ];
}

function kurtosis({ close }: Series, period: number): Columns {
  return [
    windows(close, period, (values) => {
      const square = moment(values, 2);
      return square < EPSILON ? NaN : moment(values, 4) / square ** 2 - 3;
    }),
  ];
}

function averageDeviation({ close }: Series, period: number): Columns {
  return [windows(close, period, (values) => mean(distances(values).map(Math.abs)))];
}

function correlation({ close, high }: Series, period: number): Columns {
  return [
    pairs(close, high, period, (left, right) => {
      const squares = products(left, left) * products(right, right);
      return squares < EPSILON ? 0 : products(left, right) / Math.sqrt(squares);
    }),
  ];
}

function beta({ close, high }: Series, period: number): Columns {
  const returns = (values: readonly number[]) =>
    moves(values).map((move, at) => (pick(values, at) === 0 ? 0 : move / pick(values, at)));
  const values = pairs(returns(close), returns(high), period, (left, right) => {
    const squares = products(left, left);
    return squares * period < EPSILON ? 0 : products(left, right) / squares;
  });
  return [shifted(values, 1)];
}

function autocorrelation({ close }: Series, period: number, lag: number): Columns {
  const all = moves(close);
  const values = pairs(all.slice(lag), all, period, (now, before) => {
    const [squaresNow, squaresBefore] = [products(now, now), products(before, before)];
    if (Math.min(squaresNow, squaresBefore) / period < EPSILON) return NaN;
    return products(now, before) / Math.sqrt(squaresNow * squaresBefore);
  });
  return [shifted(values, lag + 1)];
}

function halfLife({ close }: Series, period: number): Columns {
  const values = pairs(close.slice(0, -1), moves(close), period, (levels, steps) => {
    const [squares, stepSquares] = [products(levels, levels), products(steps, steps)];
    if (Math.min(squares, stepSquares) / period < EPSILON) return NaN;
    const pull = products(levels, steps);
    return pull / Math.sqrt(squares * stepSquares) > -1e-9 ? NaN : -Math.log(2) / (pull / squares);
  });
  return [shifted(values, 1)];
}

function efficiencyRatio({ close }: Series, period: number): Columns {
  const ways = windows(moves(close).map(Math.abs), period, sum);
  const values = ways.map((way, at) => {
    const straight = Math.abs(pick(close, at + 1) - pick(close, at + 1 - period));
    return way === 0 ? 0 : straight / way;
  });
  return [shifted(values, 1)];
}

function percentRank({ close }: Series, period: number): Columns {
  const values = windows(close, period + 1, (all) => {
    const last = all.at(-1) ?? NaN;
    return (100 * all.filter((value) => value < last).length) / period;
  });
  return [values];
}

function moveEntropy({ close }: Series, period: number): Columns {
  const values = windows(moves(close).map(Math.sign), period, (signs) => {
    const shares = [-1, 0, 1].map((sign) => signs.filter((one) => one === sign).length / period);
    return -sum(shares.map((share) => (share === 0 ? 0 : share * Math.log2(share))));
  });
  return [shifted(values, 1)];
}

function hurst({ close }: Series, period: number, lagMost: number): Columns {
  const lags = Array.from({ length: lagMost - 1 }, (_, at) => at + 2);
  const logs = lags.map((lag) => Math.log(lag));
  return [
    windows(close, period, (values) => {
      const deviations = lags.map((lag) => {
        const steps = values.slice(lag).map((value, at) => value - pick(values, at));
        const square = moment(steps, 2);
        return square < EPSILON ? NaN : 0.5 * Math.log(square);
      });
      return products(logs, deviations) / products(logs, logs);
    }),
  ];
}

/** Bars count from 0 at the oldest of the window. */
function slopeOf(values: readonly number[]): number {
  const bars = values.map((_, at) => at);
  return products(bars, values) / products(bars, bars);
}

function lineSlope({ close }: Series, period: number): Columns {
  return [windows(close, period, slopeOf)];
}

function lineAngle({ close }: Series, period: number): Columns {
  return [windows(close, period, (values) => (Math.atan(slopeOf(values)) * 180) / Math.PI)];
}

function lineAt(barOf: (period: number) => number): (series: Series, period: number) => Columns {
  return ({ close }, period) => [
    windows(close, period, (values) => {
      const start = mean(values) - (slopeOf(values) * (period - 1)) / 2;
      return start + slopeOf(values) * barOf(period);
    }),
  ];
}

/** The filter with its covariance updated by Joseph's form, as matrices. */
function kalmanTrend({ close }: Series, levelRatio: number, slopeRatio: number): Columns {
  const levels = close.map(() => Number.NaN);
  const slopes = close.map(() => Number.NaN);
  let [level, slope] = [pick(close, 1), pick(close, 1) - pick(close, 0)];
  let cover = [
    [1, 1],
    [1, 2 + levelRatio + slopeRatio],
  ];
  for (let at = 1; at < close.length; at += 1) {
    if (at > 1) {
      const forecast = product(product(STEP, cover), transposed(STEP));
      const [[a = NaN, b = NaN] = [], [c = NaN, d = NaN] = []] = forecast;
      const ahead = [
        [a + levelRatio, b],
        [c, d + slopeRatio],
      ];
      const gain = [(a + levelRatio) / (a + levelRatio + 1), c / (a + levelRatio + 1)];
      const [forLevel = NaN, forSlope = NaN] = gain;
      const surprise = pick(close, at) - level - slope;
      [level, slope] = [level + slope + forLevel * surprise, slope + forSlope * surprise];
      const keep = [
        [1 - forLevel, 0],
        [-forSlope, 1],
      ];
      const kept = product(product(keep, ahead), transposed(keep));
      cover = kept.map((row, i) => row.map((value, j) => value + pick(gain, i) * pick(gain, j)));
    }
    levels[at] = level;
    slopes[at] = slope;
  }
  return [levels, slopes];
}

type Matrix = readonly (readonly number[])[];

const STEP: Matrix = [
  [1, 1],
  [0, 1],
];

function product(left: Matrix, right: Matrix): number[][] {
  return left.map((row) =>
    (right[0] ?? []).map((_, column) =>
      sum(row.map((value, at) => value * pick(right[at] ?? [], column))),
    ),
  );
}

function transposed(matrix: Matrix): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => pick(row, column)));
}
