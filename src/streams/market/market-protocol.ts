import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { Verdict } from '../socket/feed-socket.ts';
import type { BarWindow } from '../wire/bar-window.ts';
import type { FeedCounts } from '../wire/feed-counts.ts';
import type { FrameScanner } from '../wire/frame-scanner.ts';
import type { HistoryBar, HistoryTrade } from './market-history.ts';

/**
 * One venue's language: how it wants to be greeted and asked, and what its words mean. It owns no
 * socket and no time; the stream that speaks it does.
 */
export interface MarketProtocol {
  /** Of the stream, with the feed: `alpaca/iex`. */
  readonly name: string;
  readonly decoder: MarketDecoder;
  readonly subscriptions: Subscriptions;
  /** Said first on every connection. */
  readonly greeting: string;
  /** What to ask for next; undefined while an answer is under way, and when all is asked. */
  ask(): string | undefined;
  /** Hears a message that is no market event, and says what is to be done. */
  hear(message: unknown): Meaning;
  /**
   * The venue has said nothing for as long as an answer may take. True where what has no answer is
   * given up and the rest can go on; false where the connection is to be given up.
   */
  unanswered(): boolean;
}

/** What a message of the venue means to the stream. */
export type Meaning =
  /** A welcome, or what we know already. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'authenticated' }
  /** Something of what was asked for is served. `alarm` where somebody should know of the rest. */
  | { readonly kind: 'answered'; readonly alarm?: string }
  /** Something was refused, and the rest goes on. */
  | { readonly kind: 'refused'; readonly alarm?: string }
  /** This connection is of no use any more. */
  | {
      readonly kind: 'ended';
      readonly reason: string;
      readonly verdict: Verdict;
      /** By its word there are too many of us. */
      readonly isCrowded: boolean;
    }
  /** Known, and of no use here. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'unknown' };

/** Frames to events, live and fetched: what is told twice counts once, whichever way it came. */
export interface MarketDecoder {
  readonly counts: FeedCounts;
  readonly bars: BarWindow;
  begin(bytes: Uint8Array): FrameScanner;
  /** Venue time of a symbol's last trade; 0 before one. */
  tradeUsOf(symbol: number): number;
  /** A minute bar that was fetched; nothing is added where it is known. */
  writeBar(symbol: number, bar: HistoryBar, batch: EventBatch): void;
  writeTrade(symbol: number, trade: HistoryTrade, batch: EventBatch): void;
}

/** What is wanted of the venue, and what of it the venue serves by its own word. */
export interface Subscriptions {
  readonly wanted: readonly string[];
  /** Symbols of `wanted` that are served. */
  readonly served: readonly string[];
  /** Nothing is under way. */
  readonly isSettled: boolean;
  /** The whole set, in order of importance. */
  want(symbols: readonly string[]): void;
  /** A connection begins: the venue knows nothing of the last one. */
  connected(): void;
  settlement(): Settlement;
}

/** What became of what is wanted, once there is nothing left to ask for. */
export interface Settlement {
  readonly served: number;
  /** More than the plan carries: kept for later, in the order of `want`. */
  readonly unfitting: readonly string[];
  /** Asked for, and not served. */
  readonly unserved: readonly string[];
  /** Channels that this feed does not have, or that it refused: `bars`, `trades`, `quotes`. */
  readonly refused: readonly string[];
}
