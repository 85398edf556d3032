import { Random } from '../../src/core/random.ts';
import type { Clock, Timers } from '../../src/ports/clock.ts';
import type { MarketSink, SymbolDirectory } from '../../src/ports/live-market.ts';
import { alpacaMarketStream } from '../../src/streams/alpaca/market-stream.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import { polygonMarketStream } from '../../src/streams/polygon/market-stream.ts';
import type { Connect } from '../../src/streams/socket/connection.ts';
import type { Wire } from './tick-frames.ts';

export interface FedStreamOptions {
  readonly wire: Wire;
  readonly directory: SymbolDirectory;
  readonly sink: MarketSink;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of a venue that is there; left out: `connect` stands for it. */
  readonly url?: string;
  readonly connect?: Connect;
  readonly onHealth: (state: 'up' | 'degraded', reason: string) => void;
}

/** A market stream as a live session has it, of a venue that remembers nothing. */
export function fedStream({ wire, url, connect, ...options }: FedStreamOptions): MarketStream {
  const shared = {
    ...options,
    url: url ?? 'wss://bench',
    random: new Random(7, 2),
    history: NO_HISTORY,
    // Whether a market is mute is found out by asking its history.
    isSessionOpen: () => false,
    limits: { silenceMsMax: SILENCE_MS_MAX },
    ...(connect === undefined ? {} : { connect }),
  };
  if (wire === 'polygon') {
    return polygonMarketStream({ ...shared, key: 'bench', quoteSizes: 'shares' });
  }
  const codec = wire === 'alpaca json' ? 'json' : 'msgpack';
  return alpacaMarketStream({ ...shared, keyId: 'bench', secret: 'bench', feed: 'sip', codec });
}

/** What a venue says to a greeting or a question: yes. */
export function agreeing(text: string): string {
  const asked: Readonly<Record<string, unknown>> = JSON.parse(text);
  const { action, params, ...channels } = asked;
  if (params === undefined) {
    if (action === 'auth') return JSON.stringify([{ T: 'success', msg: 'authenticated' }]);
    return JSON.stringify([{ T: 'subscription', ...channels }]);
  }
  const said = (status: string, message: string) => ({ ev: 'status', status, message });
  if (action === 'auth') return JSON.stringify([said('auth_success', 'authenticated')]);
  const topics = String(params).split(',');
  return JSON.stringify(topics.map((topic) => said('success', `subscribed to: ${topic}`)));
}

const SILENCE_MS_MAX = 600_000;

const NO_HISTORY = {
  minuteBars: () => Promise.resolve(),
  trades: () => Promise.resolve(),
  latestTrades: () => Promise.resolve(new Map<string, number>()),
};
