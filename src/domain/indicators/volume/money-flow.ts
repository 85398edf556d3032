/**
 * Shares that a bar moved into the symbol (above 0) or out of it, by where it closed in its range:
 * Marc Chaikin's weight, as TA-Lib's AD and ADOSC count it. A bar without a range moved none.
 */
export function moneyFlow(high: number, low: number, close: number, volume: number): number {
  const range = high - low;
  return range > 0 ? ((close - low - (high - close)) / range) * volume : 0;
}
