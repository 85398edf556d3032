import type { MarketOptions } from '../market/market-options.ts';
import { MarketStream } from '../market/market-stream.ts';
import { connectWebSocket } from '../socket/connect-websocket.ts';
import type { Connect } from '../socket/connection.ts';
import { PolygonDecoder } from './feed-decoder.ts';
import { PolygonProtocol } from './market-protocol.ts';
import { withoutKey } from './without-key.ts';

export interface PolygonMarketOptions extends MarketOptions {
  readonly key: string;
  /** What the sizes of quotes count. The venue's documents differ, so its user says it. */
  readonly quoteSizes: 'shares' | 'lots';
  /** Bars of each second of the wanted symbols, too. */
  readonly hasSecondBars?: boolean;
}

/**
 * Polygon's live stocks (venues.md 6.1), which is called Massive now. An account has one connection
 * to them: whoever makes a second stream takes the first one's.
 */
export function polygonMarketStream(options: PolygonMarketOptions): MarketStream {
  const { key, quoteSizes, hasSecondBars = false, directory } = options;
  const { url, headers = {} } = options;
  const connect = hiding(key, options.connect ?? connectWebSocket({ url, headers }));
  return new MarketStream({ ...options, connect }, ({ tradesMax, slowMsMin }, onMessage) => {
    const takesSeconds = hasSecondBars;
    const parts = { directory, tradesMax, quoteSizes, takesSeconds, onMessage };
    const decoder = new PolygonDecoder(parts);
    return new PolygonProtocol({ key, decoder, hasSecondBars, slowMsMin });
  });
}

/** A last word may repeat what it refuses. */
function hiding(key: string, connect: Connect): Connect {
  return (listener) =>
    connect({
      ...listener,
      closed: (code, reason) => listener.closed(code, withoutKey(reason, key)),
    });
}
