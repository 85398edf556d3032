import type { FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import type { TurnRecord } from '../../src/ports/turn-record.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { makeKernel } from '../../src/compose/make-kernel.ts';
import { openSession, type OpenedSession } from '../../src/compose/open-session.ts';
import type { OpenedMarket } from '../../src/compose/market.ts';
import type { MarketFile, SessionFile } from '../../src/compose/session-files.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';

export interface BenchSession {
  readonly folder: string;
  readonly marketFile: MarketFile;
  readonly market: OpenedMarket;
  /** Of the configuration file, over the defaults with durability `os`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Hears the moments of a turn: where a clock may stand. */
  readonly fault?: (point: FaultPoint) => void;
}

/** What a session decided: equal runs have equal hashes. */
export interface Decided {
  orders: number;
  fills: number;
  turns: number;
}

export const SESSION_ID = 'bench';
export const CONFIG_HASH = 'bench-config';

/** A session as `strata replay` composes it, with an observer that counts. */
export function openBenchSession(setting: BenchSession): OpenedSession & { decided: Decided } {
  const decided: Decided = { orders: 0, fills: 0, turns: 0 };
  const opened = openSession({
    disk: nodeDisk(setting.folder),
    file: sessionFile(setting),
    market: setting.market,
    observers: [{ turn: (_sequence, _nowUs, record) => count(decided, record) }],
    alert: () => undefined,
    ...(setting.fault === undefined ? {} : { fault: setting.fault }),
  });
  return { ...opened, decided };
}

/** The kernel of such a session, alone. */
export function benchKernel(setting: Omit<BenchSession, 'folder'>): Kernel {
  const file = sessionFile(setting);
  return makeKernel(file, Config.parse(file.config));
}

function sessionFile({ marketFile, market, settings }: Omit<BenchSession, 'folder'>): SessionFile {
  return {
    sessionId: SESSION_ID,
    kind: 'replay',
    source: market.source.name,
    nodeMajor: 0,
    startedUs: 0,
    buildId: 'bench-build',
    configHash: CONFIG_HASH,
    config: Config.parse({ journal: { durability: 'os' }, ...settings }),
    market: marketFile,
    orderSession: 'B1',
    symbolsMax: market.source.symbols.length,
    isHistoryGiven: market.isHistoryGiven,
  };
}

function count(decided: Decided, record: TurnRecord): void {
  decided.turns += 1;
  for (const item of record.items) {
    if (item.type === 'effect' && item.effect.kind === 'submitOrder') decided.orders += 1;
    if (item.type === 'fact' && item.fact.kind === 'filled') decided.fills += 1;
  }
}
