import type { SymbolId } from '../core/ids.ts';
import type { EventBatch } from '../domain/market/event-batch.ts';

/**
 * Where a live stream puts what it received: a direct call, never a mailbox. What is in the batch
 * is copied, so the stream may use it again at once.
 */
export interface MarketSink {
  /**
   * Whole frames in receive order. `pause` asks the stream to stop reading its socket until
   * `onRoom` is called: nothing was dropped yet.
   */
  take(batch: EventBatch): 'more' | 'pause';
  /** Called once when there is room again after a `pause`. */
  onRoom(resume: () => void): void;
}

/** The names a venue uses, and our ids for them: made at the session's start, never changed. */
export interface SymbolDirectory {
  readonly size: number;
  /** Undefined for a name that has no id: what is said of it is counted and dropped. */
  idOf(name: string): SymbolId | undefined;
  nameOf(symbol: SymbolId): string;
}

/** How a stream is doing, for the screen, `status` and the tests. */
export interface StreamHealth {
  readonly name: string;
  readonly state: 'connecting' | 'open' | 'waiting' | 'stopped';
  /** Since the stream began. */
  readonly connections: number;
  readonly frames: number;
  readonly events: number;
  /** Messages of a kind, a symbol or a shape that we do not know. */
  readonly unknown: number;
  readonly duplicates: number;
  readonly gaps: number;
  /** Receive time minus venue time of the last event, market microseconds; NaN before one. */
  readonly lagUs: number;
}
