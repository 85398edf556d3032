import {
  type ClientMessage,
  type CodecName,
  isMap,
  plainFrame,
  readClientMessage,
} from './codec.ts';
import type { Shown } from './credentials.ts';
import type { Link } from './socket-link.ts';

export interface TradeSessionHost {
  /** Paper sends JSON in binary frames, live in text frames (venues.md 3.1). */
  readonly frames: 'binary' | 'text';
  isWelcome(shown: Shown): boolean;
  authenticated(session: TradeSession): void;
}

const STREAM = 'trade_updates';
/** Three thousand updates that nobody read: such a client is cut. */
const OUTBOUND_BYTES_MAX = 8 * 1_024 * 1_024;

/** One client of the order stream. Messages are single objects; there is no welcome. */
export class TradeSession {
  readonly link: Link;
  readonly codec: CodecName;
  isAuthenticated = false;
  isListening = false;
  /** Nothing but pongs until it is over. */
  isMuted = false;
  sent = 0;
  readonly #host: TradeSessionHost;

  constructor(link: Link, codec: CodecName, host: TradeSessionHost) {
    this.link = link;
    this.codec = codec;
    this.#host = host;
  }

  /** Credentials in the headers count, the answer still waits for the client's message. */
  open(shown: Shown | undefined): void {
    if (shown !== undefined && this.#host.isWelcome(shown)) this.isAuthenticated = true;
  }

  receive(data: Uint8Array, isBinary: boolean): void {
    const message = readClientMessage(data, isBinary);
    const action = message?.['action'];
    if (message !== undefined && (action === 'authenticate' || action === 'auth')) {
      this.#authenticate(message);
    } else if (message !== undefined && action === 'listen') this.#listen(message);
    else this.error(message === undefined ? 'invalid syntax' : 'unknown action');
  }

  say(value: unknown): void {
    if (this.isMuted) return;
    if (this.link.bufferedBytes > OUTBOUND_BYTES_MAX) this.link.drop();
    else this.link.send(this.frame(value));
  }

  frame(value: unknown): string | Uint8Array {
    const frame = plainFrame(this.codec, value);
    const asBinary = typeof frame === 'string' && this.#host.frames === 'binary';
    return asBinary ? Buffer.from(frame, 'utf8') : frame;
  }

  error(message: string): void {
    this.say({ action: 'error', data: { error_message: message } });
  }

  /** An update, if the client listens. */
  update(data: unknown): void {
    if (!this.isListening || this.isMuted) return;
    this.sent += 1;
    this.say({ stream: STREAM, data });
  }

  #authenticate(message: ClientMessage): void {
    const shown = shownIn(message);
    const isWelcome = shown !== undefined && this.#host.isWelcome(shown);
    this.isAuthenticated = isWelcome;
    this.#authorization('authenticate', isWelcome ? 'authorized' : 'unauthorized');
    if (isWelcome) this.#host.authenticated(this);
  }

  /** Replaces the set; unknown streams are left out of the acknowledgement. */
  #listen(message: ClientMessage): void {
    if (!this.isAuthenticated) return this.#authorization('listen', 'unauthorized');
    const data = message['data'];
    const streams = isMap(data) ? data['streams'] : undefined;
    if (!Array.isArray(streams)) return this.error('invalid syntax');
    this.isListening = streams.includes(STREAM);
    this.say({ stream: 'listening', data: { streams: this.isListening ? [STREAM] : [] } });
  }

  #authorization(action: string, status: string): void {
    this.say({ stream: 'authorization', data: { action, status } });
  }
}

/** `authenticate` with its data, or `auth` as the data streams have it. */
function shownIn(message: ClientMessage): Shown | undefined {
  const data = isMap(message['data']) ? message['data'] : message;
  const key = data['key_id'] ?? data['key'];
  const secret = data['secret_key'] ?? data['secret'];
  if (typeof key === 'string' && typeof secret === 'string') return { key, secret };
  const token = data['oauth_token'];
  return typeof token === 'string' ? { secret: token } : undefined;
}
