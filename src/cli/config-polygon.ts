import { z } from 'zod';

/** An address without a path: a key goes there, so it is written in the clear to nobody else. */
const origin = (secure: 'wss' | 'https', usual: string) => {
  const plain = secure === 'wss' ? 'ws' : 'http';
  const host = String.raw`[a-z0-9.-]{1,253}(?::\d{1,5})?`;
  const own = String.raw`(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?`;
  return z
    .string()
    .regex(
      new RegExp(`^(?:${secure}://${host}|${plain}://${own})$`),
      `must be ${secure}://HOST without path, user or key`,
    )
    .default(usual);
};

/** Where Polygon's market data come from, and what the plan carries. */
export const polygonSection = z.strictObject({
  streamUrl: origin('wss', 'wss://socket.polygon.io'),
  restUrl: origin('https', 'https://api.polygon.io'),
  quoteSizes: z.enum(['shares', 'lots']).default('shares'),
  requestsPerMinute: z.int().min(1).max(100_000).default(3_000),
});

/** What the stores call a feed: two that tell of the same trades make different bars of them. */
export function feedLabel({ provider, feed }: Pick<Sourced, 'provider' | 'feed'>): string {
  return provider === 'alpaca' ? feed : `${provider}-${feed}`;
}

interface Sourced {
  readonly provider: 'alpaca' | 'polygon';
  readonly feed: string;
  readonly codec: string;
  readonly polygon: { readonly streamUrl: string };
}

type Check = [
  holds: (market: Sourced) => boolean,
  fault: { path: string[]; params: { other: string }; message: string },
];

/** Shown where the later of the two was set: a setting that would do nothing is none. */
function fault(key: string, other: string, message: string): Check[1] {
  return { path: [key], params: { other }, message };
}

export function feedOfPolygon(): Check {
  const message = 'must be sip or delayed_sip with provider polygon, which has the whole market';
  return [
    ({ provider, feed }) => provider !== 'polygon' || feed !== 'iex',
    fault('feed', 'provider', message),
  ];
}

export function codecOfPolygon(): Check {
  const message = 'must be json with provider polygon, which speaks nothing else';
  return [
    ({ provider, codec }) => provider !== 'polygon' || codec === 'json',
    fault('codec', 'provider', message),
  ];
}

/** Its own two hosts; what stands behind another address is not ours to know. */
const HOST = /^wss:\/\/(socket|delayed)\.(?:polygon\.io|massive\.com)$/;

export function hostOfPolygon(): Check {
  const message = 'must be delayed_sip with wss://delayed.polygon.io, and sip with wss://socket';
  return [
    ({ provider, feed, polygon }) => {
      const host = HOST.exec(polygon.streamUrl)?.[1];
      if (provider !== 'polygon' || host === undefined) return true;
      return (host === 'delayed') === (feed === 'delayed_sip');
    },
    fault('feed', 'polygon', `${message}.polygon.io`),
  ];
}
