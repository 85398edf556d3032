/** What a venue sent is not a list of messages: what came of the frame before it stands. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code = 'FEED_FRAME_UNREADABLE';
  readonly offset: number;

  constructor(message: string, offset: number, options?: ErrorOptions) {
    super(`${message} at byte ${offset}`, options);
    this.offset = offset;
  }
}
