import type { IncomingHttpHeaders } from 'node:http';

export interface Credentials {
  readonly key: string;
  readonly secret: string;
}

/** What a client showed: a pair, or a token alone, which is then the secret. */
export type Shown = { readonly key?: string | undefined; readonly secret: string };

/** Message form of tokens: `oauth` and `access_token` stand for no key (venues.md 2.3). */
const TOKEN_KEYS: ReadonlySet<string> = new Set(['oauth', 'access_token']);

/** Whether these are the venue's credentials; where it has none, any pair that is not empty. */
export function isValid(shown: Shown, wanted: Credentials | undefined): boolean {
  if (wanted === undefined) return shown.secret !== '' && shown.key !== '';
  const isToken = shown.key === undefined || TOKEN_KEYS.has(shown.key);
  return shown.secret === wanted.secret && (isToken || shown.key === wanted.key);
}

/** Credentials in the upgrade's headers, in any of the three forms; undefined without any. */
export function shownInHeaders(headers: IncomingHttpHeaders): Shown | undefined {
  const key = headers['apca-api-key-id'];
  const secret = headers['apca-api-secret-key'];
  if (typeof key === 'string' || typeof secret === 'string') {
    return { key: String(key ?? ''), secret: String(secret ?? '') };
  }
  const match = /^(Bearer|Basic) +(\S+)$/i.exec(headers.authorization ?? '');
  const token = match?.[2];
  if (token === undefined) return undefined;
  if (match?.[1]?.toLowerCase() === 'bearer') return { secret: token };
  const pair = Buffer.from(token, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return { key: pair.slice(0, Math.max(0, colon)), secret: pair.slice(colon + 1) };
}
