import type { Agent } from 'node:http';
import {
  createBuffer,
  createTransport,
  type SenderBuffer,
  SenderOptions,
  type SenderTransport,
} from '@questdb/nodejs-client';
import { ask, away, type HttpAnswer } from './http.ts';
import { agentOf, type QuestDbPlace } from './place.ts';

/** The client's own limit; a single row of ours is far below it. */
const BUFFER_BYTES_MAX = 1 << 28;
/** Of a row of some columns; it grows to what batches need and stays. */
const BUFFER_BYTES = 1 << 20;
/** What a slow line must carry a second, before it counts as silence. */
const BYTES_A_SECOND_MIN = 102_400;

/** The server's word: 204 is "it is in the log"; another status has its reason. */
export type Sent =
  | { readonly kind: 'taken' }
  | { readonly kind: 'answered'; readonly status: number };

/**
 * The official client's buffer and its HTTP transport, without the `Sender` around them: that one
 * adds flushes of its own at moments of its choosing and a promise for every row. The transport
 * tries once (`retry_timeout=0`): whoever keeps the batch tries again. The protocol is pinned, for
 * asking the server which one it speaks would need the server.
 */
export class LineSender {
  readonly buffer: SenderBuffer;
  /** Counts connections made: a new one may lead to a server that was restored from a backup. */
  connections = 0;
  readonly #place: QuestDbPlace;
  readonly #agent: Agent;
  readonly #transport: SenderTransport;

  constructor(place: QuestDbPlace) {
    this.#place = place;
    this.#agent = agentOf(place, 1);
    const connect = this.#agent.createConnection.bind(this.#agent);
    this.#agent.createConnection = (...given) => {
      this.connections += 1;
      return connect(...given);
    };
    const options = senderOptions(place, this.#agent);
    this.buffer = createBuffer(options);
    this.#transport = createTransport(options);
  }

  /** A connection is open and idle; if the server ends it, the next call fails or finds none. */
  get isConnected(): boolean {
    return Object.values(this.#agent.freeSockets).some((free) => (free?.length ?? 0) > 0);
  }

  /** Sends what is in the buffer and empties it, whatever comes of it. */
  async send(): Promise<Sent> {
    const data = this.buffer.toBufferNew();
    this.buffer.reset();
    if (data === null) return { kind: 'taken' };
    const { silenceMsMax } = this.#place;
    // The transport hears silence on the socket; an answer that drips for ever it would wait for.
    const deadlineMs = 2 * (silenceMsMax + (data.length / BYTES_A_SECOND_MIN) * 1_000);
    const deadline = setTimeout(() => this.#agent.destroy(), deadlineMs);
    try {
      await this.#transport.send(data);
      return { kind: 'taken' };
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw away(this.#place, error);
      return { kind: 'answered', status };
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Sends what is in the buffer and answers in full: the client tells no reason of a refusal. */
  async askWhy(): Promise<HttpAnswer> {
    const data = this.buffer.toBufferNew();
    this.buffer.reset();
    return await ask(this.#place, {
      agent: this.#agent,
      path: '/write?precision=n',
      body: data ?? new Uint8Array(0),
    });
  }

  /** A question over the connection that rows are sent through. */
  async touch(): Promise<HttpAnswer> {
    return await ask(this.#place, { agent: this.#agent, path: '/ping' });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function senderOptions(place: QuestDbPlace, agent: Agent): SenderOptions {
  const { isSecure, host, port, login, silenceMsMax } = place;
  const options = new SenderOptions(
    `${isSecure ? 'https' : 'http'}::addr=localhost:${port};protocol_version=2;stdlib_http=on;` +
      `auto_flush=off;retry_timeout=0;request_timeout=${silenceMsMax};` +
      `request_min_throughput=${BYTES_A_SECOND_MIN};` +
      `init_buf_size=${BUFFER_BYTES};max_buf_size=${BUFFER_BYTES_MAX};`,
    { agent, log: () => {} },
  );
  // Set here, not in the text: its parser splits at colons and quotes what it does not like.
  options.host = host;
  options.tls_verify = place.isTlsVerified;
  if (place.tlsCaFile !== undefined) options.tls_ca = place.tlsCaFile;
  if (login !== undefined && 'token' in login) options.token = login.token;
  else if (login !== undefined) {
    options.username = login.user;
    options.password = login.password;
  }
  return options;
}

/** `HTTP request failed, statusCode=503, error=`: the only form in which the client tells it. */
function statusOf(error: unknown): number | undefined {
  const found = error instanceof Error ? /statusCode=(\d{3})\b/.exec(error.message) : undefined;
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
