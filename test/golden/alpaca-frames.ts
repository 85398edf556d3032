import type { ReferenceEvent } from '../reference/alpaca-events.ts';

/** A frame as it comes over the wire, and what it has to become. */
export interface GoldenFrame {
  readonly codec: 'json' | 'msgpack';
  /** JSON as text, MessagePack as hexadecimal digits. */
  readonly frame: string;
  readonly events: readonly GoldenEvent[];
  /** Messages that are no market events. */
  readonly words: readonly unknown[];
}

export interface GoldenEvent extends ReferenceEvent {
  readonly exchange: number;
}

export const GOLDEN_SYMBOLS = ['AAPL', 'SPY', 'XYZ', 'EEM', 'BTC/USD', 'BRK.A', 'MSFT'] as const;
