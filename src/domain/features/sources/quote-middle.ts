/**
 * The middle of a book. A locked book (bid = ask) has one: its price. A book with one side, or a
 * crossed one (bid > ask: one of its quotes is already gone), has none: NaN.
 */
export function middleOf(bid: number, ask: number): number {
  return ask >= bid ? (bid + ask) / 2 : NaN;
}
