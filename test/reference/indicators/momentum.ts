import {
  trueRanges,
  decayed,
  smoothed,
  windows,
  shifted,
  mean,
  pick,
  EPSILON,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';

/** By the indicator's name. */
export const MOMENTUM_JUDGED: Readonly<Record<string, Judged>> = {
  rsi: { reference: rsi, scale: 100 },
  macd: { reference: macd, scale: 'price' },
  stochastic: { reference: stochastic, scale: 100 },
  adx: { reference: adx, scale: 100 },
};

function rsi({ close }: Series, period: number): Columns {
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

function macd({ close }: Series, fast: number, slow: number, signal: number): Columns {
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

function stochastic(
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

/** Wilder's sums in closed form: each movement is worth (1 - 1/period) less a bar, from its bar. */
function adx(series: Series, period: number): Columns {
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
