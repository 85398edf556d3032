import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECOND } from '../../core/time.ts';
import type { Timers } from '../../ports/clock.ts';
import { type Credentials, isValid, shownInHeaders } from '../sockets/credentials.ts';
import { absentAnswer } from './absent-routes.ts';
import { type Answer, notFound, refusal } from './answer.ts';
import { FIRST_PAGE } from './page-token.ts';
import type { RateStand, RateWindow } from './rate-window.ts';
import { type BodyRead, readBody } from './read-body.ts';
import type { RestFault, RestFaults } from './rest-faults.ts';
import type { RestClock } from './rest-clock.ts';
import type { Found, HostSide, RouteTable } from './route.ts';

export interface DoorOptions {
  readonly routes: RouteTable;
  readonly clock: RestClock;
  readonly timers: Timers;
  readonly credentials: Credentials | undefined;
  readonly windows: Readonly<Record<HostSide, RateWindow>>;
  readonly hasRetryAfter: boolean;
  readonly faults: RestFaults;
  readonly bodyBytesMax: number;
}

/**
 * Lets requests in, in the venue's order: key, path, rate, body, then the route. Every answer
 * carries the rate headers and an id.
 */
export class RestDoor {
  readonly counts = new Map<number, number>();
  /** The last errors that were ours, for the admin port: their requests were answered 500. */
  readonly faults: string[] = [];
  readonly #options: DoorOptions;
  #requests = 0;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Never rejects: a fault of ours is a 500 to one client, and the others are served on. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(message, response);
    } catch (error) {
      this.#fail(response, error);
    }
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, this.#options.bodyBytesMax);
    if (body.kind === 'aborted') return;
    const { clock, windows, faults, timers } = this.#options;
    const { path, query } = splitUrl(message.url ?? '/');
    const method = message.method ?? 'GET';
    const nowUs = clock.nowUs();
    const side = sideOf(path);
    const send = (answer: Answer, stand: RateStand, extras: Headers = {}) =>
      this.#send(response, answer, { ...rateHeaders(stand), ...extras });

    const early = this.#beforeCounting(message, path, method);
    if ('answer' in early) return send(early.answer, windows[side].look(nowUs));
    const stand = windows[early.found.route.side].take(nowUs);
    if (!stand.isAllowed) return send(RATE_EXCEEDED, stand, this.#retryAfter(stand, nowUs));
    const bad = badBody(body);
    if (bad !== undefined) return send(bad, stand);

    const token = query.get('page_token') ?? '';
    const fault = faults.take({ method, path, nowUs, hasToken: token !== '' });
    const refused = fault === undefined ? undefined : refusalOf(fault);
    if (refused !== undefined) {
      // A proxy in between knows neither the limits nor our ids.
      if (fault?.kind === 'limit' && !fault.hasHeaders) return plainSend(response, refused);
      return send(refused, stand, fault?.kind === 'limit' ? this.#retryAfter(stand, nowUs) : {});
    }
    const value = body.kind === 'body' ? body.value : undefined;
    const { route, parts } = early.found;
    const answer = route.handle({ query, body: value, nowUs }, parts);
    switch (fault?.kind) {
      case 'drop':
        response.socket?.destroy();
        return;
      case 'delay':
        timers.after(fault.ms, () => send(answer, stand));
        return;
      case 'garbage':
        return this.#sendText(response, answer.status, fault.text, rateHeaders(stand));
      case 'fail':
        return send(serverError(fault.status), stand);
      default:
        return send(fault === undefined ? answer : spoiled(answer, fault, token), stand);
    }
  }

  /** What is answered without counting: no key, no such path. */
  #beforeCounting(
    message: IncomingMessage,
    path: string,
    method: string,
  ): { readonly answer: Answer } | { readonly found: Extract<Found, { kind: 'route' }> } {
    const shown = shownInHeaders(message.headers);
    if (shown === undefined || !isValid(shown, this.#options.credentials)) {
      return { answer: refusal(401, 40110000, 'access key verification failed') };
    }
    const found = this.#options.routes.find(method, path);
    switch (found.kind) {
      case 'route':
        return { found };
      case 'wrongMethod':
        return { answer: refusal(405, 40510000, 'method not allowed') };
      case 'unknown':
        return { answer: absentAnswer(path) ?? notFound('endpoint not found') };
    }
  }

  #fail(response: ServerResponse, error: unknown): void {
    this.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (this.faults.length > FAULTS_MAX) this.faults.shift();
    if (response.headersSent) response.destroy();
    else this.#send(response, serverError(500), {});
  }

  #retryAfter(stand: RateStand, nowUs: number): Headers {
    if (!this.#options.hasRetryAfter) return {};
    const marketSeconds = stand.resetSeconds - nowUs / SECOND;
    return { 'Retry-After': String(Math.ceil(marketSeconds / this.#options.clock.speed)) };
  }

  #send(response: ServerResponse, answer: Answer, headers: Headers): void {
    if (answer.body === undefined || answer.status === 204)
      return this.#sendText(response, answer.status, '', headers);
    const text = JSON.stringify(answer.body);
    this.#sendText(response, answer.status, text, { ...headers, ...JSON_TYPE });
  }

  #sendText(response: ServerResponse, status: number, text: string, headers: Headers): void {
    if (response.destroyed) return;
    this.counts.set(status, (this.counts.get(status) ?? 0) + 1);
    this.#requests += 1;
    const id = this.#requests.toString(16).padStart(32, '0');
    response.writeHead(status, { 'X-Request-ID': id, ...headers }).end(text);
  }
}

type Headers = Readonly<Record<string, string>>;

const FAULTS_MAX = 20;

const JSON_TYPE: Headers = { 'Content-Type': 'application/json; charset=utf-8' };

/** A real 429, or a fault's: the reference has both texts. */
const RATE_EXCEEDED = refusal(429, 42910000, 'rate limit exceeded');

function rateHeaders({ limit, remaining, resetSeconds }: RateStand): Headers {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(resetSeconds),
  };
}

/** The host that a path would be on: for answers that are not counted. */
function sideOf(path: string): HostSide {
  return path.startsWith('/v1') || path.startsWith('/v2/stocks') ? 'data' : 'trading';
}

function badBody(body: BodyRead): Answer | undefined {
  if (body.kind === 'oversized') return refusal(413, 41310000, 'request body too large');
  if (body.kind === 'bad') return refusal(400, 40010000, 'request body format is invalid');
  return undefined;
}

/** Not by URL, which throws on what some clients send. */
function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

/** What a fault answers before the request took effect. */
function refusalOf(fault: RestFault): Answer | undefined {
  if (fault.kind === 'limit') return RATE_EXCEEDED;
  return fault.kind === 'refuse' ? serverError(fault.status) : undefined;
}

function serverError(status: number): Answer {
  return refusal(status, status * 100_000, 'internal server error');
}

function plainSend(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, JSON_TYPE).end(JSON.stringify(answer.body));
}

/** A page made wrong; an answer that is no page stays as it is. */
function spoiled(answer: Answer, fault: RestFault, token: string): Answer {
  const { status, body } = answer;
  if (!isPage(body)) return answer;
  if (fault.kind === 'repeatToken') return { status, body: { ...body, next_page_token: token } };
  if (fault.kind !== 'emptyPage') return answer;
  const entries = Object.entries(body).map(([key, value]): readonly [string, unknown] => [
    key,
    emptied(value),
  ]);
  const next = token === '' ? FIRST_PAGE : token;
  return { status, body: { ...Object.fromEntries(entries), next_page_token: next } };
}

function isPage(body: unknown): body is object {
  return typeof body === 'object' && body !== null && 'next_page_token' in body;
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === 'object' && value !== null ? {} : value;
}
