import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from 'vitest';
import {
  PolygonRest,
  type PolygonRestOptions,
} from '../../../src/streams/polygon/rest/polygon-rest.ts';
import { ManualTime } from '../../manual-time.ts';

export const KEY = 'Open-Sesame_4711';

/** What a request was, as the server saw it. */
export interface Seen {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly authorization: string | undefined;
}

export type Reply =
  | { readonly body: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly raw: (response: ServerResponse) => void };

export interface RestServer {
  readonly url: string;
  readonly seen: readonly Seen[];
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server on this machine that answers as it is told; closed after the test. */
export async function serve(answer: (seen: Seen, number: number) => Reply): Promise<RestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const one = seenOf(request);
    seen.push(one);
    const reply = answer(one, seen.length);
    if ('raw' in reply) return reply.raw(response);
    const { status = 200, headers = {}, body } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, seen };
}

function seenOf({ url = '', headers }: IncomingMessage): Seen {
  const { pathname, searchParams } = new URL(url, 'http://here');
  return {
    path: pathname,
    query: Object.fromEntries(searchParams),
    raw: url,
    authorization: headers.authorization,
  };
}

/** Time that moves only while somebody waits for it. */
export function restOptions(url: string): PolygonRestOptions & { readonly time: ManualTime } {
  const time = new ManualTime(1_795_100_645_000_000);
  return { url, key: KEY, clock: time, timers: time, time, requestsPerMinute: 100_000 };
}

export function restOf(url: string): { readonly rest: PolygonRest; readonly time: ManualTime } {
  const options = restOptions(url);
  return { rest: new PolygonRest(options), time: options.time };
}

/** Moves the time on by steps until the work is over; the network has its turns in between. */
export async function inTime<T>(work: Promise<T>, time: ManualTime, stepMs = 0): Promise<T> {
  const over = new AbortController();
  const end = (): void => over.abort();
  work.then(end, end);
  for (let turns = 0; !over.signal.aborted && turns < TURNS_MAX; turns += 1) {
    await turn();
    // Not at every turn: an answer that is on its way shall win against a deadline.
    if (turns % TURNS_A_STEP === 0) time.advance(stepMs);
  }
  return await work;
}

const TURNS_MAX = 2_000_000;
const TURNS_A_STEP = 200;
