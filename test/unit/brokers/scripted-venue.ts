import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** One request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

export interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is, whatever it is. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
  /** No answer: the connection stays, or is reset. */
  readonly instead?: 'silence' | 'reset';
  /** The answer waits for this. */
  readonly after?: Promise<void>;
}

type Rule = (asked: Asked) => Scripted | undefined;

/** How the venue behaves when a socket comes. */
export type Greeting =
  | 'authorized'
  | 'unauthorized'
  | 'connectionLimit'
  | 'silent'
  | 'notOffered'
  | 'closed'
  | { readonly upgradeStatus: number };

/**
 * A venue that does what a test tells it to, on real sockets: `node:http` and `ws`. It keeps no
 * books. Rules added later go before earlier ones.
 */
export class ScriptedVenue {
  readonly asked: Asked[] = [];
  readonly sockets = new Set<WebSocket>();
  greeting: Greeting = 'authorized';
  /** Updates are sent as text, or as live and paper do, in either kind of frame. */
  isBinary = true;
  hasPongs = true;
  upgrades = 0;
  readonly #rules: Rule[] = [];
  readonly #server: Server;
  readonly #wss: WebSocketServer;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#wss = new WebSocketServer({ noServer: true, autoPong: false });
    this.#server.on('upgrade', (request, socket, head) => {
      this.upgrades += 1;
      // A client that goes away in the middle of it.
      socket.on('error', () => {});
      const { greeting } = this;
      if (typeof greeting === 'object') {
        socket.end(`HTTP/1.1 ${greeting.upgradeStatus} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.#wss.handleUpgrade(request, socket, head, (ws) => this.#greet(ws));
    });
    this.#wss.on('error', () => {});
  }

  static async open(): Promise<ScriptedVenue> {
    const venue = new ScriptedVenue();
    await new Promise<void>((resolve) => venue.#server.listen(0, '127.0.0.1', resolve));
    venue.#addDefaults();
    return venue;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get streamUrl(): string {
    return `ws://127.0.0.1:${this.#port}/stream`;
  }

  /** `path` begins the path, or is it. */
  on(method: string, path: string, answer: Scripted | ((asked: Asked) => Scripted)): void {
    this.#rules.unshift((asked) => {
      if (asked.method !== method || !asked.path.startsWith(path)) return undefined;
      return typeof answer === 'function' ? answer(asked) : answer;
    });
  }

  /** The next such request alone. */
  once(method: string, path: string, answer: Scripted): void {
    let isUsed = false;
    this.#rules.unshift((asked) => {
      if (isUsed || asked.method !== method || !asked.path.startsWith(path)) return undefined;
      isUsed = true;
      return answer;
    });
  }

  askedFor(method: string, path: string): readonly Asked[] {
    return this.asked.filter((one) => one.method === method && one.path.startsWith(path));
  }

  /** To all sockets, as the venue frames it. */
  send(frame: unknown): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    for (const socket of this.sockets) {
      socket.send(this.isBinary ? Buffer.from(text) : text, { binary: this.isBinary });
    }
  }

  update(event: string, order: object, more: object = {}): void {
    const execution = { execution_id: `x-${event}`, timestamp: AT };
    this.send({ stream: 'trade_updates', data: { event, order, ...execution, ...more } });
  }

  /** The link is cut, without a word. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  #addDefaults(): void {
    this.on('GET', '/v2/account', { body: ACCOUNT });
    this.on('GET', '/v2/account/activities/FILL', { body: [] });
    this.on('GET', '/v2/positions', { body: [] });
    this.on('GET', '/v2/orders', { body: [] });
    this.on('GET', '/v2/orders:by_client_order_id', NOT_FOUND);
    this.on('GET', '/v2/orders/', NOT_FOUND);
  }

  #greet(ws: WebSocket): void {
    this.sockets.add(ws);
    ws.on('close', () => this.sockets.delete(ws));
    ws.on('error', () => {});
    ws.on('ping', () => {
      if (this.hasPongs) ws.pong();
    });
    const { greeting } = this;
    if (greeting === 'closed') return ws.close();
    ws.on('message', (data) => {
      const message: unknown = JSON.parse(String(data));
      this.#reply(ws, greeting, JSON.stringify(message));
    });
  }

  #reply(ws: WebSocket, greeting: Greeting, message: string): void {
    const say = (frame: object) => ws.send(Buffer.from(JSON.stringify(frame)), { binary: true });
    if (greeting === 'silent') return;
    if (message.includes('"authenticate"')) {
      const status = greeting === 'unauthorized' ? 'unauthorized' : 'authorized';
      if (greeting === 'connectionLimit') {
        return say({ action: 'error', data: { error_message: 'connection limit exceeded' } });
      }
      return say({ stream: 'authorization', data: { action: 'authenticate', status } });
    }
    const streams = greeting === 'notOffered' ? [] : ['trade_updates'];
    say({ stream: 'listening', data: { streams } });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? '/', this.url);
    const text = Buffer.concat(chunks).toString();
    const asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: text === '' ? {} : { ...JSON.parse(text) },
    };
    this.asked.push(asked);
    let answer: Scripted | undefined;
    for (const rule of this.#rules) {
      answer = rule(asked);
      if (answer !== undefined) break;
    }
    const { status = 200, body, text: raw, headers = {}, instead, after } = answer ?? NOT_FOUND;
    await after;
    if (instead === 'silence') return;
    if (instead === 'reset') return void request.socket.destroy();
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(raw ?? (body === undefined ? '' : JSON.stringify(body)));
  }
}

export const AT = '2026-11-19T15:04:05.409817221Z';

export const ACCOUNT = { account_number: 'PA3SIM000001', cash: '74210.11', equity: '100312.87' };

const NOT_FOUND: Scripted = {
  status: 404,
  body: { code: 40_410_000, message: 'order not found for x' },
};

/** An order as the venue writes it; what is not said is of a limit order over 100 shares. */
export function wireOrder(id: string, more: object = {}): Record<string, unknown> {
  return {
    id: `v-${id}`,
    client_order_id: id,
    created_at: '2026-11-19T10:04:05.101334871-05:00',
    updated_at: '2026-11-19T15:04:05.104Z',
    submitted_at: '2026-11-19T15:04:05.100901Z',
    filled_at: null,
    replaced_by: null,
    replaces: null,
    symbol: 'AAPL',
    notional: null,
    qty: '100',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: '',
    order_type: 'limit',
    type: 'limit',
    side: 'buy',
    time_in_force: 'day',
    limit_price: '231.4',
    stop_price: null,
    status: 'new',
    extended_hours: false,
    legs: null,
    ...more,
  };
}

/** An execution among the account's activities. */
export function fillActivity(
  id: string,
  quantity: number,
  cumulative: number,
  more: object = {},
): Record<string, unknown> {
  return {
    id: `20261119150405409::${id}-${cumulative}`,
    activity_type: 'FILL',
    transaction_time: '2026-11-19T15:04:05.409817Z',
    type: 'partial_fill',
    price: '231.41',
    qty: String(quantity),
    cum_qty: String(cumulative),
    leaves_qty: String(100 - cumulative),
    side: 'buy',
    symbol: 'AAPL',
    order_id: `v-${id}`,
    ...more,
  };
}
