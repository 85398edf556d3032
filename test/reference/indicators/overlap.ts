import {
  adaptive,
  averaged,
  doubled,
  exponential,
  tillson,
  triangular,
  tripled,
  weighted,
} from './averages.ts';
import { accelerationBands, donchian, ichimoku, keltner, middles } from './channels.ts';
import { htTrendline, mama } from './hilbert.ts';
import {
  EPSILON,
  mean,
  pick,
  shifted,
  smoothed,
  sum,
  windows,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';
import { sar, sarExtended, supertrend } from './stops.ts';

/** By the indicator's name. */
export const OVERLAP_JUDGED: Readonly<Record<string, Judged>> = {
  sma: { reference: sma, scale: 'none' },
  ema: { reference: ema, scale: 'none' },
  bollinger: { reference: bollinger, scale: 'price' },
  wma: { reference: ofClose(weighted), scale: 'none' },
  dema: { reference: ofClose(doubled), scale: 'price' },
  tema: { reference: ofClose(tripled), scale: 'price' },
  trima: { reference: ofClose(triangular), scale: 'none' },
  kama: { reference: ofClose(adaptive), scale: 'none' },
  t3: {
    reference: ({ close }, period = 0, factor = 0) => [tillson(close, period, factor)],
    scale: 'price',
  },
  ma: {
    reference: ({ close }, period = 0, kind = 0) => [averaged(kind, close, period)],
    scale: 'price',
  },
  mavp: { reference: mavp, scale: 'price', most: [10, 20, 8] },
  alma: { reference: alma, scale: 'none', most: [30, 1, 12] },
  rma: {
    reference: ({ close }, period = 0) => [smoothed(close, period, 1 / period)],
    scale: 'none',
  },
  midpoint: { reference: midpoint, scale: 'none' },
  midprice: { reference: (series, period = 0) => [middles(series, period)], scale: 'none' },
  hma: { reference: hull, scale: 'price' },
  vwma: { reference: vwma, scale: 'none' },
  zlema: { reference: zlema, scale: 'price' },
  accelerationBands: { reference: accelerationBands, scale: 'price' },
  donchian: { reference: donchian, scale: 'none' },
  keltner: { reference: keltner, scale: 'price' },
  ichimoku: { reference: ichimoku, scale: 'none' },
  sar: { reference: sar, scale: 'price' },
  sarExtended: { reference: sarExtended, scale: 'price' },
  supertrend: { reference: supertrend, scale: 'price' },
  htTrendline: { reference: htTrendline, scale: 'none' },
  mama: { reference: mama, scale: 'none' },
};

function ofClose(average: (values: readonly number[], period: number) => number[]) {
  return ({ close }: Series, period: number): Columns => [average(close, period)];
}

function sma({ close }: Series, period: number): Columns {
  return [windows(close, period, mean)];
}

function ema({ close }: Series, period: number): Columns {
  return [smoothed(close, period, 2 / (period + 1))];
}

/** Windows of the closes, around any average of them. */
function bollinger(
  { close }: Series,
  period: number,
  up: number,
  down: number,
  kind: number,
): Columns {
  const deviation = windows(close, period, (values) => {
    const centre = mean(values);
    const variance = mean(values.map((value) => (value - centre) * (value - centre)));
    return variance < EPSILON ? 0 : Math.sqrt(variance);
  });
  const average = averaged(kind, close, period);
  const middle = average.map((value, at) =>
    Number.isNaN(pick(deviation, at)) ? Number.NaN : value,
  );
  const below = down === 0 ? up : down;
  return [
    middle.map((value, at) => value + up * pick(deviation, at)),
    middle,
    middle.map((value, at) => value - below * pick(deviation, at)),
  ];
}

/** All averages end their warm-up with the longest: shorter ones begin later. */
function mavp({ close, volume }: Series, least: number, most: number, kind: number): Columns {
  const start = barsBefore(kind, most);
  const columns = Array.from({ length: most - least + 1 }, (_, at) => {
    const from = start - barsBefore(kind, least + at);
    return shifted(averaged(kind, close.slice(from), least + at), from);
  });
  const values = close.map((_, at) => {
    const period = Math.floor(Math.min(most, Math.max(least, pick(volume, at))));
    return at < start ? Number.NaN : pick(columns[period - least] ?? [], at);
  });
  return [values];
}

/** Bars before an average's first value, seen in a series that is long enough. */
function barsBefore(kind: number, period: number): number {
  const long = Array.from({ length: 40 + 7 * period }, (_, at) => 100 + (at % 7));
  return averaged(kind, long, period).findIndex((value) => !Number.isNaN(value));
}

function midpoint({ close }: Series, period: number): Columns {
  return [windows(close, period, (values) => (Math.max(...values) + Math.min(...values)) / 2)];
}

function hull({ close }: Series, period: number): Columns {
  const whole = weighted(close, period);
  const half = weighted(close, Math.floor(period / 2));
  const lifted = half.map((value, at) => 2 * value - pick(whole, at));
  return [weighted(lifted, Math.floor(Math.sqrt(period)))];
}

function vwma({ close, volume }: Series, period: number): Columns {
  const turnover = close.map((value, at) => value * pick(volume, at));
  const shares = windows(volume, period, sum);
  const values = windows(turnover, period, sum).map((value, at) => {
    const traded = pick(shares, at);
    return traded > 0 ? value / traded : Number.NaN;
  });
  return [values];
}

function zlema({ close }: Series, period: number): Columns {
  const lag = Math.floor((period - 1) / 2);
  const lifted = close.map((value, at) => value + (value - pick(close, at - lag)));
  return [exponential(lifted, period)];
}

function alma({ close }: Series, period: number, offset: number, sigma: number): Columns {
  const weights = Array.from({ length: period }, (_, at) =>
    Math.exp(-(((at - offset * (period - 1)) * sigma) ** 2) / (2 * period * period)),
  );
  return [
    windows(
      close,
      period,
      (values) => sum(values.map((value, at) => value * pick(weights, at))) / sum(weights),
    ),
  ];
}
