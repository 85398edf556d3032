import { sum, pick, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const VOLUME_JUDGED: Readonly<Record<string, Judged>> = {
  obv: { reference: obv, scale: 'none', isEndless: true },
};

function obv({ close, volume }: Series): Columns {
  const signed = close.map((value, at) =>
    at === 0 ? pick(volume, 0) : Math.sign(value - pick(close, at - 1)) * pick(volume, at),
  );
  return [signed.map((_, at) => sum(signed.slice(0, at + 1)))];
}
