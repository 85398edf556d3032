/** Zeros behind a frame: a few bytes may be read past its end, and tell nothing there. */
const PADDING = 64;
const ROOM_BYTES = 64 * 1_024;

/**
 * A frame, copied: what reads it always sees the same array, whatever the frame came in, and zeros
 * behind its end. The room grows with the largest frame and is kept.
 */
export class FrameBytes {
  bytes: Uint8Array = new Uint8Array(ROOM_BYTES);
  /** The same bytes. */
  view: DataView = new DataView(this.bytes.buffer);
  /** The frame's length. */
  end = 0;

  load(frame: Uint8Array): void {
    const end = frame.length;
    if (end + PADDING > this.bytes.length) this.#grow(end + PADDING);
    this.bytes.set(frame);
    this.bytes.fill(0, end, end + PADDING);
    this.end = end;
  }

  #grow(size: number): void {
    let room = this.bytes.length;
    while (room < size) room *= 2;
    this.bytes = new Uint8Array(room);
    this.view = new DataView(this.bytes.buffer);
  }
}
