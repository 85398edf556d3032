/**
 * Naive batch definitions of the indicators, from their textbooks and TA-Lib's documented seeds:
 * every bar from the whole series, closed forms instead of recurrences where there are any. Slow
 * on purpose, and written without the code they judge. A column holds NaN before its first value.
 */
export type Series = {
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly session: readonly number[];
};

export type Columns = readonly (readonly number[])[];

/** TA-Lib's TA_EPSILON. */
const EPSILON = 1e-14;

export function smaReference({ close }: Series, period: number): Columns {
  return [windows(close, period, mean)];
}

export function emaReference({ close }: Series, period: number): Columns {
  return [smoothed(close, period, 2 / (period + 1))];
}

export function rsiReference({ close }: Series, period: number): Columns {
  const changes = close.slice(1).map((value, at) => value - pick(close, at));
  const gains = smoothed(
    changes.map((change) => Math.max(change, 0)),
    period,
    1 / period,
  );
  const losses = smoothed(
    changes.map((change) => Math.max(-change, 0)),
    period,
    1 / period,
  );
  const values = gains.map((gain, at) => {
    const total = gain + pick(losses, at);
    return total < EPSILON ? 0 : (100 * gain) / total;
  });
  return [shifted(values, 1)];
}

export function macdReference(
  { close }: Series,
  fast: number,
  slow: number,
  signal: number,
): Columns {
  const late = slow - fast;
  const fasts = shifted(smoothed(close.slice(late), fast, 2 / (fast + 1)), late);
  const slows = smoothed(close, slow, 2 / (slow + 1));
  const lines = fasts.map((value, at) => value - pick(slows, at));
  const signals = shifted(smoothed(lines.slice(slow - 1), signal, 2 / (signal + 1)), slow - 1);
  return [
    lines.map((line, at) => (Number.isNaN(pick(signals, at)) ? Number.NaN : line)),
    signals,
    lines.map((line, at) => line - pick(signals, at)),
  ];
}

export function bollingerReference({ close }: Series, period: number, deviations: number): Columns {
  const middle = windows(close, period, mean);
  const distance = windows(close, period, (values) => {
    const centre = mean(values);
    const variance = mean(values.map((value) => (value - centre) * (value - centre)));
    return variance < EPSILON ? 0 : deviations * Math.sqrt(variance);
  });
  return [
    middle.map((value, at) => value + pick(distance, at)),
    middle,
    middle.map((value, at) => value - pick(distance, at)),
  ];
}

export function atrReference(series: Series, period: number): Columns {
  return [shifted(smoothed(trueRanges(series), period, 1 / period), 1)];
}

export function stochasticReference(
  { high, low, close }: Series,
  period: number,
  slowing: number,
  smoothing: number,
): Columns {
  const highest = windows(high, period, (values) => Math.max(...values));
  const lowest = windows(low, period, (values) => Math.min(...values));
  const raw = close.map((value, at) => {
    const range = pick(highest, at) - pick(lowest, at);
    return range === 0 ? 0 : (100 * (value - pick(lowest, at))) / range;
  });
  const k = windows(raw, slowing, mean);
  const d = windows(k, smoothing, mean);
  return [k.map((value, at) => (Number.isNaN(pick(d, at)) ? Number.NaN : value)), d];
}

export function vwapReference({ high, low, close, volume, session }: Series): Columns {
  const values = close.map((_, at) => {
    const from = session.indexOf(pick(session, at));
    let turnover = 0;
    let shares = 0;
    for (let bar = from; bar <= at; bar += 1) {
      const typical = (pick(high, bar) + pick(low, bar) + pick(close, bar)) / 3;
      turnover += typical * pick(volume, bar);
      shares += pick(volume, bar);
    }
    return shares > 0 ? turnover / shares : Number.NaN;
  });
  return [values];
}

export function obvReference({ close, volume }: Series): Columns {
  const signed = close.map((value, at) =>
    at === 0 ? pick(volume, 0) : Math.sign(value - pick(close, at - 1)) * pick(volume, at),
  );
  return [signed.map((_, at) => sum(signed.slice(0, at + 1)))];
}

/** Wilder's sums in closed form: each movement is worth (1 - 1/period) less a bar, from its bar. */
export function adxReference(series: Series, period: number): Columns {
  const { high, low } = series;
  const ups = high.slice(1).map((value, at) => value - pick(high, at));
  const downs = low.slice(1).map((value, at) => pick(low, at) - value);
  const plus = decayed(
    ups.map((up, at) => (up > 0 && up > pick(downs, at) ? up : 0)),
    period,
  );
  const minus = decayed(
    downs.map((down, at) => (down > 0 && down > pick(ups, at) ? down : 0)),
    period,
  );
  const ranges = decayed(trueRanges(series), period);
  const directions = ranges.map((range, at) => {
    if (range < EPSILON) return Number.NaN;
    const total = (100 * (pick(plus, at) + pick(minus, at))) / range;
    if (total < EPSILON) return Number.NaN;
    return (100 * Math.abs(pick(plus, at) - pick(minus, at))) / (pick(plus, at) + pick(minus, at));
  });

  // `directions[at]` belongs to bar at + 1; the first used is that of bar `period`.
  const values = series.close.map(() => Number.NaN);
  let value = Number.NaN;
  for (let bar = 2 * period - 1; bar < values.length; bar += 1) {
    const index = pick(directions, bar - 1);
    if (bar === 2 * period - 1) {
      const seeds = directions.slice(period - 1, 2 * period - 1);
      value = mean(seeds.map((seed) => (Number.isNaN(seed) ? 0 : seed)));
    } else if (!Number.isNaN(index)) {
      value += (index - value) / period;
    }
    values[bar] = value;
  }
  return [values];
}

function trueRanges({ high, low, close }: Series): number[] {
  return high.slice(1).map((value, at) => {
    const previous = pick(close, at);
    const [top, bottom] = [Math.max(value, previous), Math.min(pick(low, at + 1), previous)];
    return top - bottom;
  });
}

/** The first `period` - 1 values are added whole, later ones lessen what was there. */
function decayed(values: readonly number[], period: number): number[] {
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
function smoothed(values: readonly number[], period: number, alpha: number): number[] {
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

function windows(
  values: readonly number[],
  period: number,
  of: (window: readonly number[]) => number,
): number[] {
  return values.map((_, at) =>
    at < period - 1 ? Number.NaN : of(values.slice(at - period + 1, at + 1)),
  );
}

function shifted(values: readonly number[], by: number): number[] {
  return [...Array.from({ length: by }, () => Number.NaN), ...values];
}

function powers(base: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, exponent) => base ** exponent);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function pick(values: readonly number[], at: number): number {
  return values[at] ?? Number.NaN;
}
