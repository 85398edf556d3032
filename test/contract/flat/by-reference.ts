import type { Columns, Series } from '../../reference/indicators/series.ts';
import { FLAT_PRICE, FLAT_VOLUME, type Flat } from './market.ts';

/** For one that never forgets its first bar: what its definition makes of a flat market. */
export function byReference(reference: (series: Series, ...parameters: number[]) => Columns): Flat {
  return (parameters, bars) => {
    const columns = reference(flatSeries(bars), ...parameters);
    return columns.map((column) => column.at(-1) ?? Number.NaN);
  };
}

function flatSeries(bars: number): Series {
  const column = (value: number) => Array.from({ length: bars }, () => value);
  const prices = column(FLAT_PRICE);
  return {
    open: prices,
    high: prices,
    low: prices,
    close: prices,
    volume: column(FLAT_VOLUME),
    session: column(20_000),
    startUs: column(0),
    sinceOpenUs: column(0),
  };
}
