import type { EventBatch } from '../../domain/market/event-batch.ts';

/**
 * Reads one websocket frame into batches. `FrameError` is all that it throws, whatever the bytes;
 * what it had read before stands.
 */
export interface FrameScanner {
  /** A frame came. The bytes are read until `next` answers false or throws. */
  begin(bytes: Uint8Array): void;
  /**
   * Adds events until the frame is over or the batch is full, and answers whether more is to come:
   * a frame larger than a batch takes several.
   */
  next(batch: EventBatch): boolean;
}
