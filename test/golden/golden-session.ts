import { readFileSync } from 'node:fs';
import { present } from '../../src/core/assert.ts';
import { hashText } from '../../src/core/hash.ts';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import type { FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import { resolveConfig } from '../../src/cli/load-config.ts';
import { buildId, nodeMajor } from '../../src/compose/build-id.ts';
import { withHistory } from '../../src/compose/history-source.ts';
import type { OpenedMarket } from '../../src/compose/market.ts';
import {
  type OpenedSession,
  openSession,
  type SessionSetting,
} from '../../src/compose/open-session.ts';
import type { SessionFile } from '../../src/compose/session-files.ts';
import type { SimulatedPart } from '../../src/ports/simulated-world.ts';
import { seededHistory } from '../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { GOLDEN_OPEN_US, operator } from './golden-operator.ts';

const MARKET = { seed: 8, symbols: 16, date: 20240603, extendedHours: false, tradesPerDay: 250 };
const YAML = readFileSync(new URL('./session.yaml', import.meta.url), 'utf8');

/**
 * Of the whole golden day, on every machine and Node. Changes only with what is decided: whoever
 * changes it says in the commit which decision.
 */
export const GOLDEN_HASH = 'c74757d2f3d783d4';

export const GOLDEN_END_US = Number.MAX_SAFE_INTEGER;
/** Two hours of trading: what is run hundreds of times. */
export const GOLDEN_MORNING_US = GOLDEN_OPEN_US + 2 * HOUR;
export const SESSION_ID = 'golden';
const BUILD_ID = buildId();

/** The golden market, opened anew: a source is read once. */
export function goldenMarket(options: { readonly days?: number } = {}): OpenedMarket {
  const market = createSeededMarket({ ...MARKET, ...options });
  const atUs = present(market.calendar[0], 'a day').atUs - MINUTE;
  return {
    source: withHistory(market, seededHistory(MARKET), atUs),
    isHistoryGiven: true,
    historyFaults: { count: 0, first: [] },
  };
}

/** `edit` changes the text of the settings, as a person would. */
export function goldenFile(edit: (yaml: string) => string = (yaml) => yaml): SessionFile {
  const text = edit(YAML);
  const { config } = resolveConfig([{ file: 'session.yaml', text }]);
  // Of the text, so that a setting which is new and has a default leaves the hash alone.
  const configHash = hashText(text);
  return {
    sessionId: SESSION_ID,
    kind: 'demo',
    source: 'golden',
    startedUs: GOLDEN_OPEN_US,
    configHash,
    buildId: BUILD_ID,
    nodeMajor: nodeMajor(),
    isHistoryGiven: true,
    market: { kind: 'seeded', seed: MARKET.seed, symbols: MARKET.symbols, date: MARKET.date },
    config,
    orderSession: 'G1',
    symbolsMax: 64,
  };
}

export type GoldenSetting = Partial<Omit<SessionSetting, 'disk' | 'services'>> & {
  readonly disk?: MemoryDisk;
  /** Made anew for each life: a world that dies with the process. Default: the operator. */
  readonly services?: () => readonly SimulatedPart[];
  readonly untilUs?: number;
};

export interface GoldenRun {
  readonly disk: MemoryDisk;
  readonly hash: string;
  readonly opened: OpenedSession;
}

export function openGolden(setting: GoldenSetting & { readonly disk: MemoryDisk }): OpenedSession {
  return openSession({
    file: goldenFile(),
    market: goldenMarket(),
    observers: [],
    alert: () => undefined,
    ...setting,
    services: setting.services?.() ?? [operator()],
  });
}

/** One life from the open to the end, or to a time, and closed. */
export async function runGolden(setting: GoldenSetting = {}): Promise<GoldenRun> {
  const disk = setting.disk ?? new MemoryDisk();
  const opened = openGolden({ ...setting, disk });
  await opened.session.advance(setting.untilUs ?? GOLDEN_END_US);
  const hash = opened.session.sequencer.hash.hex();
  await opened.session.close();
  return { disk, hash, opened };
}

class Killed extends Error {
  override readonly name = 'Killed';
}

export interface KilledRun extends GoldenRun {
  readonly lives: number;
  readonly kills: ReadonlyMap<FaultPoint, number>;
}

/** What the process leaves behind when it dies. */
export type Death = (disk: MemoryDisk) => MemoryDisk;
export const processDeath: Death = (disk) => disk.crash();

/**
 * Lives until the session is over: dies wherever `isFatal` says so, and is opened again over what
 * its disk kept, in a world that lives again. `isFatal` is told how often that point was passed.
 */
export async function runKilled(
  isFatal: (point: FaultPoint, nth: number, nowUs: number) => boolean,
  setting: GoldenSetting & { readonly death?: Death; readonly livesMax?: number } = {},
): Promise<KilledRun> {
  const { death = processDeath, livesMax = 2_000 } = setting;
  const passed = new Map<FaultPoint, number>();
  const kills = new Map<FaultPoint, number>();
  let disk = setting.disk ?? new MemoryDisk();
  for (let lives = 1; lives <= livesMax; lives += 1) {
    let left: MemoryDisk | undefined;
    const fault = (point: FaultPoint, nowUs: number) => {
      const nth = (passed.get(point) ?? 0) + 1;
      passed.set(point, nth);
      if (!isFatal(point, nth, nowUs)) return;
      kills.set(point, (kills.get(point) ?? 0) + 1);
      left = death(disk); // Now: nothing that is written on the way out may be there.
      throw new Killed(`at ${point}`);
    };
    try {
      return { ...(await runGolden({ ...setting, disk, fault })), lives, kills };
    } catch (error) {
      if (!(error instanceof Killed) || left === undefined) throw error;
      disk = left;
    }
  }
  throw new Error(`not over after ${livesMax} lives`);
}
