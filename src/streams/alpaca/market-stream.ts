import type { MarketOptions } from '../market/market-options.ts';
import { MarketStream } from '../market/market-stream.ts';
import { AlpacaProtocol } from './market-protocol.ts';

export interface AlpacaMarketOptions extends MarketOptions {
  readonly keyId: string;
  readonly secret: string;
  /** `iex`, `sip` or another: carried in the stream's name. Never mixed in one session. */
  readonly feed: string;
  readonly codec: 'json' | 'msgpack';
  /** The running day's bars of every symbol, too. */
  readonly hasDailyBars?: boolean;
}

/** Alpaca's live market data (venues.md 2). */
export function alpacaMarketStream(options: AlpacaMarketOptions): MarketStream {
  const { keyId, secret, feed, codec, hasDailyBars = false, directory } = options;
  const headers = { 'Content-Type': `application/${codec}` };
  return new MarketStream(
    { ...options, headers },
    (limits, onMessage) =>
      new AlpacaProtocol({ keyId, secret, feed, hasDailyBars, directory, limits, onMessage }),
  );
}
