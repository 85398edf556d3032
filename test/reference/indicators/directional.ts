import {
  decayed,
  EPSILON,
  mean,
  pick,
  shifted,
  trueRanges,
  type Columns,
  type Series,
} from './series.ts';

/** Wilder's directional movement, naive: entry `at` belongs to bar at + 1. */
function movements({ high, low }: Series): { plus: number[]; minus: number[] } {
  const ups = high.slice(1).map((value, at) => value - pick(high, at));
  const downs = low.slice(1).map((value, at) => pick(low, at) - value);
  return {
    plus: ups.map((up, at) => (up > 0 && up > pick(downs, at) ? up : 0)),
    minus: downs.map((down, at) => (down > 0 && down > pick(ups, at) ? down : 0)),
  };
}

/** A column that holds NaN before the bar `first`. */
function from(first: number, values: readonly number[]): number[] {
  return values.map((value, at) => (at < first ? Number.NaN : value));
}

export function plusDm(series: Series, period: number): Columns {
  return [from(Math.max(period - 1, 1), shifted(decayed(movements(series).plus, period), 1))];
}

export function minusDm(series: Series, period: number): Columns {
  return [from(Math.max(period - 1, 1), shifted(decayed(movements(series).minus, period), 1))];
}

export function plusDi(series: Series, period: number): Columns {
  return [from(period, shifted(shares(series, period, movements(series).plus), 1))];
}

export function minusDi(series: Series, period: number): Columns {
  return [from(period, shifted(shares(series, period, movements(series).minus), 1))];
}

function shares(series: Series, period: number, moved: readonly number[]): number[] {
  const sums = decayed(moved, period);
  return decayed(trueRanges(series), period).map((range, at) =>
    range < EPSILON ? 0 : (100 * pick(sums, at)) / range,
  );
}

/** NaN where nothing moved; Wilder's sums in closed form. */
function directions(series: Series, period: number): number[] {
  const { plus, minus } = movements(series);
  const pluses = shares(series, period, plus);
  const minuses = shares(series, period, minus);
  return pluses.map((up, at) => {
    const total = up + pick(minuses, at);
    return total < EPSILON ? Number.NaN : (100 * Math.abs(up - pick(minuses, at))) / total;
  });
}

export function dx(series: Series, period: number): Columns {
  const indices = shifted(directions(series, period), 1);
  const values = series.close.map((_, at) => {
    if (at < period) return Number.NaN;
    const known = indices.slice(period, at + 1).findLast((index) => !Number.isNaN(index));
    return known ?? 0;
  });
  return [values];
}

export function adx(series: Series, period: number): Columns {
  // `indices[at]` belongs to bar at + 1; the first used is that of bar `period`.
  const indices = directions(series, period);
  const values = series.close.map(() => Number.NaN);
  let value = Number.NaN;
  for (let bar = 2 * period - 1; bar < values.length; bar += 1) {
    const index = pick(indices, bar - 1);
    if (bar === 2 * period - 1) {
      const seeds = indices.slice(period - 1, 2 * period - 1);
      value = mean(seeds.map((seed) => (Number.isNaN(seed) ? 0 : seed)));
    } else if (!Number.isNaN(index)) {
      value += (index - value) / period;
    }
    values[bar] = value;
  }
  return [values];
}

export function adxr(series: Series, period: number): Columns {
  const [values = []] = adx(series, period);
  return [values.map((value, at) => (value + pick(values, at - period + 1)) / 2)];
}
