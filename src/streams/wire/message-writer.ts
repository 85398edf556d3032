import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { FeedCounts } from './feed-counts.ts';
import type { MessageFields } from './message-fields.ts';

/** Makes events of the fields of messages, whatever the codec was. */
export interface MessageWriter {
  readonly counts: FeedCounts;
  /**
   * Adds the message's event to a batch that has room. Answers true where the message is for
   * somebody else: a word of the venue to us, or news.
   */
  write(fields: MessageFields, batch: EventBatch): boolean;
  /** Did a message make one event more than the batch had room for? */
  readonly isHolding: boolean;
  /** Adds that event to a batch that has room. */
  release(batch: EventBatch): void;
}
