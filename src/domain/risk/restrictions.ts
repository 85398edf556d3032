import type { SymbolId } from '../../core/ids.ts';
import { type Money, money } from '../../core/money.ts';
import type { TakenPolicy } from './policies.ts';

/** How far trading is stopped; each step includes the ones before it. */
export const HALT_LEVELS = ['noEntries', 'cancelAll', 'flatten', 'stop'] as const;
export type HaltLevel = (typeof HALT_LEVELS)[number];

export interface Halt {
  readonly level: HaltLevel;
  readonly code: string;
  readonly reason: string;
  readonly by: string;
}

/** Who said so, and why. */
export interface Said {
  readonly by: string;
  readonly reason: string;
}

export interface Session {
  readonly phase: 'closed' | 'pre' | 'core' | 'post';
  readonly date: number;
  readonly openUs: number;
  readonly closeUs: number;
}

/** The session whose losses are counted, and the equity it began with. */
export interface DayBase {
  readonly date: number;
  readonly openUs: number;
  readonly closeUs: number;
  readonly equity: Money;
}

export type Watched = 'broker' | 'journal' | 'market';
export type Health = 'up' | 'down' | 'degraded' | 'overloaded';

/** Row of a quarantine that takes out the whole family. */
export const ALL_ROWS = -1;

/** Who keeps our hands off what somebody else holds or orders in our account. */
export const RECONCILIATION_NAME = 'reconciliation';

/** Everything that forbids trading, whatever the order is. Only facts and inputs change it. */
export class Restrictions {
  halt: Halt | undefined;
  session: Session = { phase: 'closed', date: 0, openUs: 0, closeUs: 0 };
  day: DayBase | undefined;
  readonly health = new Map<Watched, Health>();
  readonly banned = new Map<SymbolId, Said>();
  readonly handsOff = new Map<SymbolId, Said>();
  /** Rows of symbols that are out, and until when. */
  readonly quarantined = new Map<number, number>();
  /** In this life, and since the broker was last away, its books were compared with ours. */
  isReconciled = false;
  /** They have been since this life began: what it knows of positions is not a dead one's word. */
  hasAgreed = false;
  /** A person is ending the session. */
  isEnding = false;
  /** What people have set while the engine runs, by name: the newest version of each. */
  readonly policies = new Map<string, TakenPolicy>();
  /** Symbols whose quotes come, where the market serves them for some symbols only. */
  slots: ReadonlySet<SymbolId> = new Set();

  /** A halt never lowers one that is there, and the first reason for a level stays. */
  raise(halt: Halt): void {
    if (levelOf(halt) > levelOf(this.halt)) this.halt = halt;
  }

  isQuarantined(symbol: SymbolId): boolean {
    return this.quarantined.has(symbol) || this.quarantined.has(ALL_ROWS);
  }

  isUp(watched: Watched): boolean {
    const health = this.health.get(watched) ?? 'up';
    // Behind on the market is not blind: how old a price may be has a limit of its own.
    return health === 'up' || (watched === 'market' && health === 'overloaded');
  }

  /**
   * What reconciliation keeps us off is somebody else's, and nothing of ours trades it; but a
   * person who says `flatten`, now or before, means all that the account holds.
   */
  isHandsOff(symbol: SymbolId, isFlattening = false): boolean {
    const said = this.handsOff.get(symbol);
    if (said === undefined) return false;
    const { halt } = this;
    const isFlattened = isFlattening || (halt?.level === 'flatten' && halt.code === 'COMMAND');
    return !(isFlattened && said.by === RECONCILIATION_NAME);
  }

  /** Money or shares came or went by no trade of ours: no gain of the day, and no loss. */
  shiftDay(change: number): void {
    if (this.day === undefined) return;
    this.day = { ...this.day, equity: money(this.day.equity + change) };
  }

  /** Left of the core session; 0 outside of it. */
  usToClose(nowUs: number): number {
    const { phase, openUs, closeUs } = this.session;
    return phase === 'core' && nowUs >= openUs ? Math.max(0, closeUs - nowUs) : 0;
  }
}

/** 1 for `noEntries` to 4 for `stop`; 0 for none. */
export function levelOf(halt: Pick<Halt, 'level'> | undefined): number {
  return halt === undefined ? 0 : HALT_LEVELS.indexOf(halt.level) + 1;
}
