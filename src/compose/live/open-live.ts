import type { Probe } from '../../actors/runtime/handling.ts';
import type { TurnWatch } from '../../actors/runtime/live-driver.ts';
import type { TurnObserver } from '../../actors/runtime/sequencer.ts';
import { createServiceTree, type ServiceTree } from '../../actors/services/service-tree.ts';
import type { Config } from '../../cli/config-schema.ts';
import { Random } from '../../core/random.ts';
import { newYorkDate, tradingDay } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { Disk } from '../../ports/disk.ts';
import type { Input } from '../../ports/input.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { LogFields } from '../../ports/service.ts';
import { nodeMajor } from '../build-id.ts';
import { accountOf, startingCash } from '../kernel-options.ts';
import { makeKernel } from '../make-kernel.ts';
import type { SessionFile } from '../session-files.ts';
import type { LifeOptions, RecoveryNote } from '../session-life.ts';
import type { Alert } from '../small-services.ts';
import { bound } from '../store-feed/learned-state.ts';
import type { RegistryNotes } from '../registry-feed/registry-notes.ts';
import { retoldTo } from '../registry-feed/retold-to.ts';
import type { SessionSeries } from '../store-feed/session-series.ts';
import type { RowWarmed } from '../store-feed/warm-rows.ts';
import type { LivePlace } from './live-place.ts';
import { type LiveServices, liveServices } from './live-services.ts';
import { LiveSession } from './live-session.ts';

export interface OpenLiveOptions {
  readonly disk: Disk;
  readonly file: SessionFile;
  readonly config: Config;
  readonly place: LivePlace;
  /** Where models are looked for; left out: those that are shipped. */
  readonly modelFolders?: readonly string[];
  /** In the order of their ids. */
  readonly symbols: readonly ListedSymbol[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  readonly observers: readonly TurnObserver[];
  readonly warmed?: readonly RowWarmed[] | undefined;
  /** Left out: rows are kept nowhere but in the journal. */
  readonly series?: SessionSeries | undefined;
  /** Left out: no registry is told of the session. */
  readonly notes?: RegistryNotes | undefined;
  /** What people have set by now, for every life. */
  readonly policies?: readonly Input[] | undefined;
  readonly isOpen: () => boolean;
  readonly alert: (alert: Alert) => void;
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    event: string,
    fields: LogFields,
  ) => void;
  readonly failed: (error: unknown) => void;
  readonly told: (note: RecoveryNote) => void;
  readonly fault?: LifeOptions['fault'];
  readonly probe?: Probe | undefined;
  readonly watchdog?: TurnWatch | undefined;
  readonly packing?: LifeOptions['packing'];
}

export interface OpenedLive {
  readonly session: LiveSession;
  readonly services: LiveServices;
  readonly tree: ServiceTree;
}

const EVENTS_MAX = 262_144;

/**
 * A live session and its services, wired and not yet begun. Starting the tree begins the session,
 * and stopping it closes it, when nothing can be said any more.
 */
export function openLive(options: OpenLiveOptions): OpenedLive {
  const { config, place, file, symbols, failed, probe, watchdog, fault, series, notes } = options;
  let session: LiveSession | undefined;
  const services = liveServices({
    place,
    config,
    symbols,
    modelFolders: options.modelFolders,
    isOpen: options.isOpen,
    missedSinceUs: () => missedSince(session?.heardUntilUs ?? 0, place.clock.nowUs()),
    sink: {
      take: (batch) => session?.driver.take(batch) ?? 'more',
      onRoom: (resume) => session?.driver.onRoom(resume),
    },
    enter: (input) => session?.enter(input),
    alert: options.alert,
    series,
  });
  const tree = createServiceTree({
    definitions: services.definitions,
    clock: place.clock,
    timers: place.timers,
    random: new Random(process.pid, 1),
    enter: (input) => void session?.enter(input),
    onAnswer: (answer) => void session?.enter(answer),
    log: options.log,
    onFatal: failed,
    kernel: {
      async open() {
        if (session === undefined || session.hasBegun) return;
        session.begin();
        session.settle(tree.router);
      },
      close: async () => session?.close(),
      actors: () => [],
    },
  });
  session = new LiveSession({
    disk: options.disk,
    identity: {
      sessionId: file.sessionId,
      buildId: file.buildId,
      configHash: file.configHash,
      nodeMajor: nodeMajor(),
      predecessorHash: '',
    },
    account: accountOf(config),
    startingCash: startingCash(config),
    journal: config.journal,
    framesMax: config.runtime.turnFramesMax,
    makeKernel: () => bound(makeKernel(file, config, probe), series?.feed),
    router: tree.router,
    observers: [...options.observers, series?.feed, notes].filter((one) => one !== undefined),
    retold: retoldTo(series?.feed, notes),
    clock: place.clock,
    timers: place.timers,
    soon: (run) => void setImmediate(run),
    eventsMax: EVENTS_MAX,
    symbols,
    history: options.history,
    warmed: options.warmed,
    policies: options.policies,
    failed,
    told: options.told,
    fault,
    packing: options.packing,
    ...(watchdog === undefined ? {} : { watchdog }),
  });
  return { session, services, tree };
}

/** The last that an earlier life heard, or the day's opening where that was before us. */
function missedSince(heardUntilUs: number, nowUs: number): number {
  const openUs = tradingDay(newYorkDate(nowUs))?.openUs ?? nowUs;
  return Math.max(heardUntilUs, Math.min(openUs, nowUs));
}
