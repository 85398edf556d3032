import type { Random } from '../../core/random.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { MarketSink, SymbolDirectory } from '../../ports/live-market.ts';
import type { Connect } from '../socket/connection.ts';
import { SOCKET_LIMITS, type SocketLimits } from '../socket/feed-socket.ts';
import type { MarketHistory } from './market-history.ts';
import type { FeedError } from './feed-error.ts';

/** Wall time where nothing else is said. */
export interface MarketLimits extends SocketLimits {
  /** To leave the venue alone that says we are too many, or too fast. */
  readonly slowMsMin: number;
  readonly authMsMax: number;
  readonly ackMsMax: number;
  /** A wanted set that is not served by then is answered as failed; it stays wanted. */
  readonly settleMsMax: number;
  /** A gap is filled by then, or stays one; live bars and trades wait as long. */
  readonly fillMsMax: number;
  /** Market time before now that is fetched at most. */
  readonly fillUsMax: number;
  readonly fillEventsMax: number;
  readonly heldEventsMax: number;
  readonly tradesMax: number;
}

export const MARKET_LIMITS: MarketLimits = {
  ...SOCKET_LIMITS,
  slowMsMin: 30_000,
  authMsMax: 10_000,
  ackMsMax: 5_000,
  // Before the effect's own deadline of 10 s.
  settleMsMax: 8_000,
  fillMsMax: 20_000,
  fillUsMax: 1_800_000_000,
  // 10,000 symbols, each minute of half an hour.
  fillEventsMax: 400_000,
  heldEventsMax: 131_072,
  // Thirty busy symbols for a minute or two; 6 MB.
  tradesMax: 131_072,
};

/** What every market stream is given, whatever its venue. */
export interface MarketOptions {
  /** With the feed's path: `wss://stream.data.alpaca.markets/v2/iex`. */
  readonly url: string;
  /** Of the upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly directory: SymbolDirectory;
  readonly sink: MarketSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly history: MarketHistory;
  readonly limits?: Partial<MarketLimits>;
  /** Is anything to be heard at this moment? Left out: the core session of the calendar. */
  readonly isSessionOpen?: (us: number) => boolean;
  /** Left out: a websocket to `url`. */
  readonly connect?: Connect;
  readonly onHealth?: (state: 'up' | 'degraded', reason: string) => void;
  /** Somebody should look: refused again and again, or a plan that carries less than is wanted. */
  readonly onAlarm?: (reason: string) => void;
  /** Our own code failed; the stream has stopped. */
  readonly onBroken?: (error: Error) => void;
  /** The venue will not serve us; the stream has stopped. */
  readonly onFatal?: (error: FeedError) => void;
}

/** The whole set, and what became of it. */
export type SubscribeResult =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly code: SubscribeFailure; readonly message: string };

export type SubscribeFailure =
  | 'SUBSCRIPTION_LIMIT'
  | 'SUBSCRIPTION_UNSERVED'
  | 'SUBSCRIPTION_SUPERSEDED'
  | 'SUBSCRIPTION_LATE'
  | 'STREAM_STOPPED';
