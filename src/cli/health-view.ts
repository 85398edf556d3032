import { HALT_LEVELS } from '../domain/risk/restrictions.ts';
import type { Effect } from '../ports/effect.ts';
import type { FactOf } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';
import { Recent } from './recent.ts';

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

export interface CrashView {
  readonly atUs: number;
  readonly actor: string;
  /** -1 for the whole actor. */
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

export interface ActorHealth {
  readonly name: string;
  crashes: number;
  lastCrashUs: number;
  lastCode: string;
  /** Rows that are out, and until when; -1 is the whole actor. */
  readonly quarantined: Map<number, number>;
}

/** A halt, a resumption or a restriction of one symbol. */
export interface HaltView {
  readonly atUs: number;
  readonly what: string;
  readonly code: string;
  readonly reason: string;
  readonly by: string;
}

export interface AlertView {
  readonly atUs: number;
  readonly severity: Extract<Effect, { kind: 'alert' }>['severity'];
  readonly code: string;
  readonly text: string;
}

export interface ServiceView {
  readonly state: InputOf<'serviceChanged'>['state'];
  readonly reason: string;
  readonly atUs: number;
}

export interface HaltNow {
  readonly level: string;
  readonly code: string;
  readonly reason: string;
}

const CRASHES_MAX = 500;
const HALTS_MAX = 500;
const ALERTS_MAX = 500;
const LEVELS: readonly string[] = HALT_LEVELS;

/** What went wrong, and what came of it. */
export class HealthView {
  readonly crashes = new Recent<CrashView>(CRASHES_MAX);
  readonly halts = new Recent<HaltView>(HALTS_MAX);
  readonly alerts = new Recent<AlertView>(ALERTS_MAX);
  readonly services = new Map<string, ServiceView>();
  /** In the order of the table that the session was opened with, then as they are heard of. */
  readonly actors = new Map<string, ActorHealth>();
  readonly banned = new Set<number>();
  readonly handsOff = new Set<number>();
  /** The farthest level that stands now. */
  halt: HaltNow | undefined;
  /** How often the engine began: more than once is a recovery. */
  lives = 0;
  configHash = '';
  buildId = '';
  /** Without resumptions and restrictions, which `halts` has as well. */
  haltsTotal = 0;
  lastHalt: HaltView | undefined;
  quarantines = 0;
  strays = 0;

  opened({ actors, life, configHash, buildId }: InputOf<'opened'>, _atUs: number): void {
    this.lives = Math.max(this.lives, life);
    this.configHash = configHash;
    this.buildId = buildId;
    for (const name of actors) this.#actor(name);
  }

  serviceChanged({ service, state, reason }: InputOf<'serviceChanged'>, atUs: number): void {
    this.services.set(service, { state, reason, atUs });
  }

  alerted({ severity, code, text }: Extract<Effect, { kind: 'alert' }>, atUs: number): void {
    this.alerts.add({ atUs, severity, code, text });
  }

  crashed({ actor, row, code, message }: FactOf<'crashed'>, atUs: number): void {
    this.crashes.add({ atUs, actor, row, code, message });
    const health = this.#actor(actor);
    health.crashes += 1;
    health.lastCrashUs = atUs;
    health.lastCode = code;
  }

  quarantined({ actor, row, untilUs }: FactOf<'quarantined'>): void {
    this.quarantines += 1;
    this.#actor(actor).quarantined.set(row, untilUs);
  }

  lifted({ actor, row }: FactOf<'lifted'>): void {
    this.#actor(actor).quarantined.delete(row);
  }

  /** A halt never lowers one that stands. */
  halted({ level, code, reason, by }: FactOf<'tradingHalted'>, atUs: number): void {
    this.haltsTotal += 1;
    this.lastHalt = { atUs, what: `halted: ${level}`, code, reason, by };
    this.halts.add(this.lastHalt);
    const isHigher = LEVELS.indexOf(level) > LEVELS.indexOf(this.halt?.level ?? '');
    if (isHigher) this.halt = { level, code, reason };
  }

  resumed({ reason, by }: FactOf<'tradingResumed'>, atUs: number): void {
    this.halts.add({ atUs, what: 'resumed', code: '', reason, by });
    this.halt = undefined;
  }

  restricted(what: string, said: { readonly by: string; readonly reason: string }, atUs: number) {
    this.halts.add({ atUs, what, code: '', reason: said.reason, by: said.by });
  }

  /** Rows and actors that are out now. */
  get outNow(): number {
    let out = 0;
    for (const { quarantined } of this.actors.values()) out += quarantined.size;
    return out;
  }

  #actor(name: string): ActorHealth {
    let health = this.actors.get(name);
    if (health === undefined) {
      health = { name, crashes: 0, lastCrashUs: 0, lastCode: '', quarantined: new Map() };
      this.actors.set(name, health);
    }
    return health;
  }
}
