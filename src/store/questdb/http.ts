import { type IncomingMessage, request as plainRequest, type Agent } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { StoreError } from '../../ports/store-error.ts';
import { authorization, type QuestDbPlace } from './place.ts';

/** A body that is longer is no answer to a question of ours. */
const ANSWER_BYTES_MAX = 1 << 26;

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpRequest {
  readonly path: string;
  readonly agent: Agent;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer's head has come; its body is still to be read, or to be destroyed. */
export function open(place: QuestDbPlace, asked: HttpRequest): Promise<IncomingMessage> {
  const headers: Record<string, string> = { ...asked.headers };
  if (place.login !== undefined) headers['authorization'] = authorization(place.login);
  const request = place.isSecure ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: place.host,
      port: place.port,
      agent: asked.agent,
      path: asked.path,
      method: asked.body === undefined ? 'GET' : 'POST',
      headers,
      timeout: place.silenceMsMax,
    });
    sent.on('response', (response) => {
      // What breaks after its reader has left is nobody's concern; a reader hears it by itself.
      response.on('error', () => {});
      // A reader may take its time: from here on only who waits for the server counts it.
      sent.setTimeout(0);
      resolve(response);
    });
    sent.on('timeout', () => sent.destroy(silent(place)));
    sent.on('error', (error) => reject(away(place, error)));
    sent.end(asked.body);
  });
}

/** The whole answer. Rejects with `STORE_AWAY` where it did not come whole. */
export async function ask(place: QuestDbPlace, asked: HttpRequest): Promise<HttpAnswer> {
  const response = await open(place, asked);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(place, response)) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) {
      response.destroy();
      throw away(place, new Error('its answer is longer than any to this question'));
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}

export async function* bodyOf(
  place: QuestDbPlace,
  response: IncomingMessage,
): AsyncGenerator<Buffer> {
  const chunks = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const waiting = setTimeout(() => response.destroy(silent(place)), place.silenceMsMax);
      let next: IteratorResult<unknown>;
      try {
        next = await chunks.next();
      } catch (error) {
        throw away(place, error);
      } finally {
        clearTimeout(waiting);
      }
      if (next.done === true) return;
      if (next.value instanceof Buffer) yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

export function away(place: QuestDbPlace, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('STORE_AWAY', `QuestDB at ${place.text} is away: ${plain(message)}`, {
    cause: error,
  });
}

/** What a status other than 200 means, with the server's own words. */
export function refusal(place: QuestDbPlace, { status, body }: HttpAnswer): StoreError {
  const reason = reasonOf(body);
  if (status >= 500) {
    const isFull = /no space|disk full|errno=28|not enough space/i.test(reason);
    const code = isFull ? 'STORE_FULL' : 'STORE_AWAY';
    return new StoreError(code, `QuestDB at ${place.text} answers ${status}: ${reason}`);
  }
  const known = STATUS_MEANS[status] ?? `answers ${status}`;
  return new StoreError('STORE_REFUSED', `QuestDB at ${place.text} ${known}: ${reason}`);
}

const STATUS_MEANS: Readonly<Record<number, string>> = {
  400: 'refuses',
  401: 'does not know us: look at user, password or token',
  403: 'does not let us: look at the rights of the user or token',
  404: 'has no such page: is it QuestDB, and is writing over HTTP enabled',
};

const REASON_MAX = 500;

/** Of `{"error":...}` as questions are answered, or `{"message":...}` as rows are. */
export function reasonOf(body: string): string {
  const answer = parseJson(body);
  for (const key of ['error', 'message']) {
    const text = answer?.[key];
    if (typeof text === 'string') return plain(text);
  }
  return body.trim() === '' ? 'no reason given' : plain(body);
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, REASON_MAX);
}

function silent(place: QuestDbPlace): Error {
  return new Error(`it said nothing for ${place.silenceMsMax} ms`);
}
