import { createServer, connect, type Server, type Socket } from 'node:net';

/** One try to open a stream: from its first byte until the venue answered or it was over. */
export interface Attempt {
  readonly path: string;
  readonly beganMs: number;
  answeredMs: number;
}

const UPGRADE = /^GET (\S+) HTTP\/1\.1\r\n(?:.*\r\n)*?upgrade: websocket/i;

/**
 * The way from the engine to the venue, where a test may cut it: REST and streams alike go through
 * here. Notes every try to open a stream.
 */
export class Way implements AsyncDisposable {
  readonly attempts: Attempt[] = [];
  /** `refusing`: whoever connects is cut off; `silent`: is taken, and never answered. */
  mode: 'open' | 'refusing' | 'silent' = 'open';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer({ noDelay: true }, (client) => this.#take(client));
  }

  static async to(port: number): Promise<Way> {
    const way = new Way(port);
    await new Promise<void>((resolve) => way.#server.listen(0, '127.0.0.1', resolve));
    return way;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the way is closed');
    return address.port;
  }

  /** Cuts everything there is. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Tries on one path that overlapped: a second began while the first had no answer. */
  overlaps(): readonly Attempt[] {
    return this.attempts.filter((attempt, at) =>
      this.attempts
        .slice(0, at)
        .some((other) => other.path === attempt.path && other.answeredMs > attempt.beganMs),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #take(client: Socket): void {
    this.#keep(client);
    let attempt: Attempt | undefined;
    const over = (): void => {
      if (attempt !== undefined)
        attempt.answeredMs = Math.min(attempt.answeredMs, performance.now());
    };
    client.on('close', over);
    client.once('data', (first) => {
      const path = UPGRADE.exec(first.toString('latin1'))?.[1];
      if (path !== undefined) {
        attempt = { path, beganMs: performance.now(), answeredMs: Number.POSITIVE_INFINITY };
        this.attempts.push(attempt);
      }
      if (this.mode === 'refusing') return void client.resetAndDestroy();
      if (this.mode === 'silent') return;
      const venue = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
      this.#keep(venue);
      venue.once('data', over);
      venue.write(first);
      client.pipe(venue);
      venue.pipe(client);
      client.on('close', () => venue.destroy());
      venue.on('close', () => client.destroy());
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
