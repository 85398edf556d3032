import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TurnWatch } from '../../actors/runtime/live-driver.ts';
import type { Probe } from '../../actors/runtime/handling.ts';
import type { ServiceTree } from '../../actors/services/service-tree.ts';
import { Config } from '../../cli/config-schema.ts';
import { plural } from '../../cli/figures.ts';
import { openLog, type Log } from '../../cli/log.ts';
import { ScreenWriter } from '../../cli/screen-writer.ts';
import { SessionView } from '../../cli/session-view.ts';
import type { SessionEnding } from '../../cli/summary.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { RowBatch } from '../../ports/time-series.ts';
import { nodeDisk } from '../../store/journal/node-disk.ts';
import { journalFolder } from '../../store/journal/segment-names.ts';
import type { Claim } from '../../store/journal/session-lock.ts';
import { answerCommand, type EngineHandle } from '../control.ts';
import { factLog } from '../fact-log.ts';
import { journalPacking } from '../journal-packing.ts';
import { operatorCommand } from '../operator-command.ts';
import { accountFor, describeError } from '../session-account.ts';
import {
  type SessionFile,
  sessionFolder,
  sessionReader,
  writeSessionFile,
} from '../session-files.ts';
import type { RecoveryNote } from '../session-life.ts';
import type { PoliciesAtStart } from '../registry-feed/policies-at-start.ts';
import { endOf, RegistryLink } from '../registry-feed/registry-link.ts';
import { openSeries } from '../store-feed/open-series.ts';
import type { SessionSeries } from '../store-feed/session-series.ts';
import type { RowWarmed } from '../store-feed/warm-rows.ts';
import { modelFolders } from '../session-models.ts';
import { groupsOf } from './actor-groups.ts';
import { fullJournal, journalGone, takenAway } from './broken-ground.ts';
import { deadlyPoint } from './deadly-point.ts';
import { Ending } from './ending.ts';
import { firstEvent } from './first-event.ts';
import { HaltFile } from './halt-file.ts';
import type { LivePlace } from './live-place.ts';
import { LiveScreen, servicesOf } from './live-screen.ts';
import type { LiveSession } from './live-session.ts';
import { LoadMeter } from './load-meter.ts';
import { MarketEnd } from './market-end.ts';
import { type OpenedLive, openLive } from './open-live.ts';
import { leftOpen, stopInOrder } from './ordered-stop.ts';
import { serviceLog } from './service-log.ts';
import { timedTurns } from './turn-times.ts';
import { readWarmth } from './read-warmth.ts';
import { WallLatency } from './wall-latency.ts';

export interface LiveSetting {
  readonly dataDir: string;
  readonly file: SessionFile;
  readonly configText: string;
  readonly place: LivePlace;
  /** In the order of their ids. */
  readonly symbols: readonly ListedSymbol[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  /** What people have set by now; left out: nobody was asked. */
  readonly policies?: PoliciesAtStart | undefined;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly probe?: Probe | undefined;
  readonly watchdog?: TurnWatch;
  /** Ends the session in order. */
  readonly stop: AbortSignal;
  /** Things to break once the session runs: for `--crash`. */
  readonly sabotage?: Sabotage;
}

/** Breaks things from now on, until what it answers is called. */
export type Sabotage = (running: {
  readonly tree: ServiceTree;
  readonly place: LivePlace;
}) => () => void;

export interface LiveResult {
  readonly view: SessionView;
  readonly ending: SessionEnding;
  readonly isFailed: boolean;
}

const LOOK_MS = 50;

/** One life of a live session, from recovery to its account. The data directory is ours already. */
export class RunningLive {
  readonly #setting: LiveSetting;
  readonly #config: Config;
  readonly #view = new SessionView();
  readonly #screen: LiveScreen;
  readonly #marketEnd = new MarketEnd();
  readonly #ending: Ending;
  readonly #notes: string[] = [];
  readonly #began = { wallMs: performance.now(), cpu: process.cpuUsage() };
  #log: Log | undefined;
  #opened: OpenedLive | undefined;
  #meter: LoadMeter | undefined;
  #series: SessionSeries | undefined;
  #registry: RegistryLink | undefined;
  #latency: WallLatency | undefined;
  #failure: unknown;
  #eventsBefore = 0;

  constructor(setting: LiveSetting) {
    this.#setting = setting;
    this.#config = Config.parse(setting.file.config);
    const { terminal } = setting;
    const { ordersAtStop } = this.#config.trade;
    this.#ending = new Ending({ view: this.#view, terminal, ordersAtStop });
    this.#screen = new LiveScreen(new ScreenWriter(terminal), setting);
  }

  answer(request: Parameters<typeof answerCommand>[0]): ReturnType<typeof answerCommand> {
    const opened = this.#opened;
    const { file } = this.#setting;
    return answerCommand(request, {
      file,
      view: this.#view,
      stop: (asked) => this.#ending.ask(asked),
      load: this.#meter?.load,
      ...(opened === undefined ? {} : { groups: groupsOf(opened.tree.describe()) }),
      engine: opened === undefined ? undefined : this.#handleOf(opened.session),
    });
  }

  async run(claim: Claim): Promise<LiveResult> {
    const { file, dataDir, place, stop } = this.#setting;
    const disk = nodeDisk(dataDir);
    const isAgain = disk.exists(`${sessionFolder(file.sessionId)}/session.json`);
    if (isAgain) {
      const { viewPast } = await import('../earlier-lives.ts');
      this.#eventsBefore = viewPast(sessionReader(disk), file.sessionId, this.#view);
    }
    this.#log = this.#openLog();
    writeSessionFile(disk, file);
    this.#series = this.#openSeries();
    const { terminal } = this.#setting;
    const told = { config: this.#config, dataDir, file, environment: process.env, terminal };
    this.#registry = new RegistryLink({ ...told, log: this.#log });
    const opened = this.#open(isAgain ? [] : await this.#readWarmth());
    const { session, tree } = opened;
    const { haltFile: haltName } = this.#config.trade;
    const haltFile = new HaltFile(
      join(dataDir, haltName),
      place.timers,
      () => this.#halt(session, `the file ${haltName} is there`),
      () => this.#view.health.halt !== undefined,
    );
    const onHaltSignal = (): void => void this.#halt(session, 'signal SIGUSR2');
    process.on('SIGUSR2', onHaltSignal);
    stop.addEventListener('abort', this.#ending.hurry, { once: true });
    let repair: (() => void) | undefined;
    let reason: string;
    try {
      haltFile.start();
      const { policies } = this.#setting;
      const unknown = this.#registry.hearPolicies(policies, (input) => session.enter(input));
      if (unknown !== undefined) this.#notes.push(unknown);
      const started = tree.start().catch((error: unknown) => this.#fail(error));
      this.#meter?.start();
      repair = this.#setting.sabotage?.({ tree, place });
      reason = await this.#untilOver(claim, opened);
      repair?.();
      await this.#stop(session, reason);
      if (this.#failure === undefined) await started;
      this.#noteServices(opened);
    } finally {
      process.off('SIGUSR2', onHaltSignal);
      stop.removeEventListener('abort', this.#ending.hurry);
      haltFile.stop();
      repair?.();
      this.#meter?.stop();
      this.#screen.close();
      await tree.stop().catch((error: unknown) => this.#fail(error));
      // Where the tree did not: of a kernel that failed the journal is still ours to let go of.
      await session.close().catch((error: unknown) => this.#fail(error));
      await this.#closeSeries(session);
      this.#ending.close();
    }
    const result = await this.#account(
      session,
      this.#failure === undefined ? reason : describeError(this.#failure),
    );
    await this.#registry.close(result.isFailed ? undefined : endOf(result.ending));
    return result;
  }

  #open(warmed: readonly RowWarmed[]): OpenedLive {
    const { place, file, symbols, history, dataDir, probe, watchdog } = this.#setting;
    const config = this.#config;
    const log = this.#log ?? NO_LOG;
    const nameOf = (symbol: number): string => this.#view.nameOf(symbol);
    const opened = openLive({
      disk: nodeDisk(dataDir),
      file,
      config,
      place,
      symbols,
      modelFolders: modelFolders(dataDir),
      history,
      warmed,
      observers: [this.#view, factLog(log, nameOf), firstEvent(log)],
      series: this.#series,
      notes: this.#registry?.notes,
      policies: this.#setting.policies?.inputs,
      isOpen: () => this.#view.phase === 'core',
      alert: ({ severity, code, text }) => {
        if (severity !== 'info') log.event('alerted', { severity, code, text });
      },
      log: serviceLog(log, this.#notes),
      failed: (error) => this.#fail(error),
      told: (note) => this.#recovered(note),
      fault: deadlyPoint(process.env['STRATA_DIE_AT']),
      packing: journalPacking({ config, dataDir, sessionId: file.sessionId, log }),
      probe,
      watchdog: this.#latency === undefined ? watchdog : timedTurns(watchdog, this.#latency.turns),
    });
    this.#opened = opened;
    const { session, services, tree } = opened;
    const { speed } = place.clock;
    const { health: streams, inference } = services;
    this.#meter = new LoadMeter({ session, tree, streams, speed, inference });
    const { kind: profile, configHash, buildId: version } = file;
    log.event('sessionStarted', { profile, configHash, version });
    return opened;
  }

  /** Settles with the reason when the session is over, whoever ends it. */
  async #untilOver(claim: Claim, opened: OpenedLive): Promise<string> {
    const { place, stop, dataDir, file } = this.#setting;
    const { bytesMax } = this.#config.journal;
    const journal = join(dataDir, journalFolder(file.sessionId));
    for (;;) {
      await new Promise<void>((resolve) => place.timers.after(LOOK_MS, resolve));
      this.#show(opened);
      this.#meter?.look();
      this.#series?.look(() => opened.session.writeOut());
      this.#registry?.look(() => opened.session.writeOut());
      this.#latency?.look();
      if (!claim.isHeld()) this.#fail(takenAway(claim.directory));
      if (!existsSync(journal)) this.#fail(journalGone(journal));
      const { writer } = opened.session;
      if (writer.totalBytes >= bytesMax) this.#fail(fullJournal(writer, bytesMax));
      if (this.#failure !== undefined) return describeError(this.#failure);
      if (stop.aborted) this.#ending.want('stopped by a person');
      if (this.#ending.wanted !== undefined) return this.#ending.wanted.reason;
      if (this.#marketEnd.isOver(this.#view.phase, place.clock.nowUs())) return 'the market closed';
    }
  }

  #openSeries(): SessionSeries | undefined {
    const { dataDir, file, place } = this.#setting;
    const { clock, timers } = place;
    const log = serviceLog(this.#log ?? NO_LOG);
    const setting = { file, dataDir, environment: process.env, clock, timers, log };
    const series = openSeries({ ...setting, config: this.#config });
    if (series === undefined) return undefined;
    const taken = (batch: RowBatch): void => series.feed.offer(batch);
    this.#latency = new WallLatency({ session: file.sessionId, clock, taken });
    return series;
  }

  /** A store that is away or slow holds up no session: its rows begin with nothing learned. */
  async #readWarmth(): Promise<readonly RowWarmed[]> {
    const { file, place, symbols, dataDir } = this.#setting;
    const store = this.#series?.store;
    const setting = { config: this.#config, file, place, symbols, dataDir, store };
    const { rows, told, isTrouble } = await readWarmth(setting);
    if (isTrouble) this.#notes.push(told);
    const event = isTrouble ? 'serviceTroubled' : 'serviceSaid';
    this.#log?.event(event, { what: 'rowsWarmed', detail: told });
    return rows;
  }

  /** The last rows are made when nothing is decided any more. */
  async #closeSeries({ sequencer }: LiveSession): Promise<void> {
    this.#latency?.stop();
    const left = await this.#series
      ?.close(sequencer.failure === undefined)
      .catch((error: unknown) => describeError(error));
    if (left !== undefined) this.#notes.push(left);
  }

  async #stop(session: LiveSession, reason: string): Promise<void> {
    if (this.#failure !== undefined) return;
    const { place } = this.#setting;
    const left = await stopInOrder(
      {
        account: this.#config.account.id,
        view: this.#view,
        timers: place.timers,
        stopMsMax: this.#config.trade.stopMsMax,
        enter: (command) => void session.enter(command),
        hasFailed: () => this.#failure !== undefined,
      },
      this.#ending.begin(reason),
    );
    if (left !== undefined) this.#notes.push(`left open at the broker: ${left}`);
  }

  /** A kill switch that was not heard must say so, or be pulled again. */
  #halt({ sequencer, driver }: LiveSession, reason: string): boolean {
    const account = this.#config.account.id;
    const wish = { verb: 'halt', account, reason, taken: sequencer.sequence } as const;
    const isTaken = driver.enter(operatorCommand(wish));
    if (!isTaken) {
      this.#setting.terminal.writeError(`strata: ${reason}, and the halt was not taken\n`);
    }
    return isTaken;
  }

  #handleOf({ kernel, sequencer, writer, driver }: LiveSession): EngineHandle {
    const { symbols } = this.#setting;
    return {
      kernel,
      sequencer,
      writer,
      events: this.#eventsBefore + driver.events,
      enter: (input) => driver.enter(input),
      placeOf: (name) => symbols.findIndex((listed) => listed.name === name),
    };
  }

  #show({ session, services, tree }: OpenedLive): void {
    this.#view.counters.events = this.#eventsBefore + session.driver.events;
    this.#view.counters.frames = session.frames;
    this.#screen.show(this.#view, session, tree.describe(), services);
  }

  /** Nothing is decided from here on: neither without a record nor beside another engine. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#opened?.session.driver.stop();
  }

  async #account(session: LiveSession, reason: string): Promise<LiveResult> {
    const { dataDir, file, configText, terminal, isJson } = this.#setting;
    const view = this.#view;
    view.counters.events = this.#eventsBefore + session.driver.events;
    view.counters.frames = session.frames;
    const left = this.#failure === undefined ? undefined : leftOpen(view);
    if (left !== undefined) this.#notes.push(`left open at the broker: ${left}`);
    const ending = await accountFor({
      dataDir,
      file,
      view,
      sequencer: session.sequencer,
      writer: session.writer,
      reason,
      began: this.#began,
      configText,
      notes: this.#notes,
      failure: this.#failure,
      store: this.#series?.place,
      load: this.#meter?.load,
      log: this.#log,
      terminal,
      isJson,
    });
    return { view, ending, isFailed: this.#failure !== undefined };
  }

  /** What the services went through: it is over when the tree has stopped. */
  #noteServices({ tree, services }: OpenedLive): void {
    const streams = services.health();
    const told = servicesOf(tree.describe(), streams).filter(({ restarts }) => restarts > 0);
    for (const { name, restarts } of told) {
      this.#notes.push(`${name}: restarted ${plural(restarts, 'time')}`);
    }
    for (const { name, connections, gaps } of streams) {
      if (connections > 1) this.#notes.push(`${name}: ${connections} connections, gaps ${gaps}`);
    }
  }

  #openLog(): Log {
    const { dataDir, file, terminal, place } = this.#setting;
    return openLog({
      path: join(dataDir, sessionFolder(file.sessionId), 'log.ndjson'),
      session: file.sessionId,
      level: this.#config.log.level,
      secrets: [place.credentials.secret, place.polygonKey],
      input: () => this.#opened?.session.sequencer.sequence ?? 0,
      onFault: (error) => terminal.writeError(`the log cannot be written: ${String(error)}\n`),
    });
  }

  #recovered(note: RecoveryNote): void {
    if (note.life === 1) return;
    const { life, records, droppedBytes, enquiries } = note;
    this.#notes.push(`life ${life}: recovered ${records} records, ${enquiries} enquiries`);
    this.#log?.event('recovered', { life, records, droppedBytes, enquiries });
  }
}

const NO_LOG: Pick<Log, 'event'> = { event: () => undefined };
