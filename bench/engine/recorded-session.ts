import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PastSession } from '../../src/compose/past-session.ts';
import { SessionLife } from '../../src/compose/session-life.ts';
import { accountOf, startingCash } from '../../src/compose/kernel-options.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { snapshotFolder } from '../../src/store/journal/segment-names.ts';
import { snapshotName, snapshotSequences } from '../../src/store/journal/snapshots.ts';
import { openFor, seeded } from './market.ts';
import { benchKernel, CONFIG_HASH, openBenchSession, SESSION_ID } from './session.ts';

const SYMBOLS = 500;
const SLICE_US = 10_000_000;
/** One frame a turn: as many records as there can be of a market. */
const SETTINGS = { market: { cadence: 'event' }, runtime: { turnFramesMax: 1 } } as const;

export interface RecordedSession {
  readonly folder: string;
  readonly records: number;
  readonly events: number;
}

/** A seeded session that ran until its journal had so many records, and left its snapshots. */
export async function recordSession(folder: string, records: number): Promise<RecordedSession> {
  const marketFile = seeded(SYMBOLS);
  const market = openFor(marketFile);
  const { session } = openBenchSession({ folder, marketFile, market, settings: SETTINGS });
  let untilUs = market.source.calendar[0]?.atUs ?? 0;
  for (let isMore = true; isMore && session.sequencer.sequence < records; untilUs += SLICE_US) {
    isMore = await session.advance(untilUs);
  }
  const { events } = session.driver;
  await session.close();
  return { folder, records: session.sequencer.sequence, events };
}

/** Without the snapshots that fewer records follow than there may be between two of them. */
export function dropSnapshots({ folder, records }: RecordedSession, followMin: number): number {
  const place = snapshotFolder(SESSION_ID);
  const all = snapshotSequences(nodeDisk(folder), place);
  const kept = all.filter((sequence) => sequence <= records - followMin);
  for (const sequence of all) {
    if (!kept.includes(sequence)) rmSync(join(folder, place, snapshotName(sequence)));
  }
  return kept.at(-1) ?? 0;
}

/** The next life of it, as every session begins one: journal, snapshot, facts, rows. */
export function reviveSession(folder: string): SessionLife {
  const marketFile = seeded(SYMBOLS);
  const market = openFor(marketFile);
  const config = Config.parse({ journal: { durability: 'os' }, ...SETTINGS });
  const past = new PastSession(market.source.calendar);
  return new SessionLife({
    disk: nodeDisk(folder),
    identity: {
      sessionId: SESSION_ID,
      buildId: 'bench-build',
      configHash: CONFIG_HASH,
      nodeMajor: 0,
      predecessorHash: '',
    },
    account: accountOf(config),
    startingCash: startingCash(config),
    journal: config.journal,
    framesMax: config.runtime.turnFramesMax,
    makeKernel: () => benchKernel({ marketFile, market, settings: SETTINGS }),
    router: { dispatch: () => undefined },
    observers: [],
    visit: (record) => past.take(record),
    degraded: () => undefined,
  });
}
