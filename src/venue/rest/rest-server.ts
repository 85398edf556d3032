import { createServer, type RequestListener, type Server } from 'node:http';
import { assert } from '../../core/assert.ts';
import type { Timers } from '../../ports/clock.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import type { Credentials } from '../sockets/credentials.ts';
import { actionRoutes } from './action-routes.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { deskRoutes } from './desk-routes.ts';
import { metaRoutes } from './meta-routes.ts';
import { newsRoutes } from './news-routes.ts';
import type { OrderDesk } from './order-desk.ts';
import { RateWindow } from './rate-window.ts';
import type { RestClock } from './rest-clock.ts';
import { RestDoor } from './rest-door.ts';
import { NO_FAULTS, type RestFaults } from './rest-faults.ts';
import { type Route, RouteTable } from './route.ts';
import { screenerRoutes } from './screener-routes.ts';
import type { DataPlan } from './stock-query.ts';
import { stockRoutes } from './stock-routes.ts';

export interface RestServerOptions {
  readonly desk: OrderDesk;
  readonly archive: MarketArchive;
  readonly clock: RestClock;
  /** Wall time, for answers that are made to come late. */
  readonly timers: Timers;
  /** Without them any pair that is not empty is let in. */
  readonly credentials?: Credentials | undefined;
  /** Default `basic`. */
  readonly plan?: DataPlan | undefined;
  /** On each of the two hosts (venues.md 4.6). Default 200. */
  readonly requestsPerMinute?: number | undefined;
  /** Whether a 429 says when to come again. Default true. */
  readonly hasRetryAfter?: boolean | undefined;
  readonly faults?: RestFaults | undefined;
  /** Another protocol on the same port, by the paths that it has to itself. */
  readonly other?: OtherDoor | undefined;
  /** Default one megabyte. */
  readonly bodyBytesMax?: number | undefined;
}

export interface OtherDoor {
  isFor(url: string): boolean;
  serve(...exchange: Parameters<RequestListener>): void;
}

export interface RestServer {
  /** Both hosts of the venue; also for a server that somebody else listens on. */
  readonly http: Server;
  readonly port: number;
  /** Answers by status since the beginning. */
  readonly counts: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

export interface RestListener {
  /** For a server of one's own; it should take headers of `HEADER_BYTES_MAX`. */
  readonly listener: RequestListener;
  /** Answers by status since the beginning. */
  readonly counts: ReadonlyMap<number, number>;
  /** The last errors that were ours. */
  readonly faults: readonly string[];
}

/** Everything that is served, on both hosts. */
export function restRoutes(options: RestServerOptions): readonly Route[] {
  const { archive, clock, desk } = options;
  return [
    ...deskRoutes(desk),
    ...calendarRoutes(() => clock.toldUs?.() ?? clock.nowUs()),
    ...stockRoutes(archive, options.plan ?? 'basic'),
    ...newsRoutes(archive),
    ...actionRoutes(archive),
    ...screenerRoutes(archive),
    ...metaRoutes(),
  ];
}

/** The venue's two REST hosts in one: their paths do not meet. */
export function createRestListener(options: RestServerOptions): RestListener {
  const { clock } = options;
  const limit = options.requestsPerMinute ?? 200;
  const routes = new RouteTable(restRoutes(options));
  const door = new RestDoor({
    routes,
    clock,
    timers: options.timers,
    credentials: options.credentials,
    windows: { trading: new RateWindow(limit), data: new RateWindow(limit) },
    hasRetryAfter: options.hasRetryAfter ?? true,
    faults: options.faults ?? NO_FAULTS,
    bodyBytesMax: options.bodyBytesMax ?? BODY_BYTES_MAX,
  });
  return {
    listener: (message, response) => {
      const isOther = options.other?.isFor(message.url ?? '/') === true;
      if (isOther) options.other?.serve(message, response);
      else void door.serve(message, response);
    },
    counts: door.counts,
    faults: door.faults,
  };
}

/** The same as a server of its own. */
export function createRestServer(options: RestServerOptions) {
  const { listener, counts, faults } = createRestListener(options);
  const http = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, listener);
  return {
    http,
    counts,
    faults,
    listen: (port: number, host = '127.0.0.1') => listen(http, counts, port, host),
  };
}

const BODY_BYTES_MAX = 1_048_576;
/** Lists of ten thousand symbols come in the path. */
export const HEADER_BYTES_MAX = 131_072;

function listen(
  http: Server,
  counts: ReadonlyMap<number, number>,
  port: number,
  host: string,
): Promise<RestServer> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      const address = http.address();
      assert(typeof address === 'object' && address !== null, 'a server that listens has a port');
      resolve({ http, port: address.port, counts, close: () => close(http) });
    });
  });
}

/** Open requests are cut: whoever closes the venue has drained it before. */
function close(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
