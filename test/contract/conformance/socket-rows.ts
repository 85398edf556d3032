import { type ConformanceRow, rowsOf } from '../venue-conformance.ts';

/** What the streams decide: venues.md 2, 3 and their share of 10. */
export const SOCKET_ROWS: readonly ConformanceRow[] = [...rowsOf('2.3', 'rule', [])];
