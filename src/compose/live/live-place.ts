import type { Clock, Timers } from '../../ports/clock.ts';

/** Where a live session trades: an exchange's addresses, our keys to it, and its time. */
export interface LivePlace {
  readonly kind: 'sim' | 'paper';
  /** For people: `embedded venue, seed 7, x60` or `Alpaca paper`. */
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly urls: PlaceUrls;
  readonly credentials: Credentials;
  /** Polygon's; empty where nobody asks it. */
  readonly polygonKey: string;
  /** Tells this venue from another with the same accounts; empty where there is only one. */
  readonly instance: string;
  /** Breaks the market data connection from outside, where the place can: for `--crash`. */
  readonly dropMarketData?: () => Promise<void>;
  /** Lets go of the place; a venue that was started for this session ends. */
  close(): Promise<void>;
}

/** REST addresses without a path; sockets with theirs. */
export interface PlaceUrls {
  readonly trading: string;
  readonly data: string;
  readonly orderStream: string;
  readonly marketStream: string;
  readonly newsStream: string;
  readonly polygonStream: string;
  readonly polygonRest: string;
}

export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
}
