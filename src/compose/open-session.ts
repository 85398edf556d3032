import type { SymbolId } from '../core/ids.ts';
import { MS } from '../core/time.ts';
import type { FaultPoint } from '../actors/runtime/fault-points.ts';
import type { Probe } from '../actors/runtime/handling.ts';
import type { TurnObserver } from '../actors/runtime/sequencer.ts';
import {
  createSimulatedBroker,
  type SimulatedBroker,
} from '../brokers/simulated/simulated-broker.ts';
import { Config } from '../cli/config-schema.ts';
import { newYorkSession } from '../domain/matching/trading-session.ts';
import { createSimulatedInference, simulatedModel } from '../gpu/plain/simulated-inference.ts';
import type { Disk } from '../ports/disk.ts';
import type { SimulatedPart } from '../ports/simulated-world.ts';
import type { Durability } from '../store/journal/segment-header.ts';
import { nodeMajor } from './build-id.ts';
import type { EngineHandle } from './control.ts';
import { accountOf, isScored, startingCash } from './kernel-options.ts';
import { makeKernel } from './make-kernel.ts';
import { type OpenedMarket, openMarket } from './market.ts';
import { asLate } from './recorded-delays.ts';
import type { RegistryNotes } from './registry-feed/registry-notes.ts';
import { retoldTo } from './registry-feed/retold-to.ts';
import type { SessionFile } from './session-files.ts';
import { sessionModels } from './session-models.ts';
import { bound } from './store-feed/learned-state.ts';
import type { StoreFeed } from './store-feed/store-feed.ts';
import { type Alert, alerts, rowStore, wholeMarket } from './small-services.ts';
import type { Packing, RecoveryNote } from './session-life.ts';
import { VirtualSession } from './virtual-session.ts';

export interface SessionSetting {
  readonly disk: Disk;
  readonly file: SessionFile;
  readonly observers: readonly TurnObserver[];
  /** Makes rows of what is heard and decided, where they are kept. */
  readonly feed?: StoreFeed | undefined;
  /** For the registries, where they are told of the session. */
  readonly notes?: RegistryNotes | undefined;
  readonly probe?: Probe | undefined;
  readonly alert: (alert: Alert) => void;
  readonly told?: (note: RecoveryNote) => void;
  /** The market, where it is open already; else it is opened from the file. */
  readonly market?: OpenedMarket;
  /** Where its models are looked for; left out: those that are shipped. */
  readonly modelFolders?: readonly string[];
  readonly tuning?: SessionTuning;
  readonly fault?: (point: FaultPoint, nowUs: number) => void;
  readonly packing?: Packing | undefined;
  /** In place of the config's own services of the same names, or beside them. */
  readonly services?: readonly SimulatedPart[];
  /** Called when market, model and settings are there, before the session touches the disk. */
  readonly prepared?: () => void;
}

/** What may differ between two runs of one session without changing a decision. */
export interface SessionTuning {
  readonly framesMax?: number;
  readonly eventsMax?: number;
  readonly blockBytesMax?: number;
  readonly snapshotEveryRecords?: number;
  readonly durability?: Durability;
}

export interface OpenedSession {
  readonly session: VirtualSession;
  readonly broker: SimulatedBroker;
  readonly market: OpenedMarket;
}

/** What the control channel asks and tells. */
export function handleOf({ session, market }: OpenedSession): EngineHandle {
  return {
    kernel: session.kernel,
    sequencer: session.sequencer,
    writer: session.writer,
    events: session.driver.events,
    enter: (input) => session.enter(input),
    placeOf: (name) => market.source.symbols.findIndex((listed) => listed.name === name),
  };
}

/** A session as its file describes it: a new one, or the next life of one that was killed. */
export function openSession(setting: SessionSetting): OpenedSession {
  const { disk, file, observers, probe, tuning = {}, fault, feed, notes } = setting;
  const config = Config.parse(file.config);
  const { journal, runtime } = config;
  const { framesMax = runtime.turnFramesMax, eventsMax = runtime.turnEventsMax } = tuning;
  const market = setting.market ?? openMarket(file.market, eventsMax);
  const broker = makeBroker(config, market);
  const inference = isScored(config) ? [makeInference(config, setting.modelFolders)] : [];
  const own = [broker, ...inference, rowStore(), wholeMarket()];
  const services = replaced(
    [...own.map((part) => asLate(part, market.delays)), alerts(setting.alert)],
    setting.services ?? [],
  );
  setting.prepared?.();
  const session = new VirtualSession({
    disk,
    identity: {
      sessionId: file.sessionId,
      buildId: file.buildId,
      configHash: file.configHash,
      nodeMajor: nodeMajor(),
      predecessorHash: '',
    },
    account: accountOf(config),
    startingCash: startingCash(config),
    journal: { ...journal, ...tuning },
    framesMax,
    eventsMax,
    makeKernel: () => bound(makeKernel(file, config, probe), feed),
    source: market.source,
    services,
    ...(market.delays === undefined ? {} : { deadlineUs: market.delays.deadlineUs }),
    observers: [...observers, feed, notes].filter((one) => one !== undefined),
    retold: retoldTo(feed, notes),
    fault,
    packing: setting.packing,
    ...(setting.told === undefined ? {} : { told: setting.told }),
  });
  return { session, broker, market };
}

function replaced(
  own: readonly SimulatedPart[],
  given: readonly SimulatedPart[],
): readonly SimulatedPart[] {
  const names = new Set(given.map(({ name }) => name));
  return [...own.filter(({ name }) => !names.has(name)), ...given];
}

function makeBroker(config: Config, market: OpenedMarket): SimulatedBroker {
  const { broker } = config;
  const { symbols } = market.source;
  const feedLatencyUs = broker.feedLatencyMs * MS;
  // There and back as long as at the live session's venue, and half of it each way.
  const ways = market.delays?.median('submitOrder');
  const halfUs = ways === undefined ? undefined : Math.max(feedLatencyUs, Math.round(ways / 2));
  return createSimulatedBroker({
    mode: broker.mode,
    feedLatencyUs,
    orderLatencyUs: halfUs ?? broker.orderLatencyMs * MS,
    answerLatencyUs: halfUs ?? broker.answerLatencyMs * MS,
    barSpreadBps: broker.barSpreadBps,
    partialFillChance: broker.partialFillChance,
    seed: config.demo.seed,
    startingCash: startingCash(config),
    account: accountOf(config),
    sessions: newYorkSession,
    symbols: (symbol: SymbolId) => symbols[symbol],
  });
}

function makeInference(config: Config, folders?: readonly string[]): SimulatedPart {
  const models = sessionModels(config, folders).map(simulatedModel);
  return createSimulatedInference({ models, latencyUs: config.predictions.latencyMs * MS });
}
