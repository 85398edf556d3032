import { type DefaultApi, restClient } from '@polygon.io/client-js';
import { type RunningVenue, runVenue } from '../src/venue/process/run-venue.ts';
import { POLYGON_KEY } from './polygon-client.ts';
import type { VenueMessage } from './venue-socket.ts';

export interface Answered {
  readonly status: number;
  readonly body: VenueMessage;
  readonly text: string;
}

/** A venue at one in the afternoon whose clock stands, for all that only read of it. */
export class StillVenue {
  #venue: RunningVenue | undefined;

  async start(): Promise<void> {
    this.#venue = await runVenue({
      seed: 6,
      symbols: 80,
      atUsOfDay: 13 * 3_600_000_000,
      isPaused: true,
      extendedHours: true,
    });
  }

  async end(): Promise<void> {
    await this.#venue?.close();
  }

  get url(): string {
    if (this.#venue === undefined) throw new Error('the venue has been started');
    return this.#venue.polygonUrl;
  }

  official(options: { readonly pagination?: boolean } = {}): DefaultApi {
    return restClient(POLYGON_KEY, this.url, options);
  }

  /** What a path is answered, whatever its status. */
  async ask(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { Authorization: `Bearer ${POLYGON_KEY}` },
      ...init,
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body: Object(body), text };
  }

  /** Every page of a list, by following `next_url` as we do it. */
  async pagesOf(path: string): Promise<readonly (readonly VenueMessage[])[]> {
    const pages: VenueMessage[][] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const { body } = await this.ask(next);
      const results: unknown = body['results'];
      if (!Array.isArray(results)) throw new Error(`no results at ${next}`);
      pages.push(results);
      const url = body['next_url'];
      next = typeof url === 'string' ? url.slice(this.url.length) : undefined;
    }
    return pages;
  }
}

/** What a call of the official client fails with. */
export async function failure(call: Promise<unknown>): Promise<Omit<Answered, 'text'>> {
  const error: unknown = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  const { response } = Object(error);
  return { status: response?.status, body: response?.data };
}

/** A page of everything that is listed: its limit is the fifteenth word. */
export function tickersOf(api: DefaultApi, limit: number) {
  const un = undefined;
  return api.listTickers(un, un, un, un, un, un, un, un, un, un, un, un, un, un, limit);
}
