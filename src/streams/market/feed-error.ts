/** The venue will not serve us, and says so for good. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly code = 'FEED_REFUSED';
  /** The same answer would come again. */
  readonly isFinal = true;
}
