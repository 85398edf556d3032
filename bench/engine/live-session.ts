import { fileURLToPath } from 'node:url';
import { listAssets } from '../../src/brokers/alpaca/listed-assets.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { SessionView } from '../../src/cli/session-view.ts';
import { DEMO_CREDENTIALS } from '../../src/compose/live/demo-venue.ts';
import { fetchHistory } from '../../src/compose/live/live-history.ts';
import type { LivePlace } from '../../src/compose/live/live-place.ts';
import { openLive, type OpenedLive } from '../../src/compose/live/open-live.ts';
import { startOwnVenue } from '../../src/compose/live/own-venue.ts';
import { simPlace } from '../../src/compose/live/sim-place.ts';
import type { SessionFile } from '../../src/compose/session-files.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';

export interface LiveSetting {
  readonly folder: string;
  readonly symbols: number;
  readonly speed: number;
  /** Of the venue: trades and quotes of 30 symbols, or of all. */
  readonly plan?: 'basic' | 'plus';
  readonly settings: Readonly<Record<string, unknown>>;
  /** Heard at the moments of a turn: where a clock may stand. */
  readonly fault: (point: string) => void;
}

export interface BenchLive extends OpenedLive {
  readonly place: LivePlace;
  /** Why it does not trade any more. */
  failure(): unknown;
  close(): Promise<void>;
}

const DATE = 20240603;
const ASSETS_MS_MAX = 60_000;

/** A venue in a process of its own and a session in this one, wired as `strata trade` does it. */
export async function openBenchLive(setting: LiveSetting): Promise<BenchLive> {
  const { folder, symbols: equities, speed, plan = 'basic', settings, fault } = setting;
  const venue = await startOwnVenue({
    program: fileURLToPath(new URL('../../src/main.js', import.meta.url)),
    seed: 7,
    symbols: equities,
    speed,
    date: '2024-06-03',
    dataDir: folder,
    plan,
  });
  const onSkew = (): void => undefined;
  const { adminUrl, close } = venue;
  const place = await simPlace({ adminUrl, credentials: DEMO_CREDENTIALS, onSkew, close });
  const config = Config.parse(settings);
  const access = { url: place.urls.trading, ...place.credentials, msMax: ASSETS_MS_MAX };
  const symbols = await listAssets(access);
  const progress = (): void => undefined;
  const history = await fetchHistory({ place, config, symbols, date: DATE, progress });
  const view = new SessionView();
  let failure: unknown;
  const live = openLive({
    disk: nodeDisk(folder),
    file: fileOf(config, symbols.length),
    config,
    place,
    symbols,
    history,
    observers: [view],
    isOpen: () => view.phase === 'core',
    alert: () => undefined,
    log: () => undefined,
    failed: (error) => {
      failure ??= error;
    },
    told: () => undefined,
    fault,
  });
  return {
    ...live,
    place,
    failure: () => failure,
    async close() {
      await live.tree.stop();
      await place.close();
    },
  };
}

function fileOf(config: Config, symbolsMax: number): SessionFile {
  return {
    sessionId: 'bench',
    kind: 'trade',
    source: 'bench',
    nodeMajor: 0,
    startedUs: 0,
    buildId: 'bench-build',
    configHash: 'bench-config',
    config,
    market: {
      kind: 'live',
      place: 'sim',
      feed: config.market.feed,
      date: DATE,
      fingerprint: 'bench',
    },
    orderSession: `B${process.pid.toString(36)}`,
    symbolsMax,
    isHistoryGiven: true,
  };
}
