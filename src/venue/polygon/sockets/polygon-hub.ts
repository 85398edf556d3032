import type { Timer } from '../../../ports/clock.ts';
import { type AuthTimerOptions, startAuthTimer } from '../../sockets/auth-timer.ts';
import { ConnectionSlots } from '../../sockets/connection-slots.ts';
import type { Credentials } from '../../sockets/credentials.ts';
import type { Link } from '../../sockets/socket-link.ts';
import type { WireEvent } from '../../sockets/wire-event.ts';
import { PolygonSession, type PolygonSessionHost } from './polygon-session.ts';
import type { FinalStatus } from './polygon-status.ts';
import type { PolygonChannel } from './polygon-topics.ts';

export interface PolygonHubOptions extends AuthTimerOptions {
  readonly credentials: Credentials | undefined;
  /** A cluster takes so many of one account. */
  readonly connectionsMax: number;
  readonly slotReleaseMs: number;
  /** Who has to go where there are too many: unknown of the real venue (venues.md 11). */
  readonly evicts: 'newcomer' | 'oldest';
  readonly channels: readonly PolygonChannel[];
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
}

/** What the admin port has scripted for the next authentications. */
export interface PolygonAuthScript {
  readonly status: FinalStatus;
  /** Says `auth_success` first and this so many wall milliseconds later; else at once. */
  readonly afterMs: number | undefined;
  left: number;
}

/** All connections of `/stocks`, and who gets what. */
export class PolygonHub implements PolygonSessionHost {
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  authScript: PolygonAuthScript | undefined;
  connections = 0;
  slowCuts = 0;
  refusals = 0;
  /** Of one client, the most at a time: messages that waited, bytes that its socket kept. */
  pendingMost = 0;
  bufferedMost = 0;
  readonly #options: PolygonHubOptions;
  readonly #slots: ConnectionSlots;
  readonly #sessions = new Map<PolygonSession, Timer>();
  readonly #listeners: (() => void)[] = [];
  #channels: ReadonlySet<PolygonChannel>;

  constructor(options: PolygonHubOptions) {
    const { timers, slotReleaseMs, connectionsMax } = options;
    this.#options = options;
    this.#slots = new ConnectionSlots(timers, slotReleaseMs, connectionsMax);
    this.#channels = new Set(options.channels);
    this.frameEventsMax = options.frameEventsMax;
    this.outboundBytesMax = options.outboundBytesMax;
  }

  get sessions(): Iterable<PolygonSession> {
    return this.#sessions.keys();
  }

  /** Called whenever a client's set of topics changed or a client left. */
  onSubscriptions(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Topics of other channels are refused from now on; undefined opens all of the plan again. */
  restrict(channels: readonly PolygonChannel[] | undefined): void {
    this.#channels = new Set(channels ?? this.#options.channels);
  }

  connect(link: Link): PolygonSession {
    const session = new PolygonSession(link, this);
    this.connections += 1;
    const timer = startAuthTimer(this.#options, () => session.refuse('auth_timeout'));
    this.#sessions.set(session, timer);
    session.open();
    return session;
  }

  closed(session: PolygonSession, wasClean: boolean): void {
    this.#sessions.get(session)?.cancel();
    this.#sessions.delete(session);
    if (session.isAuthenticated) {
      this.#slots.release(CLUSTER, session, wasClean || session.isClosing);
    }
    this.subscribed();
  }

  judge(session: PolygonSession, key: string): FinalStatus | undefined {
    const refusal = this.#judge(session, key);
    this.#sessions.get(session)?.cancel();
    if (refusal !== undefined) this.refusals += 1;
    return refusal;
  }

  authenticated(session: PolygonSession): void {
    const script = this.authScript;
    if (script?.afterMs === undefined || script.left <= 0) return;
    script.left -= 1;
    this.refusals += 1;
    this.#options.timers.after(script.afterMs, () => {
      if (!session.isClosing) session.refuse(script.status);
    });
  }

  isInPlan(channel: PolygonChannel): boolean {
    return this.#channels.has(channel);
  }

  subscribed(): void {
    for (const listener of this.#listeners) listener();
  }

  cut(): void {
    this.slowCuts += 1;
  }

  isWanted(channel: PolygonChannel, symbol: string): boolean {
    for (const { topics } of this.#sessions.keys()) {
      if (topics.has(channel, symbol)) return true;
    }
    return false;
  }

  publish(channel: PolygonChannel, symbol: string, event: WireEvent): void {
    for (const session of this.#sessions.keys()) {
      if (session.topics.has(channel, symbol)) session.offer(event, channel);
    }
  }

  /** Messages that wait, of the client that has most of them. */
  get pendingEvents(): number {
    let most = 0;
    for (const { pendingEvents } of this.#sessions.keys()) most = Math.max(most, pendingEvents);
    return most;
  }

  /** Sends what waits, a frame to each client in turn, until the time is up: true where more is. */
  flush(isTimeUp: () => boolean): boolean {
    for (;;) {
      let isMore = false;
      for (const session of this.#sessions.keys()) {
        if (session.pendingEvents > 0 && this.#flush(session)) isMore = true;
      }
      if (!isMore || isTimeUp()) return isMore;
    }
  }

  #flush(session: PolygonSession): boolean {
    this.pendingMost = Math.max(this.pendingMost, session.pendingEvents);
    const isMore = session.flush(this.frameEventsMax);
    this.bufferedMost = Math.max(this.bufferedMost, session.link.bufferedBytes);
    return isMore;
  }

  #judge(session: PolygonSession, key: string): FinalStatus | undefined {
    const script = this.authScript;
    if (script !== undefined && script.left > 0 && script.afterMs === undefined) {
      script.left -= 1;
      return script.status;
    }
    const { credentials, evicts } = this.#options;
    const isKnown = credentials === undefined ? key !== '' : key === credentials.key;
    if (!isKnown) return 'auth_failed';
    if (this.#slots.take(CLUSTER, session)) return undefined;
    if (evicts === 'newcomer') return 'max_connections';
    this.#evictOldest();
    return this.#slots.take(CLUSTER, session) ? undefined : 'max_connections';
  }

  #evictOldest(): void {
    for (const session of this.#sessions.keys()) {
      if (!session.isAuthenticated || session.isClosing) continue;
      session.refuse('max_connections');
      this.#slots.release(CLUSTER, session, true);
      return;
    }
  }
}

const CLUSTER = 'stocks';
