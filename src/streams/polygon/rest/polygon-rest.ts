import { doubled } from '../../../core/doubling.ts';
import type { Clock, Timers } from '../../../ports/clock.ts';
import { RequestBudget } from '../../market/request-budget.ts';
import { withoutKey } from '../without-key.ts';
import { nextPage, type NextPage } from './next-page.ts';
import { type Answer, parseExactly, readBody, readFailure } from './polygon-answer.ts';
import { type CallOptions, loadPolygonClient, type PolygonClient } from './polygon-client.ts';
import { PolygonError } from './polygon-error.ts';

export interface PolygonRestOptions {
  /** `https://api.polygon.io`; a venue's address in a simulation. */
  readonly url: string;
  readonly key: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of the plan, in market time. */
  readonly requestsPerMinute: number;
  /** Of each request from its sending to the last byte of its answer, in wall time. */
  readonly timeoutMs?: number;
}

/**
 * One request. What the client takes by place is left out: it stands in `options` as the query,
 * which is the one of `Asked` first, and then the one that the answer before named.
 */
export type Call = (
  client: PolygonClient,
  options: CallOptions,
  page: NextPage | undefined,
) => Promise<unknown>;

export interface Asked {
  readonly query?: NextPage['query'];
  readonly call: Call;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 15_000;
const ATTEMPTS_MAX = 4;
const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;
/** The plan counts in minutes: whoever is told to wait longer is told so, and does not. */
const QUIET_MS_MAX = 70_000;
/** The snapshot of the whole market is some 12 MB. */
const BODY_BYTES_MAX = 256 * 1_024 * 1_024;
/** All tickers are some 12, the trades of a busy day a few tens. */
const PAGES_MAX = 500;

/**
 * Requests over the official client, with what it has not: deadlines, tries, the plan's limit, and
 * pages in their order. No error of the library leaves this file, because it carries the request
 * with its key.
 */
export class PolygonRest {
  readonly #options: PolygonRestOptions;
  readonly #budget: RequestBudget;
  #client: Promise<PolygonClient> | undefined;
  /** Nobody asks before this wall time: the venue said so to one of us. */
  #quietUntilMs = 0;

  constructor(options: PolygonRestOptions) {
    this.#options = options;
    const { clock, timers, requestsPerMinute } = options;
    this.#budget = new RequestBudget(clock, timers, requestsPerMinute);
  }

  /** One answer, or undefined where Polygon knows nothing of it. */
  async ask(asked: Asked): Promise<unknown> {
    return await this.#asked(asked, undefined);
  }

  /** Page after page, in their order; rejects where one is missing. */
  async pages(asked: Asked, take: (body: unknown) => void): Promise<void> {
    let page: NextPage | undefined;
    const seen = new Set<string>();
    for (let number = 0; number < PAGES_MAX; number += 1) {
      const body = await this.#asked(asked, page);
      take(body);
      page = nextPage(body);
      if (page === undefined) return;
      const place = JSON.stringify(page);
      // Any of them: two that name each other in turn never end either.
      if (seen.has(place)) throw failed('the venue repeats a page');
      seen.add(place);
    }
    throw failed(`more than ${PAGES_MAX} pages`);
  }

  async #asked(asked: Asked, page: NextPage | undefined): Promise<unknown> {
    const { signal } = asked;
    this.#client ??= loadPolygonClient(this.#options.url);
    const client = await this.#client;
    for (let attempt = 1; ; attempt += 1) {
      await this.#allowed(signal);
      const answer = await this.#once(client, asked, page);
      switch (answer.kind) {
        case 'body':
          return answer.body;
        case 'nothing':
          return undefined;
        case 'refused':
          if (!answer.isOfKey) throw failed(this.#withoutKey(answer.what));
          throw new PolygonError('POLYGON_KEY_REFUSED', this.#withoutKey(answer.what));
        case 'again':
          if (isGivenUp(signal)) throw failed('given up');
          this.#wait(answer, attempt);
      }
    }
  }

  /** Until the plan allows another request and nobody was told to be quiet. */
  async #allowed(signal: AbortSignal | undefined): Promise<void> {
    const { clock, timers } = this.#options;
    await this.#budget.take();
    for (;;) {
      if (isGivenUp(signal)) throw failed('given up');
      const waitMs = this.#quietUntilMs - clock.wallMs();
      if (waitMs <= 0) return;
      await pauseOr(timers, waitMs, signal);
    }
  }

  async #once(
    client: PolygonClient,
    { query = {}, call, signal }: Asked,
    page: NextPage | undefined,
  ): Promise<Answer> {
    const { key, timers, timeoutMs = TIMEOUT_MS } = this.#options;
    const deadline = new AbortController();
    // The library's own timeout begins anew with every byte.
    const timer = timers.after(timeoutMs, () => deadline.abort());
    const signals = signal === undefined ? [deadline.signal] : [deadline.signal, signal];
    const options: CallOptions = {
      headers: { Authorization: `Bearer ${key}` },
      signal: AbortSignal.any(signals),
      transformResponse: [parseExactly],
      maxContentLength: BODY_BYTES_MAX,
      // The key would go along.
      maxRedirects: 0,
      proxy: false,
      params: page?.query ?? query,
    };
    try {
      return readBody(await call(client, options, page));
    } catch (error) {
      if (!deadline.signal.aborted) return readFailure(error);
      return { kind: 'again', what: `no answer within ${timeoutMs} ms`, waitMs: undefined };
    } finally {
      timer.cancel();
    }
  }

  /** Notes from when on another try may go; throws where none will. */
  #wait({ what, waitMs }: Answer & { readonly kind: 'again' }, attempt: number): void {
    if (attempt >= ATTEMPTS_MAX) throw failed(this.#withoutKey(what));
    const ms = waitMs ?? doubled(RETRY_MS, attempt - 1, RETRY_MS_MAX);
    if (ms > QUIET_MS_MAX) {
      const told = `to be left alone for ${Math.ceil(ms / 1_000)} s`;
      throw failed(`${this.#withoutKey(what)}; the venue asks ${told}`);
    }
    const untilMs = this.#options.clock.wallMs() + ms;
    this.#quietUntilMs = Math.max(this.#quietUntilMs, untilMs);
  }

  #withoutKey(text: string): string {
    return withoutKey(text, this.#options.key);
  }
}

function failed(what: string): PolygonError {
  return new PolygonError('POLYGON_FAILED', `Polygon's REST: ${what}`);
}

function isGivenUp(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Ends early where somebody gives up. */
function pauseOr(timers: Timers, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = timers.after(ms, end);
    signal?.addEventListener('abort', end);
  });
}
