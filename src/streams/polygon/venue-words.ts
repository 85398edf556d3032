import { field, text } from '../wire/own-fields.ts';

/** What the venue says to us besides market data: the statuses of venues.md 6.1. */
export type VenueWord =
  | { readonly kind: 'connected' }
  | { readonly kind: 'authenticated' }
  | {
      readonly kind: 'acked';
      readonly action: 'subscribe' | 'unsubscribe';
      readonly topics: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly status: 'auth_failed' | 'auth_timeout' | 'max_connections' | 'error';
      readonly message: string;
    }
  /** No status: news, and whatever else is no event of ours. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown' };

export function readWord(message: unknown): VenueWord {
  if (field(message, 'ev') !== 'status') return { kind: 'other' };
  const words = text(field(message, 'message')) ?? '';
  const status = field(message, 'status');
  switch (status) {
    case 'connected':
      return { kind: 'connected' };
    case 'auth_success':
      return { kind: 'authenticated' };
    case 'auth_failed':
    case 'auth_timeout':
    case 'max_connections':
    case 'error':
      return { kind: 'refused', status, message: words };
    case 'success':
      return readAck(words);
    default:
      return { kind: 'unknown' };
  }
}

/** `subscribed to: T.AAPL`, and more than one where a venue should ever say so. */
function readAck(message: string): VenueWord {
  const match = /^(un)?subscribed to:\s*(\S.*)$/.exec(message);
  if (match === null) return { kind: 'unknown' };
  const topics = (match[2] ?? '').split(',').map((topic) => topic.trim());
  return { kind: 'acked', action: match[1] === undefined ? 'subscribe' : 'unsubscribe', topics };
}
