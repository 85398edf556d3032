import {
  smoothed,
  windows,
  mean,
  pick,
  EPSILON,
  type Columns,
  type Judged,
  type Series,
} from './series.ts';

/** By the indicator's name. */
export const OVERLAP_JUDGED: Readonly<Record<string, Judged>> = {
  sma: { reference: sma, scale: 'none' },
  ema: { reference: ema, scale: 'none' },
  bollinger: { reference: bollinger, scale: 'price' },
};

function sma({ close }: Series, period: number): Columns {
  return [windows(close, period, mean)];
}

function ema({ close }: Series, period: number): Columns {
  return [smoothed(close, period, 2 / (period + 1))];
}

function bollinger({ close }: Series, period: number, deviations: number): Columns {
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
