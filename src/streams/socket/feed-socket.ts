import { doubled } from '../../core/doubling.ts';
import type { Random } from '../../core/random.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { Connect, Connection } from './connection.ts';
import { SilenceWatch } from './silence-watch.ts';

/** All in wall time: sockets do not live in a simulated market's. */
export interface SocketLimits {
  readonly connectMsMax: number;
  /** Without a byte, also no pong, the connection counts as dead. Pings go out twice as often. */
  readonly silenceMsMax: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
  /** How long a goodbye may take. */
  readonly closeMsMax: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  connectMsMax: 5_000,
  silenceMsMax: 5_000,
  backoffMsMin: 250,
  // A venue that is back is found again within this time, whatever came before (D3).
  backoffMsMax: 8_000,
  closeMsMax: 1_000,
};

/** What follows the end of a connection. */
export type Verdict =
  /** Connect again after a wait that grows; `waitMsMin` on top where the venue wants to be left. */
  | { readonly then: 'retry'; readonly waitMsMin?: number }
  /** Trying again cannot help. */
  | { readonly then: 'stop' };

export const RETRY: Verdict = { then: 'retry' };
export const STOP: Verdict = { then: 'stop' };

export type SocketState = 'connecting' | 'open' | 'waiting' | 'stopped';

/** The feed over the socket: what it hears, and what it decides. */
export interface Feed {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** The connection is gone; heard once for each that had been open, before any other. */
  lost(reason: string): void;
  /** The upgrade was answered with a status. */
  judgeStatus(status: number): Verdict;
  changed(state: SocketState, reason: string): void;
}

export interface FeedSocketOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly limits: SocketLimits;
  readonly feed: Feed;
}

/** Lived this long, a connection was a success, data or none. */
const STEADY_MS = 30_000;
/** With data it was one sooner; at once would storm a venue that drops us after a frame. */
const STEADY_DATA_MS = 1_000;

interface Link {
  connection: Connection | undefined;
  isOpen: boolean;
  openedMs: number;
  hasData: boolean;
  isPaused: boolean;
  verdict: Verdict;
  /** It is closed, and somebody waits for that. */
  goodbye: () => void;
}

/**
 * One websocket that is always there, or on its way: connects, finds out that it is dead, waits,
 * and connects again. Never more than one connection, never more than one attempt.
 */
export class FeedSocket {
  /** Connections that were opened. */
  connections = 0;
  /** Attempts, opened or not. */
  attempts = 0;
  #state: SocketState = 'stopped';
  readonly #options: FeedSocketOptions;
  readonly #watch: SilenceWatch;
  #link: Link | undefined;
  /** Failures in a row. */
  #failures = 0;
  /** The deadline of an attempt, or the wait before one. */
  #timer: Timer | undefined;
  #pinger: Timer | undefined;

  constructor(options: FeedSocketOptions) {
    this.#options = options;
    const { clock, timers, limits } = options;
    this.#watch = new SilenceWatch({
      clock,
      timers,
      limitMs: () => limits.silenceMsMax,
      // What we do not read says nothing about the peer.
      isExpected: () => this.#link?.isPaused !== true,
      onSilent: () => this.drop(`silent for ${limits.silenceMsMax} ms`),
    });
  }

  get state(): SocketState {
    return this.#state;
  }

  start(): void {
    if (this.#state === 'stopped') this.#connect();
  }

  /** Settles when the connection is closed, or its time for that is over. */
  stop(reason = 'stopped'): Promise<void> {
    const link = this.#link;
    this.#release();
    this.#failures = 0;
    this.#become('stopped', reason);
    const connection = link?.connection;
    if (link === undefined || connection === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const { timers, limits } = this.#options;
      const deadline = timers.after(limits.closeMsMax, () => {
        connection.terminate();
        resolve();
      });
      link.goodbye = () => {
        deadline.cancel();
        resolve();
      };
      connection.close();
    });
  }

  /** The feed wants another connection, or none. */
  drop(reason: string, verdict: Verdict = RETRY): void {
    const link = this.#link;
    if (link !== undefined) this.#end(link, reason, verdict);
  }

  send(text: string): void {
    if (this.#link?.isOpen === true) this.#link.connection?.send(text);
  }

  /** Data came: the venue serves us, so the next wait may be short again. */
  steady(): void {
    if (this.#link !== undefined) this.#link.hasData = true;
  }

  pause(): void {
    const link = this.#link;
    if (link === undefined || !link.isOpen || link.isPaused) return;
    link.isPaused = true;
    link.connection?.pause();
  }

  resume(): void {
    const link = this.#link;
    if (link === undefined || !link.isPaused) return;
    link.isPaused = false;
    this.#watch.heard();
    link.connection?.resume();
  }

  #connect(): void {
    const { connect, timers, limits, feed } = this.#options;
    const link: Link = {
      connection: undefined,
      isOpen: false,
      openedMs: 0,
      hasData: false,
      isPaused: false,
      verdict: RETRY,
      goodbye: () => {},
    };
    this.#link = link;
    this.attempts += 1;
    this.#become('connecting', '');
    const late = `no connection within ${limits.connectMsMax} ms`;
    this.#timer = timers.after(limits.connectMsMax, () => this.#end(link, late, RETRY));
    const isCurrent = () => this.#link === link;
    try {
      link.connection = connect({
        opened: () => {
          if (isCurrent()) this.#opened(link);
        },
        received: (bytes) => {
          if (!isCurrent()) return;
          this.#watch.heard();
          feed.received(bytes);
        },
        ponged: () => {
          if (isCurrent()) this.#watch.heard();
        },
        refused: (status) => {
          link.verdict = feed.judgeStatus(status);
          this.#end(link, `the upgrade was answered with ${status}`, link.verdict);
        },
        closed: (code, reason) => {
          link.goodbye();
          this.#end(link, `closed with ${code} ${reason}`.trimEnd(), link.verdict);
        },
      });
    } catch (error) {
      this.#end(link, error instanceof Error ? error.message : 'cannot connect', RETRY);
    }
  }

  #opened(link: Link): void {
    const { clock, feed } = this.#options;
    this.#timer?.cancel();
    link.isOpen = true;
    link.openedMs = clock.wallMs();
    this.connections += 1;
    this.#watch.begin();
    this.#ping(link);
    this.#become('open', '');
    feed.opened();
  }

  /** Twice within the limit, so that one lost pong is not a death. */
  #ping(link: Link): void {
    const { timers, limits } = this.#options;
    this.#pinger = timers.after(limits.silenceMsMax / 2.5, () => {
      link.connection?.ping();
      this.#ping(link);
    });
  }

  /** A connection is over, for whatever reason comes first. */
  #end(link: Link, reason: string, verdict: Verdict): void {
    if (this.#link !== link) return;
    const { clock, feed } = this.#options;
    const livedMs = link.isOpen ? clock.wallMs() - link.openedMs : 0;
    const isSteady = livedMs >= STEADY_MS || (link.hasData && livedMs >= STEADY_DATA_MS);
    this.#failures = isSteady ? 0 : this.#failures + 1;
    this.#release();
    link.connection?.terminate();
    // Before anybody hears of it, so that `stop` in an answer finds a state to leave.
    if (verdict.then === 'stop') this.#become('stopped', reason);
    else this.#wait(reason, verdict.waitMsMin ?? 0);
    if (link.isOpen) feed.lost(reason);
  }

  #release(): void {
    this.#link = undefined;
    this.#watch.end();
    this.#timer?.cancel();
    this.#pinger?.cancel();
    this.#timer = undefined;
    this.#pinger = undefined;
  }

  /** Full jitter: anywhere between at once and a limit that doubles. */
  #wait(reason: string, waitMsMin: number): void {
    const { timers, random, limits } = this.#options;
    const { backoffMsMin, backoffMsMax } = limits;
    const waitMs = waitMsMin + random.unit() * doubled(backoffMsMin, this.#failures, backoffMsMax);
    this.#timer = timers.after(waitMs, () => this.#connect());
    this.#become('waiting', reason);
  }

  #become(state: SocketState, reason: string): void {
    this.#state = state;
    this.#options.feed.changed(state, reason);
  }
}
