import type { Config } from '../../cli/config-schema.ts';
import { createSystemTime, type SkewNews } from '../../actors/services/system-time.ts';
import { feedLabel } from '../../cli/config-polygon.ts';
import { LiveError } from './live-error.ts';
import type { LivePlace } from './live-place.ts';

/** What the person has to have set. Their values are never written anywhere. */
export const KEY_VARIABLES = ['APCA_API_KEY_ID', 'APCA_API_SECRET_KEY'] as const;
const [KEY, SECRET] = KEY_VARIABLES;

/** And this one, where market data are Polygon's. */
export const POLYGON_KEY_VARIABLE = 'POLYGON_API_KEY';

/**
 * Alpaca's paper account, by the user's own keys from the environment, on the market data of whom
 * the configuration names. The same code as at the embedded venue, at other addresses. Throws a
 * `LiveError` where the keys are not there.
 */
export function paperPlace(
  environment: Readonly<Record<string, string | undefined>>,
  market: Config['market'],
  onSkew: (news: SkewNews) => void,
): LivePlace {
  const { provider, feed, polygon } = market;
  const keyId = environment[KEY];
  const secret = environment[SECRET];
  if (keyId === undefined || secret === undefined || keyId === '' || secret === '') {
    throw new LiveError('LIVE_KEYS_MISSING', `${KEY} and ${SECRET} are not both set`);
  }
  // Said here, without the value: further down a library would print it.
  for (const [name, value] of [[KEY, keyId] as const, [SECRET, secret] as const]) {
    if (isKeyText(value)) continue;
    throw new LiveError('LIVE_KEYS_MISSING', `${name} holds characters that no key has`);
  }
  const polygonKey = provider === 'polygon' ? polygonKeyOf(environment) : '';
  const { clock, timers } = createSystemTime({ onSkew });
  return {
    kind: 'paper',
    name: `Alpaca paper, ${feedLabel(market)}`,
    clock,
    timers,
    urls: {
      trading: 'https://paper-api.alpaca.markets',
      data: 'https://data.alpaca.markets',
      orderStream: 'wss://paper-api.alpaca.markets/stream',
      marketStream: `wss://stream.data.alpaca.markets/v2/${feed}`,
      newsStream: 'wss://stream.data.alpaca.markets/v1beta1/news',
      polygonStream: stocksOf(polygon.streamUrl),
      polygonRest: polygon.restUrl,
    },
    credentials: { keyId, secret },
    polygonKey,
    instance: '',
    close: async () => undefined,
  };
}

/** The cluster of stocks: an account has one connection to it. */
export function stocksOf(polygonStreamUrl: string): string {
  return `${polygonStreamUrl}/stocks`;
}

function polygonKeyOf(environment: Readonly<Record<string, string | undefined>>): string {
  const key = environment[POLYGON_KEY_VARIABLE];
  if (key === undefined || key === '') {
    const message = `market.provider is polygon, and ${POLYGON_KEY_VARIABLE} is not set`;
    throw new LiveError('LIVE_KEYS_MISSING', message);
  }
  if (isKeyText(key)) return key;
  const message = `${POLYGON_KEY_VARIABLE} holds characters that no key has`;
  throw new LiveError('LIVE_KEYS_MISSING', message);
}

/** A header takes nothing else, and a line break that was copied along is easily overlooked. */
export function isKeyText(value: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(value);
}
