import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Timers } from '../../ports/clock.ts';
import { DATA_ENDPOINTS } from './data-channels.ts';
import type { DataHub } from './data-hub.ts';
import { type RawSocket, SocketLink } from './socket-link.ts';
import type { TradeHub } from './trade-hub.ts';

/** A live connection, for the admin port. */
export interface Connection {
  readonly stream: 'data' | 'news' | 'trading';
  readonly path: string;
  readonly link: SocketLink;
}

export interface SocketRouterOptions {
  readonly data: DataHub;
  readonly trading: TradeHub;
  readonly timers: Timers;
}

const TRADE_PATH = '/stream';
const CLIENT_BYTES_MAX = 4 * 1_024 * 1_024;

/** Upgrades of one HTTP server: which path is which stream, and who is refused at the door. */
export class SocketRouter {
  /** Upgrades are answered 429 until this wall time; the admin port sets it. */
  refuseUntilMs = 0;
  refusedUpgrades = 0;
  readonly #options: SocketRouterOptions;
  readonly #connections = new Set<Connection>();
  /** Everything that has TCP, half-open ones too. */
  readonly #links = new Set<SocketLink>();
  readonly #wallMs: () => number;
  // Deflate is used where the client offers it, and only there (RFC 7692).
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    autoPong: false,
    maxPayload: CLIENT_BYTES_MAX,
  });

  constructor(options: SocketRouterOptions, wallMs: () => number) {
    this.#options = options;
    this.#wallMs = wallMs;
  }

  get connections(): Iterable<Connection> {
    return this.#connections;
  }

  attach(server: Server): void {
    server.on('upgrade', (request, raw, head) => {
      this.#upgrade(request, raw, head);
    });
  }

  close(): void {
    for (const link of this.#links) link.drop();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, raw: RawSocket, head: Buffer): void {
    raw.on('error', () => {
      // A client that goes away in the middle of the handshake.
    });
    const path = pathOf(request.url ?? '/');
    const endpoint = DATA_ENDPOINTS.find((known) => known.path === path);
    if (path !== TRADE_PATH && endpoint === undefined) return this.#refuse(raw, NOT_FOUND);
    const isTaken = path === TRADE_PATH && this.#options.trading.isTaken;
    if (isTaken || this.#wallMs() < this.refuseUntilMs) return this.#refuse(raw, TOO_MANY);
    this.#server.handleUpgrade(request, raw, head, (socket) => {
      if (endpoint === undefined) this.#openTrading(socket, raw, request);
      else {
        const stream = endpoint.feed === 'news' ? 'news' : 'data';
        this.#openData(socket, raw, request, { endpoint, stream });
      }
    });
  }

  #openData(socket: WebSocket, raw: RawSocket, request: IncomingMessage, to: DataTarget): void {
    const { data, timers } = this.#options;
    const link = new SocketLink(socket, raw, timers, {
      message: (bytes, isBinary) => {
        session.receive(bytes, isBinary);
      },
      closed: (wasClean) => {
        this.#connections.delete(connection);
        data.closed(session, wasClean);
      },
      gone: () => {
        this.#links.delete(link);
      },
    });
    const connection = { stream: to.stream, path: to.endpoint.path, link };
    this.#connections.add(connection);
    this.#links.add(link);
    const session = data.connect(link, to.endpoint, request.headers);
  }

  #openTrading(socket: WebSocket, raw: RawSocket, request: IncomingMessage): void {
    const { trading, timers } = this.#options;
    const link = new SocketLink(socket, raw, timers, {
      message: (bytes, isBinary) => {
        session.receive(bytes, isBinary);
      },
      closed: () => {
        this.#connections.delete(connection);
        trading.closed(session);
      },
      gone: () => {
        this.#links.delete(link);
      },
    });
    const connection = { stream: 'trading', path: TRADE_PATH, link } as const;
    this.#connections.add(connection);
    this.#links.add(link);
    const session = trading.connect(link, request.headers);
  }

  #refuse(raw: RawSocket, status: string): void {
    this.refusedUpgrades += 1;
    // Else a client that never ends its own half would keep the connection, and us.
    raw.once('finish', () => raw.destroy());
    raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

type DataTarget = {
  readonly endpoint: (typeof DATA_ENDPOINTS)[number];
  readonly stream: 'data' | 'news';
};

/** Not by URL, which throws on what some clients send, such as `//`. */
function pathOf(url: string): string {
  const mark = url.search(/[?#]/);
  const path = mark < 0 ? url : url.slice(0, mark);
  return path.replace(/(.)\/$/, '$1');
}

const NOT_FOUND = '404 Not Found';
const TOO_MANY = '429 Too Many Requests\r\nRetry-After: 1';
