import type { EffectKind, Requested } from './effect.ts';
import type { Answer, Input } from './input.ts';

/** The name under which the kernel hears of a service's health. */
export type ServiceName = Extract<Input, { kind: 'serviceChanged' }>['service'];

/** An answer without the effect's id, which the router knows. */
export type EffectAnswer = Omit<Answer, 'kind' | 'effectInput' | 'effectIndex'>;

/**
 * A part of the outside world as the supervision tree sees it. A crash is a rejection, or a call of
 * `context.failed`; the tree then makes a new instance, after a while, within a budget.
 */
export interface ServiceDefinition {
  /** Unique in the tree: letters, digits and hyphens. */
  readonly name: string;
  /** Whose health the kernel hears of; `none` for what no decision depends on. */
  readonly service: ServiceName | 'none';
  readonly policy: ServicePolicy;
  handles(kind: EffectKind): boolean;
  make(context: ServiceContext): Provider;
}

/** All in wall time. */
export interface ServicePolicy {
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** More restarts than this within the window: it stays down and the kernel is told. */
  readonly restartsMax: number;
  readonly withinMs: number;
  /**
   * Effects under way at a time; past this a request is refused `SERVICE_BUSY` at once, but for
   * cancels and questions, of which as many again may wait.
   */
  readonly inFlightMax: number;
  /** A start, a stop or a `perform` that takes longer counts as hung. */
  readonly hungMs: number;
}

/** What a running service may say to the rest. Calls after its end are counted and dropped. */
export interface ServiceContext {
  /** Something happened in the world: an order update, news. */
  enter(input: Input): void;
  /** It works, but not fully: an update stream that is reconnecting. `up` ends it. */
  health(state: 'up' | 'degraded', reason: string): void;
  /** It is broken and wants to be made anew. */
  failed(error: Error): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: LogFields): void;
}

/**
 * Trying again cannot help: a key that is refused, a plan that does not carry the feed. The service
 * stays down until a person brings it back. Errors say so by `isFinal`, also as a cause.
 */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('isFinal' in error && error.isFinal === true) || isFinal(error.cause);
}

export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface Provider {
  /** Settles when it works; until then its state is `down`. */
  start(): Promise<void>;
  /**
   * Settles with the one answer. A rejection is a crash of the service; the effect is then answered
   * `unknown` where it touches an order, else `failed`.
   */
  perform(requested: Requested): Promise<EffectAnswer>;
  /**
   * Instead of `perform`, by a provider that never waits for anything: ten thousand rows a minute
   * need no promise, no deadline and no place in a queue each. To throw is to crash.
   */
  answer?(requested: Requested): EffectAnswer;
  /** Lets go of everything. May come at any time, also while it starts. */
  stop(): Promise<void>;
}
