import { doubled } from '../../core/doubling.ts';
import { streaming } from '@alpacahq/alpaca-trade-api';
import { WebSocket } from 'ws';
import { isRecord, type JsonRecord, parseJson } from '../../core/json.ts';
import type { Timer, Timers } from '../../ports/clock.ts';

/** All in wall milliseconds: sockets live on wall time. */
export interface StreamTimes {
  /** From opening the socket to `listening`; then the attempt is over. */
  readonly connectMsMax: number;
  /** Between two pings; a socket whose pong is later than `pongMsMax` is dead. */
  readonly pingMs: number;
  readonly pongMsMax: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** A connection that lived this long proves that the venue is well: waits begin small again. */
  readonly stableMs: number;
}

export interface UpdateStreamOptions {
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  readonly timers: Timers;
  readonly times: StreamTimes;
  /** In 0 .. 1: spreads the waits. */
  readonly chance: () => number;
  onListening(): void;
  onUpdate(data: JsonRecord): void;
  /** The connection is gone, or an attempt failed; the next one comes `waitMs` later. */
  onDown(reason: string, waitMs: number): void;
  /** No further attempt is made: the same answer would come. */
  onRefused(reason: string): void;
  /** A frame or a word that we do not understand: counted, the connection stays. */
  onUnreadable(reason: string): void;
}

/**
 * The trade updates of the account, through the SDK's `TradingStream`, one object a connection. The
 * SDK's own supervision is off, for its gaps (venues.md 0.3, 0.6): it stays connected where the
 * venue refuses one connection too many, falls silent after ten attempts, and tells nobody.
 */
export class UpdateStream {
  readonly #options: UpdateStreamOptions;
  #connection: Connection | undefined;
  #retry: Timer | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: UpdateStreamOptions) {
    this.#options = options;
  }

  open(): void {
    if (this.#isClosed || this.#connection !== undefined) return;
    const connection = new Connection(this.#options, (end) => this.#ended(connection, end));
    this.#connection = connection;
    connection.open();
  }

  /** Gives up the connection there is; a new one follows. */
  restart(reason: string): void {
    this.#connection?.end({ reason });
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#connection?.end({ reason: 'closed' });
  }

  #ended(connection: Connection, { reason, isRefused, isBusy, wasStable }: End): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#isClosed) return;
    if (isRefused === true) {
      this.#isClosed = true;
      this.#options.onRefused(reason);
      return;
    }
    const { backoffMinMs, backoffMaxMs } = this.#options.times;
    this.#failures = wasStable === true ? 0 : this.#failures + 1;
    // One connection too many ends when the venue notices that the old one is dead: no hurry.
    const usual = doubled(backoffMinMs, this.#failures, backoffMaxMs);
    const cap = isBusy === true ? backoffMaxMs : usual;
    const floor = isBusy === true ? backoffMaxMs / 2 : 0;
    const waitMs = Math.ceil(floor + this.#options.chance() * (cap - floor));
    this.#retry = this.#options.timers.after(waitMs, () => this.open());
    this.#options.onDown(reason, waitMs);
  }
}

interface End {
  readonly reason: string;
  /** The key was refused: it will be again. */
  readonly isRefused?: boolean;
  /** Too many connections, or too many attempts. */
  readonly isBusy?: boolean;
  readonly wasStable?: boolean;
}

/** One life of the socket, from the first byte to the last. Ends once. */
class Connection {
  readonly #options: UpdateStreamOptions;
  readonly #onEnd: (end: End) => void;
  readonly #timers = new Set<Timer>();
  #stream: streaming.TradingStream | undefined;
  #socket: WebSocket | undefined;
  #frame = '';
  #lastError = '';
  #isListening = false;
  #isStable = false;
  #isEnded = false;

  constructor(options: UpdateStreamOptions, onEnd: (end: End) => void) {
    this.#options = options;
    this.#onEnd = onEnd;
  }

  open(): void {
    const { url, keyId, secret, times } = this.#options;
    const stream = new streaming.TradingStream({
      credentials: { keyId, secret },
      url,
      reconnect: false,
      pingIntervalMs: 0, // Ours run on the port's timers.
      wsFactory: (address) => this.#connect(address),
    });
    this.#stream = stream;
    stream.on('error', (message) => this.#hearError(String(message)));
    stream.on('subscription', (streams) => this.#hearListening(streams));
    stream.on('trade_update', () => this.#hearUpdate());
    stream.on('disconnected', () => this.end({ reason: this.#lastError || 'disconnected' }));
    stream.subscribeTradeUpdates();
    this.#after(times.connectMsMax, () => {
      if (!this.#isListening) this.end({ reason: this.#lastError || 'no answer in time' });
    });
    stream.connect();
  }

  end(end: End): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const timer of this.#timers) timer.cancel();
    this.#stream?.removeAllListeners();
    this.#stream?.disconnect();
    // A peer that is half gone never answers a close.
    this.#socket?.terminate();
    const isRefused = REFUSED.test(end.reason);
    const isBusy = BUSY.test(end.reason);
    this.#onEnd({ ...end, isRefused, isBusy, wasStable: this.#isStable });
  }

  /** The SDK's way to bring a socket: so that pings are ours, and the frame is at hand. */
  #connect(address: string): WebSocket {
    const socket = new WebSocket(address, {
      perMessageDeflate: false,
      maxPayload: FRAME_BYTES_MAX,
      followRedirects: false,
    });
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#frame = Array.isArray(data) ? Buffer.concat(data).toString() : textIn(data);
    });
    socket.on('open', () => this.#ping(socket));
    // Ended here, an opening socket fails once more.
    socket.on('error', () => {});
    return socket;
  }

  #ping(socket: WebSocket): void {
    const { pingMs, pongMsMax } = this.#options.times;
    if (this.#isEnded || socket.readyState !== WebSocket.OPEN) return;
    const late = this.#after(pongMsMax, () => this.end({ reason: 'no pong' }));
    socket.once('pong', () => {
      late.cancel();
      this.#timers.delete(late);
      this.#after(pingMs, () => this.#ping(socket));
    });
    socket.ping();
  }

  #hearListening(streams: unknown): void {
    if (!Array.isArray(streams) || !streams.includes('trade_updates')) {
      return this.end({ reason: 'the venue does not offer trade updates' });
    }
    if (this.#isListening) return;
    this.#isListening = true;
    this.#after(this.#options.times.stableMs, () => {
      this.#isStable = true;
    });
    this.#options.onListening();
  }

  /** The frame itself is read: the SDK cuts times to the millisecond. */
  #hearUpdate(): void {
    const frame = parseJson(this.#frame);
    const data = isRecord(frame) ? frame['data'] : undefined;
    if (isRecord(data)) this.#options.onUpdate(data);
  }

  /** Whatever ends the attempt is followed by `disconnected`; before `listening` all words do. */
  #hearError(message: string): void {
    if (this.#isEnded) return;
    if (this.#frame === HEARTBEAT && message.startsWith('failed to decode')) return;
    this.#lastError = message;
    if (message.startsWith('failed to')) return this.#options.onUnreadable(message);
    // 4.0.2 would stay connected after `connection limit exceeded` (venues.md 0.3).
    if (BUSY.test(message) || REFUSED.test(message)) this.end({ reason: message });
    else if (this.#isListening) this.#options.onUnreadable(message);
  }

  #after(ms: number, run: () => void): Timer {
    const timer = this.#options.timers.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }
}

/** `auth failed` in the SDK's words, `auth timeout` not: another attempt may be in time. */
const REFUSED = /auth failed|server response: 40[13]/;
const BUSY = /connection limit|server response: 429|too many/i;
/** The venue's frames are below this; one that is not is no frame of its. */
const FRAME_BYTES_MAX = 1 << 20;
/** The older protocol's (venues.md 3.1): one byte, no message. */
const HEARTBEAT = '\u0001';

function textIn(data: Buffer | ArrayBuffer): string {
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
