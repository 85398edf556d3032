import { afterGap, averaged, exponential } from './averages.ts';
import { adx, adxr, dx, minusDi, minusDm, plusDi, plusDm } from './directional.ts';
import {
  accelerator,
  awesome,
  coppock,
  detrended,
  elderRay,
  fisher,
  gains,
  kst,
  macdExt,
  qstick,
  relativeVigor,
  smi,
  tsi,
  verticalHorizontal,
  vortex,
} from './oscillators.ts';
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
export const MOMENTUM_JUDGED: Readonly<Record<string, Judged>> = {
  rsi: { reference: rsi, scale: 100 },
  cmo: { reference: cmo, scale: 100 },
  macd: { reference: macd, scale: 'price' },
  macdExt: { reference: macdExt, scale: 'price' },
  macdFix: { reference: macdFix, scale: 'price' },
  apo: { reference: apo, scale: 'price' },
  // Averages that overshoot come to 0, and nothing can be measured against that.
  ppo: { reference: ppo, scale: 100, most: [30, 30, 2] },
  // Kaufman's average of what stands still but for its last digits measures those: it is left out.
  stochastic: { reference: stochastic, scale: 100, most: [30, 30, 30, 5, 5] },
  stochasticFast: { reference: stochasticFast, scale: 100, most: [30, 30, 5] },
  // Divided by a range that may be 1e-5 where the RSI itself is right to 1e-14 of 100.
  stochasticRsi: { reference: stochasticRsi, scale: 1e6, most: [30, 30, 30, 5] },
  williamsR: { reference: williamsR, scale: 100 },
  adx: { reference: adx, scale: 100 },
  adxr: { reference: adxr, scale: 100 },
  dx: { reference: dx, scale: 100 },
  plusDi: { reference: plusDi, scale: 100 },
  minusDi: { reference: minusDi, scale: 100 },
  plusDm: { reference: plusDm, scale: 'none' },
  minusDm: { reference: minusDm, scale: 'none' },
  aroon: { reference: aroon, scale: 'none' },
  aroonOsc: { reference: aroonOsc, scale: 'none' },
  bop: { reference: bop, scale: 'none' },
  cci: { reference: cci, scale: 100 },
  imi: { reference: imi, scale: 100 },
  mfi: { reference: mfi, scale: 100 },
  mom: { reference: mom, scale: 'none' },
  roc: { reference: ({ close }, period = 0) => [gains(close, period)], scale: 100 },
  rocp: { reference: rocp, scale: 'none' },
  rocr: { reference: rocr, scale: 'none' },
  rocrPercent: { reference: rocrPercent, scale: 'none' },
  trix: { reference: trix, scale: 100 },
  ultimate: { reference: ultimate, scale: 100 },
  tsi: { reference: tsi, scale: 100 },
  smi: { reference: smi, scale: 100 },
  awesome: { reference: awesome, scale: 'price' },
  accelerator: { reference: accelerator, scale: 'price' },
  fisher: { reference: fisher, scale: 1 },
  vortex: { reference: vortex, scale: 'none' },
  coppock: { reference: coppock, scale: 100 },
  kst: { reference: kst, scale: 100, most: [9, 9, 9, 9, 9, 9, 9, 9, 9] },
  connorsRsi: { reference: connorsRsi, scale: 100 },
  detrended: { reference: detrended, scale: 'price' },
  qstick: { reference: qstick, scale: 'price' },
  elderRay: { reference: elderRay, scale: 'price' },
  relativeVigor: { reference: relativeVigor, scale: 1 },
  verticalHorizontal: { reference: verticalHorizontal, scale: 'none' },
};

/** Wilder's averages of what was gained and lost, of the change to each value but the first. */
function wilder(values: readonly number[], period: number): { gains: number[]; losses: number[] } {
  const changes = values.slice(1).map((value, at) => value - pick(values, at));
  const average = (sign: number) =>
    smoothed(
      changes.map((change) => Math.max(sign * change, 0)),
      period,
      1 / period,
    );
  return { gains: average(1), losses: average(-1) };
}

function relativeStrength(values: readonly number[], period: number): number[] {
  const { gains: up, losses } = wilder(values, period);
  const ratios = up.map((gain, at) => {
    const total = gain + pick(losses, at);
    return total < EPSILON ? 0 : (100 * gain) / total;
  });
  return shifted(ratios, 1);
}

function rsi({ close }: Series, period: number): Columns {
  return [relativeStrength(close, period)];
}

function cmo({ close }: Series, period: number): Columns {
  const { gains: up, losses } = wilder(close, period);
  const ratios = up.map((gain, at) => {
    const total = gain + pick(losses, at);
    return total < EPSILON ? 0 : (100 * (gain - pick(losses, at))) / total;
  });
  return [shifted(ratios, 1)];
}

function macd({ close }: Series, fast: number, slow: number, signal: number): Columns {
  return converging(close, [fast, 2 / (fast + 1)], [slow, 2 / (slow + 1)], signal);
}

function macdFix({ close }: Series, signal: number): Columns {
  return converging(close, [12, 0.15], [26, 0.075], signal);
}

function converging(
  close: readonly number[],
  [fast, fastAlpha]: readonly [number, number],
  [slow, slowAlpha]: readonly [number, number],
  signal: number,
): Columns {
  const late = slow - fast;
  const fasts = shifted(smoothed(close.slice(late), fast, fastAlpha), late);
  const slows = smoothed(close, slow, slowAlpha);
  const lines = fasts.map((value, at) => value - pick(slows, at));
  const signals = shifted(smoothed(lines.slice(slow - 1), signal, 2 / (signal + 1)), slow - 1);
  return [
    lines.map((line, at) => (Number.isNaN(pick(signals, at)) ? Number.NaN : line)),
    signals,
    lines.map((line, at) => line - pick(signals, at)),
  ];
}

function apo({ close }: Series, fast: number, slow: number, kind: number): Columns {
  const slows = averaged(kind, close, slow);
  return [averaged(kind, close, fast).map((value, at) => value - pick(slows, at))];
}

function ppo({ close }: Series, fast: number, slow: number, kind: number): Columns {
  const slows = averaged(kind, close, slow);
  const fasts = averaged(kind, close, fast);
  return [slows.map((value, at) => (100 * (pick(fasts, at) - value)) / value)];
}

/** Where each value stands between the extremes of the window that ends with it. */
function places(
  values: readonly number[],
  high: readonly number[],
  low: readonly number[],
  period: number,
  rangeLeast = 0,
): number[] {
  const highest = windows(high, period, (window) => Math.max(...window));
  const lowest = windows(low, period, (window) => Math.min(...window));
  return values.map((value, at) => {
    const range = pick(highest, at) - pick(lowest, at);
    return range <= rangeLeast ? 0 : (100 * (value - pick(lowest, at))) / range;
  });
}

/** Both columns begin with the second. */
function together(k: readonly number[], d: readonly number[]): Columns {
  return [k.map((value, at) => (Number.isNaN(pick(d, at)) ? Number.NaN : value)), d];
}

function smooth(kind: number, values: readonly number[], period: number): number[] {
  return afterGap(values, (known) => averaged(kind, known, period));
}

function stochastic(
  { high, low, close }: Series,
  period: number,
  slowing: number,
  smoothing: number,
  slowingKind: number,
  smoothingKind: number,
): Columns {
  const k = smooth(slowingKind, places(close, high, low, period), slowing);
  return together(k, smooth(smoothingKind, k, smoothing));
}

function stochasticFast(
  { high, low, close }: Series,
  period: number,
  smoothing: number,
  kind: number,
): Columns {
  const k = places(close, high, low, period);
  return together(k, smooth(kind, k, smoothing));
}

function stochasticRsi(
  { close }: Series,
  period: number,
  range: number,
  smoothing: number,
  kind: number,
): Columns {
  const index = relativeStrength(close, period);
  const k = places(index, index, index, range, 1e-5);
  return together(k, smooth(kind, k, smoothing));
}

function williamsR({ high, low, close }: Series, period: number): Columns {
  const below = places(
    high.map((value, at) => value - pick(close, at)),
    high,
    low,
    1,
  );
  const highest = windows(high, period, (window) => Math.max(...window));
  const lowest = windows(low, period, (window) => Math.min(...window));
  return [
    below.map((_, at) => {
      const range = pick(highest, at) - pick(lowest, at);
      return range === 0 ? 0 : (-100 * (pick(highest, at) - pick(close, at))) / range;
    }),
  ];
}

function aroon({ high, low }: Series, period: number): Columns {
  const up = windows(high, period + 1, (window) => window.lastIndexOf(Math.max(...window)));
  const down = windows(low, period + 1, (window) => window.lastIndexOf(Math.min(...window)));
  return [down, up].map((column) => column.map((place) => (100 * place) / period));
}

function aroonOsc(series: Series, period: number): Columns {
  const [down = [], up = []] = aroon(series, period);
  return [
    up.map((value, at) => (Math.round(((value - pick(down, at)) * period) / 100) * 100) / period),
  ];
}

function bop({ open, high, low, close }: Series): Columns {
  return [
    close.map((value, at) => {
      const range = pick(high, at) - pick(low, at);
      return range < EPSILON ? 0 : (value - pick(open, at)) / range;
    }),
  ];
}

function typicals({ high, low, close }: Series): number[] {
  return close.map((value, at) => (pick(high, at) + pick(low, at) + value) / 3);
}

function cci(series: Series, period: number): Columns {
  const column = windows(typicals(series), period, (window) => {
    const last = pick(window, period - 1);
    // From the first price, so that equal ones differ by nothing.
    const origin = pick(window, 0);
    const centre = mean(window.map((value) => value - origin));
    const deviation = mean(window.map((value) => Math.abs(value - origin - centre)));
    return deviation < 3.6e-15 * last ? 0 : (last - origin - centre) / (0.015 * deviation);
  });
  return [column];
}

function imi({ open, close }: Series, period: number): Columns {
  const rises = close.map((value, at) => value - pick(open, at));
  const column = windows(rises, period, (window) => {
    const total = sum(window.map(Math.abs));
    return total === 0 ? 50 : (100 * sum(window.map((rise) => Math.max(rise, 0)))) / total;
  });
  return [column];
}

function mfi(series: Series, period: number): Columns {
  const typical = typicals(series);
  const flows = typical.slice(1).map((value, at) => {
    const direction = Math.sign(value - pick(typical, at));
    return direction * value * pick(series.volume, at + 1);
  });
  const column = windows(flows, period, (window) => {
    const total = sum(window.map(Math.abs));
    return total < 1 ? 0 : (100 * sum(window.map((flow) => Math.max(flow, 0)))) / total;
  });
  return [shifted(column, 1)];
}

function mom({ close }: Series, period: number): Columns {
  return [close.map((value, at) => value - pick(close, at - period))];
}

function rocp({ close }: Series, period: number): Columns {
  return [close.map((value, at) => (value - pick(close, at - period)) / pick(close, at - period))];
}

function rocr({ close }: Series, period: number): Columns {
  return [close.map((value, at) => value / pick(close, at - period))];
}

function rocrPercent({ close }: Series, period: number): Columns {
  return [close.map((value, at) => (100 * value) / pick(close, at - period))];
}

function trix({ close }: Series, period: number): Columns {
  const smoothOnce = (values: readonly number[]) =>
    period === 1 ? [...values] : exponential(values, period);
  return [gains(smoothOnce(smoothOnce(smoothOnce(close))), 1)];
}

function ultimate(series: Series, ...periods: number[]): Columns {
  const { low, close } = series;
  const ranges = trueRanges(series);
  const pressures = close
    .slice(1)
    .map((value, at) => value - Math.min(pick(low, at + 1), pick(close, at)));
  const parts = periods
    .toSorted((a, b) => a - b)
    .map((period) => {
      const range = windows(ranges, period, sum);
      return windows(pressures, period, sum).map((value, at) =>
        pick(range, at) < EPSILON ? 0 : value / pick(range, at),
      );
    });
  const [short = [], middle = [], long = []] = parts;
  return [
    shifted(
      long.map((value, at) => (100 * (4 * pick(short, at) + 2 * pick(middle, at) + value)) / 7),
      1,
    ),
  ];
}

function connorsRsi({ close }: Series, period: number, streak: number, rank: number): Columns {
  const streaks = close.map((_, at) => {
    const direction = (bar: number) => Math.sign(pick(close, bar) - pick(close, bar - 1)) || 0;
    let bars = 0;
    while (direction(at) !== 0 && direction(at - bars) === direction(at)) bars += 1;
    return bars * direction(at);
  });
  const changes = close.map((value, at) => (value - pick(close, at - 1)) / pick(close, at - 1));
  const ranks = windows(changes, rank + 1, (window) => {
    const last = pick(window, rank);
    if (window.some(Number.isNaN)) return Number.NaN;
    return (100 * window.filter((change) => change < last).length) / rank;
  });
  const [prices, rows] = [relativeStrength(close, period), relativeStrength(streaks, streak)];
  return [ranks.map((value, at) => (value + pick(prices, at) + pick(rows, at)) / 3)];
}
