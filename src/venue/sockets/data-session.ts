import { type ClientMessage, type CodecName, frameOf, readClientMessage } from './codec.ts';
import type { Shown } from './credentials.ts';
import type { DataChannel, DataEndpoint } from './data-channels.ts';
import { type DataErrorCode, errorEvent, successEvent } from './data-errors.ts';
import { Outbox } from './outbox.ts';
import type { Link } from './socket-link.ts';
import { readWanted, type SubscriptionLimit, Subscriptions } from './subscriptions.ts';
import type { WireEvent } from './wire-event.ts';

/** What a connection asks of the hub it belongs to. */
export interface DataSessionHost {
  readonly limit: SubscriptionLimit;
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  /** The answer to credentials: undefined lets it in, and its slot is then taken. */
  judge(session: DataSession, shown: Shown): AuthRefusal | undefined;
  /** Called before a subscription is granted: what the admin port has scripted. */
  refuseSubscribe(session: DataSession): DataErrorCode | undefined;
  subscribed(session: DataSession): void;
  ended(session: DataSession, reason: string): void;
}

export interface AuthRefusal {
  readonly code: DataErrorCode;
  readonly then: 'close' | 'stay';
}

/** One client of a data endpoint (venues.md 2.3): it speaks, its hub decides. */
export class DataSession {
  readonly endpoint: DataEndpoint;
  readonly codec: CodecName;
  readonly link: Link;
  readonly subscriptions: Subscriptions;
  isAuthenticated = false;
  isClosing = false;
  /** What the admin port holds back; control messages go on. */
  muted: ReadonlySet<DataChannel> | 'all' | undefined;
  sentEvents = 0;
  sentFrames = 0;
  mutedEvents = 0;
  readonly #host: DataSessionHost;
  readonly #outbox: Outbox;

  constructor(link: Link, codec: CodecName, endpoint: DataEndpoint, host: DataSessionHost) {
    this.link = link;
    this.codec = codec;
    this.endpoint = endpoint;
    this.#host = host;
    this.#outbox = new Outbox(codec);
    this.subscriptions = new Subscriptions(endpoint, host.limit);
  }

  /** Credentials in the headers earn both success messages unasked. */
  open(shown: Shown | undefined): void {
    this.control(successEvent('connected'));
    if (shown !== undefined) this.#authenticate(shown);
  }

  receive(data: Uint8Array, isBinary: boolean): void {
    if (this.isClosing) return;
    const message = readClientMessage(data, isBinary);
    if (message === undefined) return this.refuse(400, 'stay');
    switch (message['action']) {
      case 'auth':
        return this.#auth(message);
      case 'subscribe':
        return this.#subscribe(message);
      case 'unsubscribe':
        return this.#unsubscribe(message);
      default:
        return this.refuse(400, 'stay');
    }
  }

  /** Control messages come alone, and do not wait for data (venues.md 2.2). */
  control(event: WireEvent): void {
    this.link.send(frameOf(this.codec, [event]));
  }

  refuse(code: DataErrorCode, then: 'stay' | 'close'): void {
    this.control(errorEvent(code));
    if (then === 'close') this.close();
  }

  close(code = NORMAL): void {
    this.isClosing = true;
    this.link.close(code);
  }

  /** Data waits here for the end of the turn. */
  offer(event: WireEvent, channel: DataChannel): void {
    if (this.isClosing) return;
    if (this.muted === 'all' || this.muted?.has(channel) === true) this.mutedEvents += 1;
    else if (!this.#outbox.add(event)) this.cutSlow();
  }

  get pendingEvents(): number {
    return this.#outbox.waiting;
  }

  /**
   * Sends up to `eventsMax` of what waits, in frames that no client refuses; true where more is
   * left. A client that does not read is told so and cut (error 407).
   */
  flush(eventsMax: number): boolean {
    let left = eventsMax;
    while (this.pendingEvents > 0 && left > 0) {
      if (this.link.bufferedBytes > this.#host.outboundBytesMax) return this.cutSlow();
      const frame = this.#outbox.take(Math.min(left, this.#host.frameEventsMax));
      left -= frame.length;
      this.sentEvents += frame.length;
      this.sentFrames += 1;
      this.link.send(frameOf(this.codec, frame));
    }
    return this.pendingEvents > 0;
  }

  /** Error 407; what waited is lost. */
  cutSlow(): false {
    this.#outbox.clear();
    this.isClosing = true;
    this.link.send(frameOf(this.codec, [errorEvent(407)]));
    this.link.close(NORMAL);
    this.#host.ended(this, 'slow');
    return false;
  }

  #auth(message: ClientMessage): void {
    if (this.isAuthenticated) return this.refuse(403, 'stay');
    const key = message['key'];
    const secret = message['secret'];
    if (typeof key !== 'string' || typeof secret !== 'string') return this.refuse(400, 'stay');
    this.#authenticate({ key, secret });
  }

  #authenticate(shown: Shown): void {
    const refusal = this.#host.judge(this, shown);
    if (refusal !== undefined) return this.refuse(refusal.code, refusal.then);
    this.isAuthenticated = true;
    this.control(successEvent('authenticated'));
  }

  #subscribe(message: ClientMessage): void {
    if (!this.isAuthenticated) return this.refuse(401, 'stay');
    const scripted = this.#host.refuseSubscribe(this);
    if (scripted !== undefined) return this.refuse(scripted, 'stay');
    const wanted = readWanted(message, this.endpoint);
    if (typeof wanted === 'number') return this.refuse(wanted, 'stay');
    const refusal = this.subscriptions.add(wanted);
    if (refusal !== undefined) return this.refuse(refusal, 'stay');
    this.#host.subscribed(this);
    this.control(this.subscriptions.acknowledgement());
  }

  #unsubscribe(message: ClientMessage): void {
    if (!this.isAuthenticated) return this.refuse(401, 'stay');
    const wanted = readWanted(message, this.endpoint);
    if (typeof wanted === 'number') return this.refuse(wanted, 'stay');
    this.subscriptions.remove(wanted);
    this.#host.subscribed(this);
    this.control(this.subscriptions.acknowledgement());
  }
}

const NORMAL = 1_000;
