import { isRecord, parseJson } from '../../../core/json.ts';

/** What became of one request. */
export type Answer =
  | { readonly kind: 'body'; readonly body: unknown }
  /** Polygon knows nothing of what was asked for. */
  | { readonly kind: 'nothing' }
  /** Another try may do; `waitMs` where the venue says when. */
  | { readonly kind: 'again'; readonly what: string; readonly waitMs: number | undefined }
  | { readonly kind: 'refused'; readonly what: string; readonly isOfKey: boolean };

/** Whole numbers that JSON.parse would round become text first: nanoseconds have 19 digits. */
export function parseExactly(body: unknown): unknown {
  if (typeof body !== 'string') return undefined;
  return parseJson(body.replaceAll(/([[,:]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"'));
}

/** A body that came with 200: the envelope has a word of its own (venues.md 6.2). */
export function readBody(body: unknown): Answer {
  if (!isRecord(body)) {
    const what = body === undefined ? 'an answer that is no JSON' : 'an answer of another shape';
    return { kind: 'again', what, waitMs: undefined };
  }
  const { status } = body;
  if (status === 'NOT_FOUND') return { kind: 'nothing' };
  if (status !== 'ERROR' && status !== 'NOT_AUTHORIZED') return { kind: 'body', body };
  return { kind: 'refused', what: wordOf(body) ?? status, isOfKey: status === 'NOT_AUTHORIZED' };
}

/** What the library rejected with: axios's own error, or something of ours. */
export function readFailure(error: unknown): Answer {
  const response = isRecord(error) ? error['response'] : undefined;
  if (!isRecord(response)) {
    // No answer at all. A message of the network names an address and a port, and no query.
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'again', what, waitMs: undefined };
  }
  const { status, data, headers } = response;
  const what = [`status ${String(status)}`, wordOf(data)].filter(Boolean).join(': ');
  if (status === 404) return { kind: 'nothing' };
  if (status === 429) return { kind: 'again', what, waitMs: retryAfterMs(headers) };
  if (typeof status !== 'number' || status >= 500 || status === 408) {
    return { kind: 'again', what, waitMs: retryAfterMs(headers) };
  }
  return { kind: 'refused', what, isOfKey: status === 401 || status === 403 };
}

const WORD_MAX = 200;

function wordOf(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const word = body['error'] ?? body['message'];
  return typeof word === 'string' ? word.slice(0, WORD_MAX) : undefined;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: unknown): number | undefined {
  const value = isRecord(headers) ? headers['retry-after'] : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - Date.now());
}
