import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Chaos } from './chaos.ts';
import { AdminError } from './parameters.ts';

export interface AdminRoom {
  readonly chaos: Chaos;
  /** Everything that a test wants to know of the venue, as plain JSON. */
  readonly state: () => unknown;
  readonly shutdown: () => void;
}

/**
 * The venue's back door, on a port of its own and on loopback alone: what happened (the oracle of
 * the crash tests), and how to make things go wrong. It is no part of any protocol.
 */
export function adminListener(room: AdminRoom): RequestListener {
  return (request, response) => {
    readBody(request)
      .then((body) => {
        answer(room, request, body, response);
      })
      .catch((error: unknown) => {
        refuse(response, error);
      });
  };
}

function answer(
  room: AdminRoom,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  switch (`${request.method ?? 'GET'} ${path}`) {
    case 'GET /admin/state':
      return reply(response, 200, room.state());
    case 'GET /admin/chaos':
      return reply(response, 200, { actions: room.chaos.names, counts: room.chaos.counts });
    case 'POST /admin/chaos':
      return reply(response, 200, { touched: runChaos(room, body) });
    case 'POST /admin/shutdown':
      reply(response, 200, { closing: true });
      return room.shutdown();
    default:
      return reply(response, 404, { error: `nothing at ${request.method ?? 'GET'} ${path}` });
  }
}

function runChaos(room: AdminRoom, body: string): number {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new AdminError('the body is no JSON');
  }
  return room.chaos.run(value);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body); // First, because it may throw: then there is no answer yet.
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(text);
}

/** What was wrong with the request is 400; anything else is a fault of ours, and no end of us. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof AdminError ? 400 : 500;
  reply(response, status, { error: error instanceof Error ? error.message : String(error) });
}

const BODY_BYTES_MAX = 65_536;

/** Past the limit the rest is read and thrown away: whoever still writes hears no answer. */
async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  let length = 0;
  for await (const chunk of request) {
    const part = String(chunk);
    length += part.length;
    if (length <= BODY_BYTES_MAX) text += part;
  }
  if (length > BODY_BYTES_MAX) throw new AdminError('the body is too long');
  return text;
}
