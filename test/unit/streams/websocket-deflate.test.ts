import { WebSocketServer } from 'ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectWebSocket } from '../../../src/streams/socket/connect-websocket.ts';

describe('a socket and permessage-deflate', () => {
  it('never negotiates it, even with a server that would', async () => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: { threshold: 0 },
    });
    onTestFinished(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const offered: unknown[] = [];
    const agreed: string[] = [];
    server.on('connection', (socket, request) => {
      offered.push(request.headers['sec-websocket-extensions']);
      agreed.push(socket.extensions);
      socket.send('[{"ev":"status","status":"connected"}]'.repeat(200));
    });
    const received = await new Promise<number>((resolve) => {
      const connection = connectWebSocket({ url: `ws://127.0.0.1:${port}` })({
        opened: () => {},
        received: (bytes) => {
          resolve(bytes.length);
          connection.terminate();
        },
        ponged: () => {},
        refused: () => {},
        closed: () => {},
      });
    });
    expect(offered).toEqual([undefined]);
    expect(agreed).toEqual(['']);
    expect(received).toBe(38 * 200);
  });
});
