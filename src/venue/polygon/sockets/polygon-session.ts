import { frameOf, readClientMessage } from '../../sockets/codec.ts';
import { Outbox } from '../../sockets/outbox.ts';
import type { Link } from '../../sockets/socket-link.ts';
import type { WireEvent } from '../../sockets/wire-event.ts';
import { type FinalStatus, knownStatus, NOT_AUTHORIZED, statusEvent } from './polygon-status.ts';
import { type PolygonChannel, readTopics, TopicSet } from './polygon-topics.ts';

/** What a connection asks of the hub it belongs to. */
export interface PolygonSessionHost {
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  /** The answer to a key: undefined lets it in, and its place is then taken. */
  judge(session: PolygonSession, key: string): FinalStatus | undefined;
  authenticated(session: PolygonSession): void;
  isInPlan(channel: PolygonChannel): boolean;
  subscribed(session: PolygonSession): void;
  cut(session: PolygonSession): void;
}

/** One client of `/stocks` (venues.md 6.1): it speaks, its hub decides. Text, always arrays. */
export class PolygonSession {
  readonly link: Link;
  readonly topics = new TopicSet();
  isAuthenticated = false;
  isClosing = false;
  /** What the admin port holds back; statuses go on. */
  muted: ReadonlySet<PolygonChannel> | 'all' | undefined;
  sentEvents = 0;
  sentFrames = 0;
  mutedEvents = 0;
  readonly #host: PolygonSessionHost;
  readonly #outbox = new Outbox('json');

  constructor(link: Link, host: PolygonSessionHost) {
    this.link = link;
    this.#host = host;
  }

  open(): void {
    this.say([knownStatus('connected')]);
  }

  receive(data: Uint8Array, isBinary: boolean): void {
    if (this.isClosing) return;
    if (isBinary) return this.#error('binary frames are not read');
    const message = readClientMessage(data, false);
    if (message === undefined) return this.#error('invalid JSON');
    const params = message['params'];
    switch (message['action']) {
      case 'auth':
        return this.#authenticate(params);
      case 'subscribe':
        return this.#subscribe(params);
      case 'unsubscribe':
        return this.#unsubscribe(params);
      default:
        return this.#error('unknown action');
    }
  }

  /** Statuses do not wait for data. */
  say(events: readonly WireEvent[]): void {
    this.link.send(frameOf('json', events));
  }

  /** A last word, and 1008. */
  refuse(status: FinalStatus): void {
    this.say([knownStatus(status)]);
    this.isClosing = true;
    this.link.close(POLICY);
  }

  /** Data waits here for the end of the turn. */
  offer(event: WireEvent, channel: PolygonChannel): void {
    if (this.isClosing) return;
    if (this.muted === 'all' || this.muted?.has(channel) === true) this.mutedEvents += 1;
    else if (!this.#outbox.add(event)) this.cut();
  }

  get pendingEvents(): number {
    return this.#outbox.waiting;
  }

  /** Sends up to `eventsMax` of what waits; true where more is left. */
  flush(eventsMax: number): boolean {
    let left = eventsMax;
    while (this.pendingEvents > 0 && left > 0) {
      if (this.link.bufferedBytes > this.#host.outboundBytesMax) {
        this.cut();
        return false;
      }
      const frame = this.#outbox.take(Math.min(left, this.#host.frameEventsMax));
      left -= frame.length;
      this.sentEvents += frame.length;
      this.sentFrames += 1;
      this.link.send(frameOf('json', frame));
    }
    return this.pendingEvents > 0;
  }

  /** A client that does not read gets no word of it: 1006, or 1008 where a code is asked for. */
  cut(code?: number): void {
    this.#outbox.clear();
    this.isClosing = true;
    if (code === undefined) this.link.drop();
    else this.link.close(code);
    this.#host.cut(this);
  }

  #error(message: string): void {
    this.say([statusEvent('error', message)]);
  }

  #authenticate(key: unknown): void {
    if (this.isAuthenticated) return this.#error('already authenticated');
    const refusal = this.#host.judge(this, typeof key === 'string' ? key : '');
    if (refusal !== undefined) return this.refuse(refusal);
    this.isAuthenticated = true;
    this.say([knownStatus('auth_success')]);
    this.#host.authenticated(this);
  }

  /** One status for each topic, in their order. */
  #subscribe(params: unknown): void {
    if (!this.isAuthenticated) return this.#error('not authenticated');
    const topics = readTopics(params);
    if (topics === undefined) return this.#error('invalid params');
    const answers = topics.map(({ text, channel, symbol }) => {
      if (channel === undefined || !this.#host.isInPlan(channel)) {
        return statusEvent('error', NOT_AUTHORIZED);
      }
      this.topics.add(channel, symbol);
      return statusEvent('success', `subscribed to: ${text}`);
    });
    this.#host.subscribed(this);
    this.#sayAll(answers);
  }

  #unsubscribe(params: unknown): void {
    if (!this.isAuthenticated) return this.#error('not authenticated');
    const topics = readTopics(params);
    if (topics === undefined) return this.#error('invalid params');
    const answers = topics.map(({ text, channel, symbol }) => {
      if (channel !== undefined) this.topics.remove(channel, symbol);
      return statusEvent('success', `unsubscribed to: ${text}`);
    });
    this.#host.subscribed(this);
    this.#sayAll(answers);
  }

  #sayAll(events: readonly WireEvent[]): void {
    for (let at = 0; at < events.length; at += STATUSES_A_FRAME) {
      this.say(events.slice(at, at + STATUSES_A_FRAME));
    }
  }
}

/** RFC 6455, 7.4.1: a policy was not met. */
export const POLICY = 1_008;
const STATUSES_A_FRAME = 256;
