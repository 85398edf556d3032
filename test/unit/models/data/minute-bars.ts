import { present } from '../../../../src/core/assert.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import type { LabelBars } from '../../../../src/models/data/labels.ts';

/** Monday and Tuesday. */
export const MONDAY = present(tradingDay(20180305), 'a session');
export const TUESDAY = present(tradingDay(20180306), 'a session');

/** The close of a minute of a session, from 1 on. */
export function minuteUs(minute: number, day = MONDAY): number {
  return day.openUs + minute * MINUTE;
}

/** Bars that open where the one before closed, with nothing above or below. */
export function closesAt(times: readonly number[], closes: readonly number[]): LabelBars {
  const close = Float64Array.from(closes);
  const open = close.map((value, at) => close[at - 1] ?? value);
  return {
    closeUs: Float64Array.from(times),
    open,
    high: close.map((value, at) => Math.max(value, open[at] ?? value)),
    low: close.map((value, at) => Math.min(value, open[at] ?? value)),
    close,
  };
}
