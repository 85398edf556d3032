import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** A plain websocket server of the test's own, on a free port. */
export interface TestServer {
  readonly url: string;
  readonly sockets: WebSocket[];
  /** The next connection. */
  connected(): Promise<WebSocket>;
  close(): Promise<void>;
}

export async function serveWebSockets(
  options: { readonly refuseWith?: number } = {},
): Promise<TestServer> {
  const { refuseWith } = options;
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    ...(refuseWith === undefined
      ? {}
      : {
          verifyClient: (_info: unknown, answer: (isFine: boolean, status: number) => void) =>
            answer(false, refuseWith),
        }),
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const sockets: WebSocket[] = [];
  const waiting: ((socket: WebSocket) => void)[] = [];
  let given = 0;
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const next = waiting.shift();
    if (next === undefined) return;
    given += 1;
    next(socket);
  });
  return {
    url: `ws://127.0.0.1:${portOf(server.address())}`,
    sockets,
    connected() {
      const socket = sockets[given];
      if (socket === undefined) return new Promise((resolve) => waiting.push(resolve));
      given += 1;
      return Promise.resolve(socket);
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The next text message. */
export function messageOf(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data) => {
      resolve(data instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(data)) : undefined);
    });
  });
}
