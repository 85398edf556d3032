import type { DateNumber } from '../../core/time.ts';

/** One day of one symbol. Prices in ten-thousandths of a dollar, volume in shares. */
export type DailyBar = {
  readonly date: DateNumber;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
