import { mean, pick, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const PRICE_JUDGED: Readonly<Record<string, Judged>> = {
  averagePrice: { reference: averagePrice, scale: 'none' },
  medianPrice: { reference: medianPrice, scale: 'none' },
  typicalPrice: { reference: typicalPrice, scale: 'none' },
  weightedClose: { reference: weightedClose, scale: 'none' },
};

function averagePrice({ open, high, low, close }: Series): Columns {
  return [close.map((value, at) => mean([pick(open, at), pick(high, at), pick(low, at), value]))];
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
