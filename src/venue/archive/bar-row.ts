/** One bar, as it is read out of the columns; the reader owns the object and may use it again. */
export interface BarRow {
  /** Where it begins, microseconds UTC; a day's bar at New York's midnight. */
  startUs: number;
  /** Ten-thousandths of a dollar. */
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
  /** Ten-thousandths, with a fraction. */
  vwap: number;
}

export function emptyBarRow(): BarRow {
  return { startUs: 0, open: 0, high: 0, low: 0, close: 0, volume: 0, trades: 0, vwap: 0 };
}
