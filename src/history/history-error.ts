/** A file of history that cannot be read at all. What is wrong inside one is a fault. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code = 'HISTORY_UNREADABLE';
}
