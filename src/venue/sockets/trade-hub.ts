import type { IncomingHttpHeaders } from 'node:http';
import type { Timer, Timers } from '../../ports/clock.ts';
import type { MarketTimers } from '../clock/market-timers.ts';
import { codecOf, isMap } from './codec.ts';
import { type Credentials, isValid, type Shown, shownInHeaders } from './credentials.ts';
import { AUTH_US } from './data-hub.ts';
import type { Link } from './socket-link.ts';
import { TradeSession, type TradeSessionHost } from './trade-session.ts';

/** The `data` of a `trade_updates` message: an event and the whole order (venues.md 3.2). */
export type TradeUpdate = Readonly<Record<string, unknown>>;

export interface TradeHubOptions {
  readonly timers: Timers;
  readonly marketTimers: MarketTimers;
  readonly frames: 'binary' | 'text';
  readonly credentials?: Credentials | undefined;
}

/** The order stream. Nothing is sent again after a reconnect: what was missed is in REST. */
export class TradeHub implements TradeSessionHost {
  readonly frames: 'binary' | 'text';
  connections = 0;
  updates = 0;
  /** Updates wait this much wall time before they go out; the admin port sets it. */
  delayMs = 0;
  /** Changes the next so many updates on their way out; the admin port sets it. */
  alter: { readonly patch: TradePatch; left: number } | undefined;
  readonly #options: TradeHubOptions;
  readonly #sessions = new Map<TradeSession, Timer>();
  #history: TradeUpdate[] = [];
  #waiting: TradeUpdate[] = [];

  constructor(options: TradeHubOptions) {
    this.#options = options;
    this.frames = options.frames;
  }

  get sessions(): Iterable<TradeSession> {
    return this.#sessions.keys();
  }

  /** One connection an account: a second one is refused at the upgrade (venues.md 3.1). */
  get isTaken(): boolean {
    return this.#sessions.size > 0;
  }

  connect(link: Link, headers: IncomingHttpHeaders): TradeSession {
    const session = new TradeSession(link, codecOf(headers['content-type']), this);
    this.connections += 1;
    const timer = this.#options.marketTimers.after(AUTH_US, () => {
      this.#options.timers.after(AUTH_WALL_MS, () => {
        if (!session.isAuthenticated) session.link.close(POLICY);
      });
    });
    this.#sessions.set(session, timer);
    session.open(shownInHeaders(headers));
    return session;
  }

  closed(session: TradeSession): void {
    this.#sessions.get(session)?.cancel();
    this.#sessions.delete(session);
  }

  isWelcome(shown: Shown): boolean {
    return isValid(shown, this.#options.credentials);
  }

  authenticated(session: TradeSession): void {
    this.#sessions.get(session)?.cancel();
  }

  /**
   * Takes an update that just happened. It leaves in a later turn of the loop, so that the answer
   * to the request that caused it goes first (venues.md 3.2).
   */
  publish(update: TradeUpdate): void {
    this.updates += 1;
    this.#waiting.push(update);
    if (this.#waiting.length > 1) return;
    if (this.delayMs > 0) {
      this.#options.timers.after(this.delayMs, () => {
        this.#send();
      });
    } else {
      setImmediate(() => {
        this.#send();
      });
    }
  }

  /** The last `count` updates as they were sent, oldest first. */
  last(count: number): readonly TradeUpdate[] {
    return this.#history.slice(-count);
  }

  /** Sends updates again, or ones that never happened. */
  repeat(updates: readonly TradeUpdate[]): number {
    for (const update of updates) this.#sendOne(update);
    return updates.length;
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const update of waiting) {
      const altered = this.#altered(update);
      this.#history.push(altered);
      this.#sendOne(altered);
    }
    if (this.#history.length > 2 * HISTORY_MAX) this.#history = this.#history.slice(-HISTORY_MAX);
  }

  #sendOne(update: TradeUpdate): void {
    for (const session of this.#sessions.keys()) session.update(update);
  }

  #altered(update: TradeUpdate): TradeUpdate {
    const { alter } = this;
    if (alter === undefined || alter.left <= 0) return update;
    alter.left -= 1;
    const { event, status, extra } = alter.patch;
    const order = isMap(update['order']) ? update['order'] : {};
    return {
      ...update,
      ...extra,
      ...(event === undefined ? {} : { event }),
      order: { ...order, ...extra, ...(status === undefined ? {} : { status }) },
    };
  }
}

/** What an update is made to say: words that no client knows. */
export interface TradePatch {
  readonly event?: string;
  readonly status?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** As many updates as can be sent again. */
const HISTORY_MAX = 1_000;
const AUTH_WALL_MS = 2_000;
/** RFC 6455, 7.4.1: a policy was not met. */
const POLICY = 1_008;
