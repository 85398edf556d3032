import { createServer, type RequestListener, type Server } from 'node:http';

export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/** A server on loopback; rejects where the port is taken. */
export function listenOn(port: number, listener: RequestListener): Promise<Listening> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      const address = server.address();
      const given = typeof address === 'object' ? address?.port : undefined;
      resolve({ server, port: given ?? port });
    });
  });
}

/** Ends at once: whoever is in the middle of a request loses it. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

export const LOOPBACK = '127.0.0.1';
