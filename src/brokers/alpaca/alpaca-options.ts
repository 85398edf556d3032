import type { AccountId } from '../../core/ids.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { ServicePolicy } from '../../ports/service.ts';
import type { StreamTimes } from './update-stream.ts';

export interface AlpacaBrokerOptions {
  /** Unique in the tree. */
  readonly name: string;
  readonly account: AccountId;
  /** `https://paper-api.alpaca.markets` */
  readonly tradingUrl: string;
  /** `wss://paper-api.alpaca.markets/stream` */
  readonly streamUrl: string;
  readonly keyId: string;
  readonly secret: string;
  readonly symbols: SymbolDirectory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly policy: ServicePolicy;
  /** The venue's own limit is 200 a minute of its time. */
  readonly requestsPerMinute: number;
  /** Of those, kept for cancels, exits and enquiries. */
  readonly requestsKept: number;
  /** Wall time in which an order's request is answered or given up; just under the router's. */
  readonly orderMsMax: number;
  /** The same for a statement, and for finding out what happened in a gap. */
  readonly statementMsMax: number;
  /** Wall time to the first update about an order that was taken; else the stream is mute. */
  readonly firstWordMsMax: number;
  readonly stream: StreamTimes;
  /** In 0 .. 1: spreads reconnections. Default `Math.random`. */
  readonly chance?: () => number;
}
