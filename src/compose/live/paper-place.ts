import { createSystemTime, type SkewNews } from '../../actors/services/system-time.ts';
import { LiveError } from './live-error.ts';
import type { LivePlace } from './live-place.ts';

/** What the person has to have set. Their values are never written anywhere. */
export const KEY_VARIABLES = ['APCA_API_KEY_ID', 'APCA_API_SECRET_KEY'] as const;
const [KEY, SECRET] = KEY_VARIABLES;

/**
 * Alpaca's paper account, by the user's own keys from the environment. The same code as at the
 * embedded venue, at other addresses. Throws a `LiveError` where the keys are not there.
 */
export function paperPlace(
  environment: Readonly<Record<string, string | undefined>>,
  feed: string,
  onSkew: (news: SkewNews) => void,
): LivePlace {
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
  const { clock, timers } = createSystemTime({ onSkew });
  return {
    kind: 'paper',
    name: `Alpaca paper, ${feed}`,
    clock,
    timers,
    urls: {
      trading: 'https://paper-api.alpaca.markets',
      data: 'https://data.alpaca.markets',
      orderStream: 'wss://paper-api.alpaca.markets/stream',
      marketStream: `wss://stream.data.alpaca.markets/v2/${feed}`,
      newsStream: 'wss://stream.data.alpaca.markets/v1beta1/news',
    },
    credentials: { keyId, secret },
    instance: '',
    close: async () => undefined,
  };
}

/** A header takes nothing else, and a line break that was copied along is easily overlooked. */
export function isKeyText(value: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(value);
}
