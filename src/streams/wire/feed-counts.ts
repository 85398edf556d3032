/** What a feed has sent so far, and what became of it: nothing is dropped that is not counted. */
export class FeedCounts {
  frames = 0;
  events = 0;
  /** Messages of these channels, whatever became of them: what proves that a channel lives. */
  trades = 0;
  quotes = 0;
  bars = 0;
  /** Times that the venue refused something. */
  refusals = 0;
  /** Times that data were lost, and of those the ones that could not be fetched afterwards. */
  gaps = 0;
  unfilled = 0;
  /** Messages of a kind that we do not know, or without one. */
  unknownKinds = 0;
  /** Of a symbol that has no id. */
  unknownSymbols = 0;
  /** Exchanges, conditions and status codes that we do not know; the event was taken. */
  unknownCodes = 0;
  /** Known, and of no use here: imbalances, order books, statuses that change nothing. */
  unused = 0;
  /** A field is missing or impossible; the event was dropped. */
  malformed = 0;
  /** Frames that are no list of messages. */
  unreadable = 0;
  duplicates = 0;
  /** Older than the one of the same symbol and kind before it; taken all the same. */
  outOfOrder = 0;
  /** Bars older than the window of those that were taken; dropped. */
  lateBars = 0;
  /** Further ahead of our clock than a venue's clock may be (RELIABILITY D11). */
  ahead = 0;

  /** For `StreamHealth`: a kind, a symbol, a code or a shape that we do not know. */
  get unknown(): number {
    const unreadable = this.malformed + this.unreadable;
    return this.unknownKinds + this.unknownSymbols + this.unknownCodes + unreadable;
  }
}
