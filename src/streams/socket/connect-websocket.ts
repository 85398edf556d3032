import { WebSocket } from 'ws';
import type { Connect } from './connection.ts';

export interface WebSocketOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A larger message ends the connection with 1009. */
  readonly bytesMax?: number;
}

const BYTES_MAX = 16 * 1_024 * 1_024;

/**
 * A connection over `ws`. Without permessage-deflate: it costs 140 times the time of a small frame.
 * The handshake's deadline is the supervisor's, so that one clock decides.
 */
export function connectWebSocket(options: WebSocketOptions): Connect {
  return (listener) => {
    const socket = new WebSocket(options.url, {
      headers: { ...options.headers },
      maxPayload: options.bytesMax ?? BYTES_MAX,
      perMessageDeflate: false,
      followRedirects: false,
    });
    // Fragments are joined, so that every message is one buffer.
    socket.binaryType = 'nodebuffer';
    let failure = '';
    socket.on('open', () => listener.opened());
    socket.on('message', (data) => {
      if (data instanceof Uint8Array) listener.received(data);
    });
    socket.on('pong', () => listener.ponged());
    socket.on('unexpected-response', (request, response) => {
      listener.refused(response.statusCode ?? 0);
      request.destroy();
      socket.terminate();
    });
    // Always followed by `close`.
    socket.on('error', (error) => {
      failure = error.message;
    });
    socket.on('close', (code, reason) => {
      const said = reason.toString('utf8');
      listener.closed(code, said === '' ? failure : said);
    });
    return {
      send: (text) => socket.send(text),
      ping: () => {
        if (socket.readyState === WebSocket.OPEN) socket.ping();
      },
      pause: () => {
        if (socket.readyState === WebSocket.OPEN) socket.pause();
      },
      resume: () => {
        if (socket.readyState === WebSocket.OPEN) socket.resume();
      },
      close: () => socket.close(1_000),
      terminate: () => socket.terminate(),
    };
  };
}
