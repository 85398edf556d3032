import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { FrameMill } from './feed-frames.ts';

/**
 * A venue's websocket of Polygon trades in a process of its own: whoever connects is sent so many
 * frames as fast as they are taken, then told goodbye. Ends when its input does.
 */
const [perFrame = 1, frames = 1] = process.argv.slice(2).map(Number);
const BUFFERED_BYTES_MAX = 1 << 20;

const mill = new FrameMill('Polygon JSON', 'trades', perFrame);
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => void send(socket));
server.on('listening', () => process.stdout.write(`${portOf(server.address())}\n`));
process.stdin.resume();
process.stdin.on('end', () => process.exit());

async function send(socket: WebSocket): Promise<void> {
  for (const frame of mill.next(frames * perFrame)) {
    socket.send(frame, { binary: false });
    while (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  socket.close(1_000);
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
