import { type ConformanceRow, rowsOf } from '../venue-conformance.ts';

/** What the desk decides: venues.md 4.3 to 4.8 and its share of 4.6 and 10. */
export const ORDER_ROWS: readonly ConformanceRow[] = [...rowsOf('4.3', 'rule', [])];
