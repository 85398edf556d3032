import { closeOf, highOf, lowOf, nearOf } from './candle.ts';
import type { CandlePattern } from './candle-pattern.ts';

/** Inside bars whose first break is a trap (Daniel Chesler, 2003). */
export const HIKKAKES: readonly CandlePattern[] = [
  {
    name: 'hikkake',
    title: 'Hikkake',
    tells: 'The break of an inside bar that fails: those it caught have to turn round.',
    formula:
      'The second within the first; the third with a lower high and low: 100, a higher high and ' +
      "low: -100. Twice that on a close beyond the second's high (low) in the next three bars.",
    talib: 'CDLHIKKAKE',
    candles: 3,
    lookback: 5,
    yardsticks: [],
    isConfirmed: true,
    judge: () => (w, third, second, first) =>
      isInside(w, second, first) ? breakOf(w, third, second) : 0,
  },
  {
    name: 'hikkakeModified',
    title: 'Modified hikkake',
    tells: 'A hikkake after two ever smaller bars, closing near the end that it then breaks.',
    formula:
      'The second within the first, the third within the second; the fourth with a lower high ' +
      "and low, the second's close near its low: 100; mirrored: -100. Twice that on a close " +
      "beyond the third's high (low) in the next three bars.",
    talib: 'CDLHIKKAKEMOD',
    candles: 4,
    lookback: 10,
    yardsticks: ['near'],
    isConfirmed: true,
    judge: () => (w, fourth, third, second, first) => {
      if (!isInside(w, second, first) || !isInside(w, third, second)) return 0;
      const broken = breakOf(w, fourth, third);
      const near = nearOf(w, second);
      const close = closeOf(w, second);
      if (broken > 0) return close <= lowOf(w, second) + near ? 100 : 0;
      return broken < 0 && close >= highOf(w, second) - near ? -100 : 0;
    },
  },
];

function isInside(w: Float64Array, later: number, earlier: number): boolean {
  return highOf(w, later) < highOf(w, earlier) && lowOf(w, later) > lowOf(w, earlier);
}

/** Down is a trap for sellers, so it is bullish. */
function breakOf(w: Float64Array, later: number, earlier: number): number {
  if (highOf(w, later) < highOf(w, earlier) && lowOf(w, later) < lowOf(w, earlier)) return 100;
  return highOf(w, later) > highOf(w, earlier) && lowOf(w, later) > lowOf(w, earlier) ? -100 : 0;
}
