import type { IncomingHttpHeaders } from 'node:http';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Timer } from '../../ports/clock.ts';
import { type AuthTimerOptions, startAuthTimer } from './auth-timer.ts';
import { codecOf } from './codec.ts';
import type { ConnectionSlots } from './connection-slots.ts';
import { type Credentials, isValid, type Shown, shownInHeaders } from './credentials.ts';
import { type DataChannel, type DataEndpoint, isInPlan } from './data-channels.ts';
import type { DataErrorCode } from './data-errors.ts';
import { type AuthRefusal, DataSession, type DataSessionHost } from './data-session.ts';
import { DelayedEvents } from './delayed-events.ts';
import type { Link } from './socket-link.ts';
import type { SubscriptionLimit } from './subscriptions.ts';
import type { WireEvent } from './wire-event.ts';

export interface DataHubOptions extends AuthTimerOptions {
  readonly slots: ConnectionSlots;
  readonly limit: SubscriptionLimit;
  readonly credentials?: Credentials | undefined;
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  /** Whether error 406 closes the connection: unknown of the real venue (venues.md 11). */
  readonly connectionLimit: 'stay' | 'close';
}

export const AUTH_US = 10 * SECOND;

/** What the admin port has scripted for the next authentications or subscriptions. */
export interface Script {
  readonly code: DataErrorCode;
  readonly then: 'stay' | 'close' | 'timeout';
  left: number;
}

/** All connections of the data endpoints, and who gets what. */
export class DataHub implements DataSessionHost {
  readonly limit: SubscriptionLimit;
  readonly frameEventsMax: number;
  readonly outboundBytesMax: number;
  readonly delayed: DelayedEvents;
  authScript: Script | undefined;
  subscribeScript: Script | undefined;
  connections = 0;
  slowCuts = 0;
  refusals = 0;
  /** Of one client, the most at a time: messages that waited, bytes that its socket kept. */
  pendingMost = 0;
  bufferedMost = 0;
  readonly #options: DataHubOptions;
  readonly #sessions = new Map<DataSession, Timer>();
  readonly #listeners: (() => void)[] = [];

  constructor(options: DataHubOptions) {
    this.#options = options;
    this.limit = options.limit;
    this.frameEventsMax = options.frameEventsMax;
    this.outboundBytesMax = options.outboundBytesMax;
    this.delayed = new DelayedEvents(DELAY_US);
  }

  get sessions(): Iterable<DataSession> {
    return this.#sessions.keys();
  }

  /** Called whenever a client's set of symbols changed or a client left. */
  onSubscriptions(listener: () => void): void {
    this.#listeners.push(listener);
  }

  connect(link: Link, endpoint: DataEndpoint, headers: IncomingHttpHeaders): DataSession {
    const session = new DataSession(link, codecOf(headers['content-type']), endpoint, this);
    this.connections += 1;
    this.#sessions.set(
      session,
      startAuthTimer(this.#options, () => session.refuse(404, 'close')),
    );
    session.open(shownInHeaders(headers));
    return session;
  }

  closed(session: DataSession, wasClean: boolean): void {
    this.#sessions.get(session)?.cancel();
    this.#sessions.delete(session);
    if (session.isAuthenticated) {
      this.#options.slots.release(session.endpoint.path, session, wasClean || session.isClosing);
    }
    this.delayed.forget(session);
    this.subscribed();
  }

  judge(session: DataSession, shown: Shown): AuthRefusal | undefined {
    const refusal = this.#judge(session, shown);
    if (refusal === undefined) this.#sessions.get(session)?.cancel();
    else this.refusals += 1;
    return refusal;
  }

  refuseSubscribe(): DataErrorCode | undefined {
    const script = this.subscribeScript;
    if (script === undefined || script.left <= 0) return undefined;
    script.left -= 1;
    return script.code;
  }

  subscribed(): void {
    for (const listener of this.#listeners) listener();
  }

  ended(session: DataSession): void {
    this.slowCuts += 1;
    this.#options.timers.after(SLOW_CLOSE_MS, () => {
      session.link.drop();
    });
  }

  /** Whether any client wants a symbol on a channel of the stock feeds. */
  isWanted(channel: DataChannel, symbol: string): boolean {
    for (const { subscriptions } of this.#sessions.keys()) {
      if (subscriptions.has(channel, symbol)) return true;
    }
    return false;
  }

  publish(channel: DataChannel, symbol: string, event: WireEvent): void {
    for (const session of this.#sessions.keys()) {
      const { feed } = session.endpoint;
      if (feed === 'test' || !session.subscriptions.has(channel, symbol)) continue;
      if (feed === 'delayed_sip') {
        this.delayed.add(this.#options.clock.nowUs(), session, channel, event);
      } else session.offer(event, channel);
    }
  }

  /** A story goes out once to whoever wants one of its symbols. */
  publishNews(symbols: readonly string[], event: WireEvent): void {
    for (const session of this.#sessions.keys()) {
      const isFor = symbols.some((symbol) => session.subscriptions.has('news', symbol));
      if (isFor) session.offer(event, 'news');
    }
  }

  publishTest(channel: DataChannel, symbol: string, event: WireEvent): void {
    for (const session of this.#sessions.keys()) {
      if (session.endpoint.feed !== 'test') continue;
      if (session.subscriptions.has(channel, symbol)) session.offer(event, channel);
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
    this.delayed.release(this.#options.clock.nowUs());
    for (;;) {
      let isMore = false;
      for (const session of this.#sessions.keys()) {
        if (session.pendingEvents > 0 && this.#flush(session)) isMore = true;
      }
      if (!isMore || isTimeUp()) return isMore;
    }
  }

  #flush(session: DataSession): boolean {
    this.pendingMost = Math.max(this.pendingMost, session.pendingEvents);
    const isMore = session.flush(this.frameEventsMax);
    this.bufferedMost = Math.max(this.bufferedMost, session.link.bufferedBytes);
    return isMore;
  }

  #judge(session: DataSession, shown: Shown): AuthRefusal | undefined {
    const script = this.authScript;
    if (script !== undefined && script.left > 0) {
      script.left -= 1;
      if (script.then === 'timeout') this.#refuseLater(session);
      return { code: script.code, then: script.then === 'close' ? 'close' : 'stay' };
    }
    const { credentials, slots, connectionLimit } = this.#options;
    if (!isValid(shown, credentials)) return { code: 402, then: 'close' };
    const { feed, path } = session.endpoint;
    if (!isInPlan(feed, this.limit.plan)) return { code: 409, then: 'close' };
    if (!slots.take(path, session)) return { code: 406, then: connectionLimit };
    return undefined;
  }

  #refuseLater(session: DataSession): void {
    this.#options.timers.after(SLOW_CLOSE_MS, () => {
      if (!session.isClosing) session.refuse(404, 'close');
    });
  }
}

const DELAY_US = 15 * MINUTE;
/** A client that does not read will not read the goodbye either. */
const SLOW_CLOSE_MS = 1_000;
