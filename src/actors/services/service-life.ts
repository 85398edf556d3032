import type { Random } from '../../core/random.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { Input } from '../../ports/input.ts';
import type { LogFields, Provider } from '../../ports/service.ts';

export type LifeState =
  | 'waiting' // Not begun, or its next try is some backoff away.
  | 'starting'
  | 'up'
  | 'degraded'
  | 'down' // Its budget is spent: only a person brings it back.
  | 'stopping'
  | 'stopped';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a service's life needs of the tree, and tells it. */
export interface ServiceHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  enter(input: Input): void;
  log(level: LogLevel, event: string, fields: LogFields): void;
  /** Its state, or the reason for it. */
  changed(): void;
  /** Our own code is wrong: the process has to stop. */
  fatal(error: unknown): void;
}

/** What the router does as a service lives and dies. */
export interface Desk {
  /** It is usable and there may be something to send. */
  drain(): void;
  /** What it had will not be answered by it any more. */
  lost(code: string, reason: string): void;
}

export interface Watch {
  end(): void;
}

/** One life of a provider. What an old one still says is a dead letter. */
export interface Instance {
  readonly number: number;
  provider: Provider | undefined;
  startWatch: Watch | undefined;
  isStarted: boolean;
  isOver: boolean;
  health: 'up' | 'degraded';
  reason: string;
}
