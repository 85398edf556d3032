import { adaptive, doubled, tillson, triangular, tripled, weighted } from './averages.ts';
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
  wma: { reference: ofClose(weighted), scale: 'none' },
  dema: { reference: ofClose(doubled), scale: 'price' },
  tema: { reference: ofClose(tripled), scale: 'price' },
  trima: { reference: ofClose(triangular), scale: 'none' },
  kama: { reference: ofClose(adaptive), scale: 'none' },
  t3: {
    reference: ({ close }, period = 0, factor = 0) => [tillson(close, period, factor)],
    scale: 'price',
  },
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
