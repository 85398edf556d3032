import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Timers } from '../../ports/clock.ts';

/** The TCP connection under a websocket. */
export type RawSocket = Parameters<WebSocketServer['handleUpgrade']>[1];

/** What a protocol needs of its socket; a test may give it another. */
export interface Link {
  send(frame: string | Uint8Array): void;
  close(code: number, reason?: string): void;
  /** Cuts the connection without a goodbye. */
  drop(): void;
  readonly bufferedBytes: number;
}

export interface LinkEvents {
  message(data: Uint8Array, isBinary: boolean): void;
  /** For the protocol it is over. `wasClean`: the client said goodbye. */
  closed(wasClean: boolean): void;
  /** TCP is over too, which of a half-open connection may come much later. */
  gone(): void;
}

/** A websocket that can be made to fail in the ways that networks fail. All in wall time. */
export class SocketLink implements Link {
  /** Pings are answered this much later; undefined: never. */
  pongDelayMs: number | undefined = 0;
  readonly #socket: WebSocket;
  readonly #raw: RawSocket;
  readonly #timers: Timers;
  readonly #events: LinkEvents;
  #isHalfOpen = false;
  #isOver = false;

  constructor(socket: WebSocket, raw: RawSocket, timers: Timers, events: LinkEvents) {
    this.#socket = socket;
    this.#raw = raw;
    this.#timers = timers;
    this.#events = events;
    socket.on('message', (data, isBinary) => {
      if (!this.#isHalfOpen) events.message(bytesOf(data), isBinary);
    });
    socket.on('ping', (data) => {
      this.#answerPing(data);
    });
    socket.on('close', (code) => {
      this.#end(code !== ABNORMAL);
      events.gone();
    });
    socket.on('error', () => {
      // A frame it cannot read, a reset: `close` follows and says the rest.
    });
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get isHalfOpen(): boolean {
    return this.#isHalfOpen;
  }

  send(frame: string | Uint8Array): void {
    if (this.#isHalfOpen || this.#socket.readyState !== OPEN) return;
    this.#socket.send(frame);
  }

  close(code: number, reason = ''): void {
    if (this.#isHalfOpen) return;
    this.#socket.close(code, reason);
    this.#timers.after(CLOSE_MS, () => {
      if (!this.#isOver) this.drop();
    });
  }

  drop(): void {
    this.#raw.destroy();
    this.#socket.terminate();
  }

  /** Begins a frame, sends half of it and cuts the connection. */
  dropMidFrame(): void {
    const body = Buffer.from('[{"T":"t","S":"');
    // Final text frame that announces 4,096 bytes (RFC 6455, 5.2): 126 says that 16 bits follow.
    const head = Buffer.of(0x81, 126, 0x10, 0x00);
    this.#raw.write(Buffer.concat([head, body]), () => {
      this.drop();
    });
  }

  /** Neither reads nor writes from now on; the connection stays. */
  goHalfOpen(): void {
    this.#isHalfOpen = true;
    this.#socket.pause();
    this.#events.closed(false);
    this.#isOver = true;
  }

  #answerPing(data: Buffer): void {
    if (this.#isHalfOpen || this.pongDelayMs === undefined) return;
    const answer = () => {
      if (!this.#isHalfOpen && this.#socket.readyState === OPEN) this.#socket.pong(data);
    };
    if (this.pongDelayMs === 0) answer();
    else this.#timers.after(this.pongDelayMs, answer);
  }

  #end(wasClean: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.closed(wasClean);
  }
}

const OPEN = 1;
/** Who does not answer a goodbye is cut. */
const CLOSE_MS = 1_000;
/** No close frame came (RFC 6455, 7.1.5). */
const ABNORMAL = 1_006;

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
