import { DAY, HOUR, MINUTE, SECOND } from '../../core/time.ts';

/** Spans that a feature's bars may have, as names write them: `return5:5m`. */
export const TIMEFRAMES: Readonly<Record<string, number>> = {
  '1s': SECOND,
  '5s': 5 * SECOND,
  '10s': 10 * SECOND,
  '30s': 30 * SECOND,
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '1d': DAY,
};

/** What a name without a timeframe means. */
export const USUAL_TIMEFRAME = '1m';

/** `return5:5m` is `return5` on bars of five minutes. */
export function splitTimeframe(
  name: string,
  otherwise: string,
): { readonly bare: string; readonly timeframe: string } {
  const colon = name.lastIndexOf(':');
  if (colon < 0) return { bare: name, timeframe: otherwise };
  return { bare: name.slice(0, colon), timeframe: name.slice(colon + 1) };
}
