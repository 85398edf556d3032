import { type Labels, openLabels } from './labels.ts';
import { tradingDaysBetween } from './sessions.ts';

/** A measure of each day of one symbol, such as its spread or the logarithm of its volume. */
export interface DailyMeasure {
  /** When the day was over: a time on that day. */
  readonly closeUs: Float64Array;
  readonly value: Float64Array;
  readonly close: Float64Array;
}

/** The measure of the trading day after; not known where that day is missing, or its measure. */
export function nextDayLabels(days: DailyMeasure): Labels {
  const { closeUs, value, close } = days;
  const labels = openLabels(closeUs.length);
  for (let at = 0; at + 1 < closeUs.length; at += 1) {
    const [fromUs, toUs] = [closeUs[at] ?? Number.NaN, closeUs[at + 1] ?? Number.NaN];
    const next = value[at + 1] ?? Number.NaN;
    if (tradingDaysBetween(fromUs, toUs) !== 1 || !Number.isFinite(next)) continue;
    labels.label[at] = next;
    labels.forwardReturn[at] = (close[at + 1] ?? Number.NaN) / (close[at] ?? Number.NaN) - 1;
    labels.knownUs[at] = toUs;
  }
  return labels;
}
