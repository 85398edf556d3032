import { readFileSync } from 'node:fs';
import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { StoreError } from '../../ports/store-error.ts';

export interface QuestDbOptions {
  /** `http://127.0.0.1:9000`, or `https`; who we are is never part of it. */
  readonly url: string;
  /** A user and a password, or a token; where left out, the server asks nobody. */
  readonly login?: QuestDbLogin;
  /** A file of certificates (PEM) that the server's is signed with, besides those of the system. */
  readonly tlsCaFile?: string;
  /** False takes any certificate: for a server on a wire that one trusts. */
  readonly isTlsVerified?: boolean;
  /** A server that says nothing for so long is away. */
  readonly silenceMsMax?: number;
  /** Rows that are written become readable within this, or a reader is told that it is away. */
  readonly applyMsMax?: number;
}

export type QuestDbLogin =
  | { readonly user: string; readonly password: string }
  | { readonly token: string };

/** Where the server is and who we are to it. Only `text` is for people. */
export interface QuestDbPlace {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  readonly text: string;
  readonly login: QuestDbLogin | undefined;
  readonly tlsCaFile: string | undefined;
  readonly isTlsVerified: boolean;
  readonly silenceMsMax: number;
}

const PORT = 9_000;
const SILENCE_MS_MAX = 10_000;

/** Throws `STORE_REFUSED` for what cannot be an address, and never repeats what it was given. */
export function placeOf(options: QuestDbOptions): QuestDbPlace {
  const url = parseUrl(options.url);
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? PORT : Number(url.port);
  const { login, tlsCaFile } = options;
  if (login !== undefined && !isHeader(login)) {
    const wanted = 'a user without a colon and a password, or a token of plain ASCII';
    throw new StoreError('STORE_REFUSED', `QuestDB's login cannot be sent: it is not ${wanted}`);
  }
  return {
    isSecure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    text: `${url.protocol}//${url.hostname}:${port}`,
    login,
    tlsCaFile,
    isTlsVerified: options.isTlsVerified ?? true,
    silenceMsMax: options.silenceMsMax ?? SILENCE_MS_MAX,
  };
}

/** Connections that stay open; each kind of work has its own, so that no one waits for another. */
export function agentOf(place: QuestDbPlace, connectionsMax: number): PlainAgent | TlsAgent {
  const common = { keepAlive: true, maxSockets: connectionsMax, scheduling: 'lifo' as const };
  if (!place.isSecure) return new PlainAgent(common);
  const trust = place.tlsCaFile === undefined ? {} : { ca: certificates(place.tlsCaFile) };
  return new TlsAgent({ ...common, ...trust, rejectUnauthorized: place.isTlsVerified });
}

export function authorization(login: QuestDbLogin): string {
  if ('token' in login) return `Bearer ${login.token}`;
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
}

function parseUrl(text: string): URL {
  const wanted = 'http://host:port or https://host:port, without a user or a password in it';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    /^\/?$/.test(url.pathname);
  if (!isPlain) throw new StoreError('STORE_REFUSED', `QuestDB's address is not ${wanted}`);
  return url;
}

/** Node refuses other header values with an error that quotes them. */
function isHeader(login: QuestDbLogin): boolean {
  if (!('token' in login)) {
    return login.user !== '' && !login.user.includes(':') && login.password !== '';
  }
  return /^[\x21-\x7e]+$/.test(login.token);
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `QuestDB's certificates cannot be read from ${file}`;
    throw new StoreError('STORE_REFUSED', message, { cause: error });
  }
}
