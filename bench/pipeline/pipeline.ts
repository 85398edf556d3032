import type { Frame } from './tick-frames.ts';
import type { MadeOrders } from './made-order.ts';

/** From the bytes of a frame to those of an order, whoever makes it. */
export interface Pipeline {
  readonly orders: MadeOrders;
  /** From here on it buys: what came before, it learned from. */
  trade(): void;
  /** A frame arrived. */
  hand(frame: Frame): void;
  /** What waits is handled. */
  run(): void;
  /** Of the bodies of all orders. */
  readonly orderBytes: number;
  /** Bytes in a journal; 0 without one. */
  readonly journalBytes: number;
  close(): Promise<void>;
}
