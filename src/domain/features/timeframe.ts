import { DAY, HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { barKindFault, barLabel } from '../market/bars/bar-kind.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
]);
const LABEL = /^(?<count>[1-9]\d{0,4})(?<unit>[smhd])$/;

/** Span of the bars that a name writes so: `return5:5m`; undefined where there are none such. */
export function spanOf(timeframe: string): number | undefined {
  const { count, unit } = LABEL.exec(timeframe)?.groups ?? {};
  const spanUs = Number(count) * (UNITS.get(unit ?? '') ?? Number.NaN);
  const isKind = barKindFault({ kind: 'time', spanUs }) === undefined;
  // One span has one name: `60s` is `1m`.
  return isKind && timeframeOf(spanUs) === timeframe ? spanUs : undefined;
}

/** How bars of a span are called. */
export function timeframeOf(spanUs: number): string {
  return barLabel({ kind: 'time', spanUs });
}

/** What a name may say, for somebody who wrote another. */
export const TIMEFRAMES_KNOWN =
  'timeframes are 1s, 10s, 1m, 5m, 1h, 1d and others that divide a day or a session';

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
