import { afterGap, averaged, exponential, weighted } from './averages.ts';
import {
  EPSILON,
  mean,
  pick,
  sum,
  trueRanges,
  windows,
  shifted,
  type Columns,
  type Series,
} from './series.ts';

/** Momentum that TA-Lib 0.6 does not have, naive, from the texts that the declarations name. */
export function tsi({ close }: Series, long: number, short: number): Columns {
  const changes = close.slice(1).map((value, at) => value - pick(close, at));
  const twice = (values: readonly number[]) => smooth(smooth(values, long), short);
  const moved = twice(changes);
  const sizes = twice(changes.map(Math.abs));
  return [
    shifted(
      moved.map((value, at) => (pick(sizes, at) < EPSILON ? 0 : (100 * value) / pick(sizes, at))),
      1,
    ),
  ];
}

function smooth(values: readonly number[], period: number): number[] {
  return period === 1 ? [...values] : exponential(values, period);
}

export function awesome({ high, low }: Series, fast: number, slow: number): Columns {
  const mid = high.map((value, at) => (value + pick(low, at)) / 2);
  const slows = windows(mid, slow, mean);
  return [windows(mid, fast, mean).map((value, at) => value - pick(slows, at))];
}

export function accelerator(series: Series, fast: number, slow: number, signal: number): Columns {
  const [values = []] = awesome(series, fast, slow);
  const means = windows(values, signal, mean);
  return [values.map((value, at) => value - pick(means, at))];
}

export function fisher({ high, low }: Series, period: number): Columns {
  const mid = high.map((value, at) => (value + pick(low, at)) / 2);
  const steps = windows(mid, period, (window) => {
    const [least, most] = [Math.min(...window), Math.max(...window)];
    if (most - least < 1e-14 * most) return 0;
    return 0.66 * ((pick(window, period - 1) - least) / (most - least) - 0.5);
  });
  const values: number[] = [];
  let [place, value] = [0, 0];
  for (const step of steps) {
    if (!Number.isNaN(step)) {
      place = 0.67 * place + step;
      if (Math.abs(place) > 0.99) place = Math.sign(place) * 0.999;
      value = Math.atanh(place) + value / 2;
    }
    values.push(Number.isNaN(step) ? Number.NaN : value);
  }
  const triggers = shifted(values, 1).slice(0, values.length);
  return [values.map((now, at) => (Number.isNaN(pick(triggers, at)) ? Number.NaN : now)), triggers];
}

export function vortex(series: Series, period: number): Columns {
  const { high, low } = series;
  const ranges = windows(trueRanges(series), period, sum);
  const column = (moves: readonly number[]) =>
    shifted(
      windows(moves, period, sum).map((value, at) =>
        pick(ranges, at) < EPSILON ? 0 : value / pick(ranges, at),
      ),
      1,
    );
  return [
    column(high.slice(1).map((value, at) => Math.abs(value - pick(low, at)))),
    column(low.slice(1).map((value, at) => Math.abs(value - pick(high, at)))),
  ];
}

export function gains(values: readonly number[], period: number): number[] {
  return values.map((now, at) => {
    const before = pick(values, at - period);
    return before === 0 ? 0 : (100 * (now - before)) / before;
  });
}

export function coppock({ close }: Series, long: number, short: number, average: number): Columns {
  const shorts = gains(close, short);
  const both = gains(close, long).map((value, at) => value + pick(shorts, at));
  return [average === 1 ? both : weighted(both, average)];
}

export function kst({ close }: Series, ...parameters: number[]): Columns {
  const parts = [0, 1, 2, 3].map((which) => {
    const rates = gains(close, pick(parameters, which));
    return windows(rates, pick(parameters, which + 4), mean).map((value) => (which + 1) * value);
  });
  const values = close.map((_, at) => sum(parts.map((part) => pick(part, at))));
  const signals = windows(values, pick(parameters, 8), mean);
  return [
    values.map((value, at) => (Number.isNaN(pick(signals, at)) ? Number.NaN : value)),
    signals,
  ];
}

export function smi(
  { high, low, close }: Series,
  period: number,
  long: number,
  short: number,
  signal: number,
): Columns {
  const highest = windows(high, period, (window) => Math.max(...window));
  const lowest = windows(low, period, (window) => Math.min(...window));
  const ranges = highest.map((value, at) => value - pick(lowest, at));
  const distances = close.map((value, at) => value - (pick(highest, at) + pick(lowest, at)) / 2);
  const moved = smooth(smooth(distances, long), short);
  const sizes = smooth(smooth(ranges, long), short);
  const values = moved.map((value, at) =>
    pick(sizes, at) < EPSILON ? 0 : (200 * value) / pick(sizes, at),
  );
  const signals = smooth(values, signal);
  return [
    values.map((value, at) => (Number.isNaN(pick(signals, at)) ? Number.NaN : value)),
    signals,
  ];
}

export function macdExt(
  { close }: Series,
  fast: number,
  slow: number,
  signal: number,
  fastKind: number,
  slowKind: number,
  signalKind: number,
): Columns {
  const begins = (values: readonly number[]) =>
    values.findIndex((value) => !Number.isNaN(value)) >>> 0;
  // Each begins so late that both are ready on one bar.
  const both = Math.max(
    begins(averaged(fastKind, close, fast)),
    begins(averaged(slowKind, close, slow)),
  );
  const late = (kind: number, period: number) => {
    const first = begins(averaged(kind, close, period));
    if (both >= close.length) return close.map(() => Number.NaN);
    return shifted(averaged(kind, close.slice(both - first), period), both - first);
  };
  const slows = late(slowKind, slow);
  const lines = late(fastKind, fast).map((value, at) => value - pick(slows, at));
  const signals = afterGap(lines, (known) => averaged(signalKind, known, signal));
  const isReady = (at: number) => !Number.isNaN(pick(signals, at));
  return [
    lines.map((line, at) => (isReady(at) ? line : Number.NaN)),
    signals,
    lines.map((line, at) => line - pick(signals, at)),
  ];
}

export function detrended({ close }: Series, period: number): Columns {
  const means = windows(close, period, mean);
  const bars = Math.floor(period / 2) + 1;
  return [means.map((value, at) => pick(close, at - bars) - value)];
}

export function qstick({ open, close }: Series, period: number): Columns {
  return [
    windows(
      close.map((value, at) => value - pick(open, at)),
      period,
      mean,
    ),
  ];
}

export function elderRay({ high, low, close }: Series, period: number): Columns {
  const means = smooth(close, period);
  return [high, low].map((column) => column.map((value, at) => value - pick(means, at)));
}

export function relativeVigor({ open, high, low, close }: Series, period: number): Columns {
  const weigh = (values: readonly number[]) =>
    windows(values, 4, ([three = 0, two = 0, one = 0, now = 0]) =>
      mean([now, one, one, two, two, three]),
    );
  const rises = windows(weigh(close.map((value, at) => value - pick(open, at))), period, sum);
  const ranges = windows(weigh(high.map((value, at) => value - pick(low, at))), period, sum);
  const vigor = rises.map((value, at) =>
    pick(ranges, at) < EPSILON ? 0 : value / pick(ranges, at),
  );
  const signal = weigh(vigor);
  return [vigor.map((value, at) => (Number.isNaN(pick(signal, at)) ? Number.NaN : value)), signal];
}

export function verticalHorizontal({ close }: Series, period: number): Columns {
  const ranges = windows(close, period, (window) => Math.max(...window) - Math.min(...window));
  const moves = close.map((value, at) => Math.abs(value - pick(close, at - 1)));
  const ways = windows(moves, period, sum);
  return [ranges.map((range, at) => (pick(ways, at) < EPSILON ? 0 : range / pick(ways, at)))];
}
