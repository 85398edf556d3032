import {
  createAcceleratedClock,
  createTimers,
  type SkewNews,
} from '../../actors/services/system-time.ts';
import { isRecord } from '../../core/json.ts';
import { LiveError } from './live-error.ts';
import type { LivePlace } from './live-place.ts';
import { stocksOf } from './paper-place.ts';

/** A port of this machine answers at once, or is another program's. Wall time. */
export const ADMIN_MS_MAX = 5_000;

/** What the admin port of a venue says of itself, as far as an engine needs it. */
interface VenueWord {
  readonly name: string;
  readonly instance: string;
  readonly marketUs: number;
  readonly atWallEpochMs: number;
  readonly speed: number;
  readonly urls: Readonly<Record<VenueUrl, string>>;
}

const VENUE_URLS = [
  'tradingUrl',
  'dataUrl',
  'streamUrl',
  'dataStreamUrl',
  'newsUrl',
  'polygonUrl',
  'polygonStreamUrl',
] as const;
type VenueUrl = (typeof VENUE_URLS)[number];

export interface SimPlaceOptions {
  /** `http://127.0.0.1:7003` */
  readonly adminUrl: string;
  readonly credentials: LivePlace['credentials'];
  readonly onSkew: (news: SkewNews) => void;
  /** Ends the venue, where it is ours to end. */
  readonly close?: () => Promise<void>;
}

/**
 * A venue that runs, by its admin address. Its market time is ours: both are the same function of
 * the clock on the wall. Rejects with a `LiveError` where nothing answers that is a venue.
 */
export async function simPlace(options: SimPlaceOptions): Promise<LivePlace> {
  const { adminUrl, credentials, onSkew, close } = options;
  const word = parseWord(await ask(adminUrl, '/admin/state'));
  if (word === undefined) {
    throw new LiveError('VENUE_UNREACHABLE', `${adminUrl} answers, but not as a venue`);
  }
  const { marketUs, atWallEpochMs, speed, urls, name, instance } = word;
  return {
    kind: 'sim',
    name,
    clock: createAcceleratedClock({ marketUs, atWallEpochMs, speed, onSkew }),
    timers: createTimers(),
    urls: {
      trading: urls.tradingUrl,
      data: urls.dataUrl,
      orderStream: urls.streamUrl,
      marketStream: urls.dataStreamUrl,
      newsStream: urls.newsUrl,
      polygonStream: stocksOf(urls.polygonStreamUrl),
      polygonRest: urls.polygonUrl,
    },
    credentials,
    // One account, whichever of its protocols is spoken.
    polygonKey: credentials.keyId,
    instance,
    dropMarketData: async () => {
      // Whichever of the two the session listens to.
      for (const stream of ['data', 'polygon']) {
        await ask(adminUrl, '/admin/chaos', { action: 'drop', stream });
      }
    },
    close: close ?? (async () => undefined),
  };
}

async function ask(adminUrl: string, path: string, body?: unknown): Promise<unknown> {
  const signal = AbortSignal.timeout(ADMIN_MS_MAX);
  const post = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal,
  };
  try {
    const response = await fetch(new URL(path, adminUrl), body === undefined ? { signal } : post);
    return await response.json();
  } catch (error) {
    const message = `no venue answers at ${adminUrl}`;
    throw new LiveError('VENUE_UNREACHABLE', message, { cause: error });
  }
}

function parseWord(state: unknown): VenueWord | undefined {
  if (!isRecord(state) || !isRecord(state['clock']) || !isRecord(state['urls'])) return undefined;
  const { marketUs, wallMs, speed } = state['clock'];
  const found = state['urls'];
  const urls: Partial<Record<VenueUrl, string>> = {};
  for (const name of VENUE_URLS) {
    const url = found[name];
    if (typeof url !== 'string') return undefined;
    urls[name] = url;
  }
  if (!isNumber(marketUs) || !isNumber(wallMs) || !isNumber(speed)) return undefined;
  if (!isWhole(urls)) return undefined;
  const { name, instance } = state;
  if (typeof name !== 'string' || typeof instance !== 'string') return undefined;
  return { name, instance, marketUs, atWallEpochMs: wallMs, speed, urls };
}

function isWhole(urls: Partial<Record<VenueUrl, string>>): urls is Record<VenueUrl, string> {
  return VENUE_URLS.every((name) => urls[name] !== undefined);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
