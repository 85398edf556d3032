import { mean, pick, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const PRICE_JUDGED: Readonly<Record<string, Judged>> = {
  averagePrice: { reference: averagePrice, scale: 'none' },
  heikinAshi: { reference: heikinAshi, scale: 'none' },
  medianPrice: { reference: medianPrice, scale: 'none' },
  typicalPrice: { reference: typicalPrice, scale: 'none' },
  weightedClose: { reference: weightedClose, scale: 'none' },
};

function averagePrice({ open, high, low, close }: Series): Columns {
  return [close.map((value, at) => mean([pick(open, at), pick(high, at), pick(low, at), value]))];
}

/** An open is all closes before it, each worth half of the next one. */
function heikinAshi({ open, high, low, close }: Series): Columns {
  const closes = close.map((value, at) =>
    mean([pick(open, at), pick(high, at), pick(low, at), value]),
  );
  const opens = closes.map((_, at) => {
    let total = mean([pick(open, 0), pick(close, 0)]) * 0.5 ** at;
    for (let from = 0; from < at; from += 1) total += pick(closes, from) * 0.5 ** (at - from);
    return total;
  });
  return [
    opens,
    high.map((value, at) => Math.max(value, pick(opens, at), pick(closes, at))),
    low.map((value, at) => Math.min(value, pick(opens, at), pick(closes, at))),
    closes,
  ];
}

function medianPrice({ high, low }: Series): Columns {
  return [high.map((value, at) => mean([value, pick(low, at)]))];
}

function typicalPrice({ high, low, close }: Series): Columns {
  return [close.map((value, at) => mean([pick(high, at), pick(low, at), value]))];
}

function weightedClose({ high, low, close }: Series): Columns {
  return [close.map((value, at) => mean([pick(high, at), pick(low, at), value, value]))];
}
