import type { Server } from 'node:http';
import { VenueError } from './venue-error.ts';

export const LOOPBACK = '127.0.0.1';

/** Listens on loopback and answers the port; rejects by a `VenueError` where it cannot. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${error.message}`;
      reject(new VenueError('VENUE_PORT_UNUSABLE', `port ${port} ${why}`, { cause: error }));
    };
    server.once('error', refused);
    server.listen(port, LOOPBACK, () => {
      server.off('error', refused);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
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
