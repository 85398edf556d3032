import { pick, type Columns, type Series } from './series.ts';

/**
 * Stops that turn on a touch. Where a stop and a price are equal the last digit decides, so these
 * take the steps of their authors in order, not a closed form.
 */
export function sar(series: Series, acceleration: number, maximum: number): Columns {
  const pace = [acceleration, acceleration, maximum];
  return [parabola(series, 0, 0, pace, pace).map(Math.abs)];
}

export function sarExtended(
  series: Series,
  startValue: number,
  offset: number,
  ...paces: readonly number[]
): Columns {
  return [parabola(series, startValue, offset, paces.slice(0, 3), paces.slice(3))];
}

/** Wilder's rules for a position that is long; a short one is the same in a mirrored market. */
function parabola(
  { high, low }: Series,
  startValue: number,
  offset: number,
  longPace: readonly number[],
  shortPace: readonly number[],
): number[] {
  const values = high.map(() => Number.NaN);
  const fall = pick(low, 0) - pick(low, 1);
  const isShort =
    startValue === 0 ? fall > 0 && fall > pick(high, 1) - pick(high, 0) : startValue < 0;
  let side = isShort ? -1 : 1;
  // In the mirror a low is a negative high.
  const best = (at: number) => (side === 1 ? pick(high, at) : -pick(low, at));
  const worst = (at: number) => (side === 1 ? pick(low, at) : -pick(high, at));
  const pace = () => {
    const [initial = 0, added = 0, most = 0] = side === 1 ? longPace : shortPace;
    return { initial: Math.min(initial, most), added, most };
  };
  let stop = startValue === 0 ? worst(0) : startValue;
  let extreme = best(1);
  let step = pace().initial;
  for (let at = 1; at < values.length; at += 1) {
    const before = at === 1 ? 1 : at - 1;
    if (worst(at) <= stop) {
      // All that the position stood on is seen from the other side now.
      side = -side;
      stop = Math.min(-extreme, worst(before), worst(at));
      stop -= Math.abs(stop) * offset;
      extreme = best(at);
      step = pace().initial;
      values[at] = stop;
    } else {
      values[at] = stop;
      if (best(at) > extreme) {
        extreme = best(at);
        step = Math.min(pace().most, step + Math.min(pace().added, pace().most));
      }
    }
    stop = Math.min(stop + step * (extreme - stop), worst(before), worst(at));
  }
  return values;
}

export function supertrend(series: Series, period: number, multiplier: number): Columns {
  const { high, low, close } = series;
  const ranges = wilder(series, period);
  const stops = close.map(() => Number.NaN);
  const directions = close.map(() => Number.NaN);
  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.NEGATIVE_INFINITY;
  let direction = -1;
  for (let at = period; at < close.length; at += 1) {
    const middle = (pick(high, at) + pick(low, at)) / 2;
    const reach = multiplier * pick(ranges, at);
    const before = pick(close, at - 1);
    upper = before > upper ? middle + reach : Math.min(upper, middle + reach);
    lower = before < lower ? middle - reach : Math.max(lower, middle - reach);
    const value = pick(close, at);
    if (direction === -1 && value > upper) direction = 1;
    else if (direction === 1 && value < lower) direction = -1;
    stops[at] = direction === 1 ? lower : upper;
    directions[at] = direction;
  }
  return [stops, directions];
}

/** Wilder's average true range, step by step. */
function wilder({ high, low, close }: Series, period: number): number[] {
  let average = 0;
  return high.map((top, at) => {
    if (at === 0) return Number.NaN;
    const [bottom, before] = [pick(low, at), pick(close, at - 1)];
    const range = Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before));
    if (at <= period) {
      average += range;
      if (at === period) average /= period;
    } else {
      average = (average * (period - 1) + range) / period;
    }
    return at < period ? Number.NaN : average;
  });
}
