import { decode } from '@msgpack/msgpack';
import { type ClientOptions, WebSocket } from 'ws';

export type VenueMessage = Readonly<Record<string, unknown>>;

/** A plain websocket client that keeps what it was told, in either codec. */
export class VenueSocket {
  readonly messages: VenueMessage[] = [];
  /** How many messages each frame had. */
  readonly frames: number[] = [];
  readonly rawFrames: (string | Buffer)[] = [];
  pongs = 0;
  closeCode = 0;
  refusedStatus = 0;
  errors: string[] = [];
  readonly socket: WebSocket;

  constructor(url: string, options: ClientOptions & { readonly codec?: 'json' | 'msgpack' } = {}) {
    const { codec, ...rest } = options;
    const contentType = codec === undefined ? {} : { 'Content-Type': `application/${codec}` };
    this.socket = new WebSocket(url, { ...rest, headers: { ...contentType, ...rest.headers } });
    this.socket.on('message', (data: Buffer, isBinary) => {
      this.rawFrames.push(isBinary ? data : String(data));
      this.#keep(read(data, isBinary));
    });
    this.socket.on('pong', () => {
      this.pongs += 1;
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.refusedStatus = response.statusCode ?? 0;
    });
    this.socket.on('error', (error) => {
      this.errors.push(error.message);
    });
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Messages of one kind. */
  of(kind: string): readonly VenueMessage[] {
    return this.messages.filter((message) => message['T'] === kind);
  }

  async open(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN, 'an open socket');
    return this;
  }

  /** The first message that fits, now or later. */
  async message(fits: (message: VenueMessage) => boolean, what: string): Promise<VenueMessage> {
    await until(() => this.messages.some(fits), what);
    return this.messages.find(fits) ?? {};
  }

  async closed(): Promise<number> {
    await until(() => this.closeCode !== 0, 'a closed socket');
    return this.closeCode;
  }

  end(): void {
    this.socket.terminate();
  }

  #keep(value: unknown): void {
    const messages = Array.isArray(value) ? value : [value];
    this.frames.push(messages.length);
    for (const message of messages) {
      if (isMessage(message)) this.messages.push(message);
    }
  }
}

export const DEMO_KEYS = { key: 'strata-demo', secret: 'strata-demo' };

/** A client of a data stream that is let in and has the full acknowledgement. */
export async function subscribed(
  url: string,
  channels: Readonly<Record<string, readonly string[]>>,
  codec: 'json' | 'msgpack' = 'json',
): Promise<VenueSocket> {
  const client = await new VenueSocket(url, { codec }).open();
  client.send({ action: 'auth', ...DEMO_KEYS });
  await client.message((message) => message['msg'] === 'authenticated', 'authenticated');
  client.send({ action: 'subscribe', ...channels });
  await client.message((message) => message['T'] === 'subscription', 'an acknowledgement');
  return client;
}

/** Polls until a condition holds; a deadline ends the wait, and the test. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  deadlineMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`there was never ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function read(data: Buffer, isBinary: boolean): unknown {
  if (!isBinary) return JSON.parse(String(data));
  // Paper's order stream sends JSON in binary frames.
  return data[0] === 0x7b ? JSON.parse(String(data)) : decode(data);
}

function isMessage(value: unknown): value is VenueMessage {
  return typeof value === 'object' && value !== null;
}
