import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Timers } from '../../../ports/clock.ts';
import type { Answer } from '../../rest/answer.ts';
import type { RateWindow } from '../../rest/rate-window.ts';
import type { RestClock } from '../../rest/rest-clock.ts';
import type { RestFault, RestFaults } from '../../rest/rest-faults.ts';
import { RouteTable } from '../../rest/route.ts';
import type { Credentials } from '../../sockets/credentials.ts';
import { sameUrl } from './polygon-cursor.ts';
import { bodyText } from './polygon-numbers.ts';
import {
  errorAnswer,
  notEntitled,
  notFoundAnswer,
  type PolygonRequest,
  type PolygonRoute,
} from './polygon-route.ts';

export interface PolygonDoorOptions {
  readonly routes: readonly PolygonRoute[];
  readonly clock: RestClock;
  readonly timers: Timers;
  readonly credentials: Credentials | undefined;
  readonly window: RateWindow;
  readonly faults: RestFaults;
}

/** Lets requests in: key, path, rate, then the route. Everything is GET and has no body. */
export class PolygonDoor {
  readonly counts = new Map<number, number>();
  /** The last errors that were ours: their requests were answered 500. */
  readonly faults: string[] = [];
  readonly #options: PolygonDoorOptions;
  readonly #routes: RouteTable<PolygonRoute>;
  #requests = 0;

  constructor(options: PolygonDoorOptions) {
    this.#options = options;
    this.#routes = new RouteTable(options.routes);
  }

  /** Whether a path is Polygon's: Alpaca's hosts have others. */
  isFor(url: string): boolean {
    return OURS.some((begin) => url.startsWith(begin));
  }

  serve(message: IncomingMessage, response: ServerResponse): void {
    message.resume();
    this.#requests += 1;
    const request = this.#read(message);
    try {
      this.#serve(request, message, response);
    } catch (error) {
      this.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      if (this.faults.length > FAULTS_MAX) this.faults.shift();
      this.#send(response, errorAnswer(500, request.requestId, 'internal server error'));
    }
  }

  #serve(request: PolygonRequest, message: IncomingMessage, response: ServerResponse): void {
    const { window, faults, timers } = this.#options;
    const { path, nowUs, requestId } = request;
    const method = message.method ?? 'GET';
    const refused = this.#refusal(request, message);
    if (refused !== undefined) return this.#send(response, refused);
    const found = this.#routes.find(method, path);
    if (found.kind !== 'route') return this.#send(response, missing(request, found.kind));
    if (!window.take(nowUs).isAllowed) return this.#send(response, tooMany(requestId));
    const hasToken = request.query.has('cursor');
    const fault = faults.take({ method, path, nowUs, hasToken });
    if (fault?.kind === 'limit') {
      // Some of them come without a body.
      return fault.hasHeaders
        ? this.#send(response, tooMany(requestId))
        : this.#sendText(response, 429, '');
    }
    if (fault?.kind === 'refuse') {
      return this.#send(response, errorAnswer(fault.status, requestId, 'internal server error'));
    }
    const answer = found.route.handle(request, found.parts);
    if (fault === undefined) return this.#send(response, answer);
    if (fault.kind === 'delay') {
      timers.after(fault.ms, () => this.#send(response, answer));
    } else this.#spoil(response, request, answer, fault);
  }

  #spoil(
    response: ServerResponse,
    request: PolygonRequest,
    answer: Answer,
    fault: RestFault,
  ): void {
    switch (fault.kind) {
      case 'drop':
        response.socket?.destroy();
        return;
      case 'garbage':
        return this.#sendText(response, answer.status, fault.text);
      case 'fail':
        return this.#send(
          response,
          errorAnswer(fault.status, request.requestId, 'internal server error'),
        );
      default:
        return this.#send(response, spoiled(request, answer, fault));
    }
  }

  #read(message: IncomingMessage): PolygonRequest {
    const url = message.url ?? '/';
    const mark = url.indexOf('?');
    return {
      path: mark < 0 ? url : url.slice(0, mark),
      query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
      nowUs: this.#options.clock.nowUs(),
      requestId: this.#requests.toString(16).padStart(32, '0'),
      origin: `http://127.0.0.1:${message.socket.localPort ?? 0}`,
    };
  }

  #refusal({ query, requestId }: PolygonRequest, message: IncomingMessage): Answer | undefined {
    const key = query.get('apiKey') ?? bearerOf(message) ?? '';
    const { credentials } = this.#options;
    if (key === '') return errorAnswer(401, requestId, 'API Key was not provided');
    const isKnown = credentials === undefined || key === credentials.key;
    return isKnown ? undefined : errorAnswer(401, requestId, 'Unknown API Key');
  }

  #send(response: ServerResponse, answer: Answer): void {
    this.#sendText(response, answer.status, bodyText(answer.body));
  }

  #sendText(response: ServerResponse, status: number, text: string): void {
    if (response.destroyed || response.headersSent) return;
    this.counts.set(status, (this.counts.get(status) ?? 0) + 1);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
  }
}

const FAULTS_MAX = 20;

const OURS = [
  '/v1/open-close/',
  '/v1/marketstatus/',
  '/v2/aggs/',
  '/v2/snapshot/',
  '/v2/last/',
  '/v2/reference/',
  '/v3/reference/',
  '/v3/trades/',
  '/v3/quotes/',
  '/v3/snapshot',
];

/** Other classes of assets: what such a plan has, this one has not. */
const NOT_ENTITLED = [
  '/v2/aggs/grouped/locale/global/',
  '/v2/snapshot/locale/global/',
  '/v3/snapshot/options',
  '/v3/snapshot/indices',
  '/v3/reference/options',
];

function bearerOf(message: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(message.headers.authorization ?? '')?.[1];
}

function missing({ path, requestId }: PolygonRequest, kind: 'wrongMethod' | 'unknown'): Answer {
  if (kind === 'wrongMethod') return errorAnswer(405, requestId, 'method not allowed');
  const isOther = NOT_ENTITLED.some((begin) => path.startsWith(begin));
  return isOther ? notEntitled(requestId, path) : notFoundAnswer(requestId, `nothing at ${path}`);
}

function tooMany(requestId: string): Answer {
  return errorAnswer(
    429,
    requestId,
    "You've exceeded the maximum requests per minute, please wait or upgrade your subscription.",
  );
}

/** A page made wrong; an answer that is no page stays as it is. */
function spoiled(request: PolygonRequest, answer: Answer, fault: RestFault): Answer {
  const { status, body } = answer;
  if (typeof body !== 'object' || body === null || !('results' in body)) return answer;
  const here = sameUrl(request);
  if (fault.kind === 'repeatToken') return { status, body: { ...body, next_url: here } };
  return { status, body: { ...body, results: [], next_url: here } };
}
