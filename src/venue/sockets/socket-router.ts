import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Timers } from '../../ports/clock.ts';
import { DATA_ENDPOINTS } from './data-channels.ts';
import type { PolygonHub } from '../polygon/sockets/polygon-hub.ts';
import type { DataHub } from './data-hub.ts';
import { type RawSocket, SocketLink } from './socket-link.ts';
import type { TradeHub } from './trade-hub.ts';

export type StreamName = 'data' | 'news' | 'trading' | 'polygon';

/** A live connection, for the admin port. */
export interface Connection {
  readonly stream: StreamName;
  readonly path: string;
  readonly link: SocketLink;
}

export interface SocketRouterOptions {
  readonly data: DataHub;
  readonly trading: TradeHub;
  /** Without it `/stocks` is no path. */
  readonly polygon?: PolygonHub | undefined;
  readonly timers: Timers;
}

const TRADE_PATH = '/stream';
const POLYGON_PATH = '/stocks';
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
    const { data, trading, polygon } = this.#options;
    const isPolygon = path === POLYGON_PATH && polygon !== undefined;
    const isKnown = path === TRADE_PATH || isPolygon || endpoint !== undefined;
    if (!isKnown) return this.#refuse(raw, NOT_FOUND);
    const isTaken = path === TRADE_PATH && trading.isTaken;
    if (isTaken || this.#wallMs() < this.refuseUntilMs) return this.#refuse(raw, TOO_MANY);
    this.#server.handleUpgrade(request, raw, head, (socket) => {
      const { headers } = request;
      if (isPolygon) {
        const connect = (link: SocketLink) => polygon.connect(link);
        this.#open(socket, raw, { stream: 'polygon', path, hub: polygon, connect });
      } else if (endpoint === undefined) {
        const connect = (link: SocketLink) => trading.connect(link, headers);
        this.#open(socket, raw, { stream: 'trading', path, hub: trading, connect });
      } else {
        const stream = endpoint.feed === 'news' ? 'news' : 'data';
        const connect = (link: SocketLink) => data.connect(link, endpoint, headers);
        this.#open(socket, raw, { stream, path, hub: data, connect });
      }
    });
  }

  #open<Session extends Receiver>(socket: WebSocket, raw: RawSocket, to: Target<Session>): void {
    const { stream, path, hub } = to;
    const link = new SocketLink(socket, raw, this.#options.timers, {
      message: (bytes, isBinary) => {
        session.receive(bytes, isBinary);
      },
      closed: (wasClean) => {
        this.#connections.delete(connection);
        hub.closed(session, wasClean);
      },
      gone: () => {
        this.#links.delete(link);
      },
    });
    const connection = { stream, path, link };
    this.#connections.add(connection);
    this.#links.add(link);
    const session = to.connect(link);
  }

  #refuse(raw: RawSocket, status: string): void {
    this.refusedUpgrades += 1;
    // Else a client that never ends its own half would keep the connection, and us.
    raw.once('finish', () => raw.destroy());
    raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

interface Receiver {
  receive(data: Uint8Array, isBinary: boolean): void;
}

/** A stream that was asked for, and who speaks it. */
interface Target<Session> {
  readonly stream: StreamName;
  readonly path: string;
  readonly hub: { closed(session: Session, wasClean: boolean): void };
  readonly connect: (link: SocketLink) => Session;
}

/** Not by URL, which throws on what some clients send, such as `//`. */
function pathOf(url: string): string {
  const mark = url.search(/[?#]/);
  const path = mark < 0 ? url : url.slice(0, mark);
  return path.replace(/(.)\/$/, '$1');
}

const NOT_FOUND = '404 Not Found';
const TOO_MANY = '429 Too Many Requests\r\nRetry-After: 1';
