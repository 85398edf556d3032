import type { AccountId, SymbolId } from '../../core/ids.ts';
import type { Money } from '../../core/money.ts';
import { index, integer, list, nested, type RecordOf, text } from '../../core/record.ts';
import { reportFields } from './report.ts';

/** What the broker says is held in one symbol. */
export const heldFields = {
  symbol: index<SymbolId>(),
  /** Negative when short; whole shares. */
  quantity: integer(),
  /** What was paid for it as the broker reckons, rounded to ten-thousandths. */
  cost: integer<Money>(),
} as const;

/**
 * The broker's books at one moment: what reconciliation compares ours with. A query that failed
 * makes no statement: what is not known is not flat.
 */
export const statementFields = {
  account: text<AccountId>(),
  cash: integer<Money>(),
  equity: integer<Money>(),
  positions: list(nested(heldFields), 65_535),
  /** Positions in what has no id here, by the broker's name: never traded, always told. */
  unlisted: list(text(), 65_535),
  /** All that are open, and all that ended since the asker's `sinceUs`, as snapshots. */
  orders: list(nested(reportFields), 65_535),
  venueUs: integer(),
} as const;

export type Statement = RecordOf<typeof statementFields>;
