import { oneOf, type ValueOf } from '../../core/record.ts';

/**
 * Why risk said no. A refusal is an answer, not an accident: it is recorded with the numbers that
 * decided it, and `strata explain` prints it.
 */
export const refusalCode = oneOf(
  'HALTED',
  'BANNED',
  'HANDS_OFF',
  'NO_QUOTE',
  'QUOTE_STALE',
  'BAR_STALE',
  'QUOTE_CROSSED',
  'SYMBOL_HALTED',
  'LIMIT_BAND',
  'SPREAD_WIDE',
  'NOT_TRADABLE',
  'MARKET_CLOSED',
  'ORDER_OPEN',
  'POSITION_OPEN',
  'NOTHING_TO_CLOSE',
  'POSITIONS_MAX',
  'POSITION_NOTIONAL_MAX',
  'ORDER_NOTIONAL_MAX',
  'SECTOR_MAX',
  'EXPOSURE_MAX',
  'CASH_SHORT',
  'SIZE_ZERO',
  'ENTRIES_MAX',
  'RATE_MAX',
  'SYMBOL_QUARANTINED',
  'REDUCE_ONLY',
  'NOT_RECONCILED',
  'NO_SLOT',
  'ENDING',
  'POLICY',
);

export type RefusalCode = ValueOf<typeof refusalCode>;
