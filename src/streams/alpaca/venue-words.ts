import { field, text, texts } from '../wire/own-fields.ts';
import { CHANNELS, type Listing } from './subscriptions.ts';

/** What the venue says to us, besides market data (venues.md 2.3, 2.6, 12.6). */
export type VenueWord =
  | { readonly kind: 'connected' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'subscribed'; readonly listing: Listing; readonly news: readonly string[] }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  | { readonly kind: 'news'; readonly news: NewsWords }
  | { readonly kind: 'unknown' };

export interface NewsWords {
  readonly id: string;
  readonly headline: string;
  readonly symbols: readonly string[];
  readonly createdAt: string;
}

/** A message that was parsed the slow way. Own fields only, so that no prototype is read. */
export function readWord(message: unknown): VenueWord {
  const type = field(message, 'T');
  switch (type) {
    case 'success':
      switch (field(message, 'msg')) {
        case 'connected':
          return { kind: 'connected' };
        case 'authenticated':
          return { kind: 'authenticated' };
        default:
          return { kind: 'unknown' };
      }
    case 'subscription':
      return {
        kind: 'subscribed',
        listing: Object.fromEntries(
          CHANNELS.map((channel) => [channel, texts(field(message, channel))]),
        ),
        news: texts(field(message, 'news')),
      };
    case 'error': {
      const code = field(message, 'code');
      if (typeof code !== 'number') return { kind: 'unknown' };
      return { kind: 'refused', code, message: text(field(message, 'msg')) ?? '' };
    }
    case 'n': {
      const news = readNews(message);
      return news === undefined ? { kind: 'unknown' } : { kind: 'news', news };
    }
    default:
      return { kind: 'unknown' };
  }
}

/** A story, live or fetched; undefined where it has no id, headline or time. */
export function readNews(message: unknown): NewsWords | undefined {
  const id = field(message, 'id');
  const headline = text(field(message, 'headline'));
  const createdAt = text(field(message, 'created_at'));
  if (typeof id !== 'number' && typeof id !== 'string') return undefined;
  if (headline === undefined || createdAt === undefined) return undefined;
  return { id: String(id), headline, createdAt, symbols: texts(field(message, 'symbols')) };
}
