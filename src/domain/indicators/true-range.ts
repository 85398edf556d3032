/** How far a bar reached, counted from the last close where that lies outside (Wilder 1978). */
export function trueRange(high: number, low: number, previousClose: number): number {
  return Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose));
}
