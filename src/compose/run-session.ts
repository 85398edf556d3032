import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { Probe } from '../actors/runtime/handling.ts';
import { plural } from '../cli/figures.ts';
import { openLog, type Log } from '../cli/log.ts';
import type { LogLevel } from '../cli/log-events.ts';
import { ScreenWriter } from '../cli/screen-writer.ts';
import { SessionView } from '../cli/session-view.ts';
import type { SessionEnding } from '../cli/summary.ts';
import type { Terminal } from '../cli/terminal.ts';
import { Config } from '../cli/config-schema.ts';
import { describeFault, FAULTS_NAMED_MAX } from '../domain/market/data-fault.ts';
import type { Disk } from '../ports/disk.ts';
import type { DataFaults } from '../ports/market-source.ts';
import { JournalError } from '../store/journal/journal-error.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import {
  type Claim,
  claimDataDirectory,
  DataDirectoryError,
} from '../store/journal/session-lock.ts';
import { answerCommand } from './control.ts';
import { accountFor, describeError } from './session-account.ts';
import { demandSameMarket, describedWith, takeBack, viewPast } from './earlier-lives.ts';
import { factLog } from './fact-log.ts';
import { journalPacking } from './journal-packing.ts';
import { type OpenedMarket, openMarket } from './market.ts';
import { handleOf, type OpenedSession, openSession } from './open-session.ts';
import { Pace } from './pace.ts';
import { RestrictionKeeper } from './restriction-keeper.ts';
import { endOf, RegistryLink } from './registry-feed/registry-link.ts';
import {
  readSessionFile,
  type SessionFile,
  sessionFolder,
  sessionReader,
  writeSessionFile,
} from './session-files.ts';
import type { Alert } from './small-services.ts';
import type { RecoveryNote } from './session-life.ts';
import { modelFolders } from './session-models.ts';
import { createSystemTime } from '../actors/services/system-time.ts';
import { serviceLog } from './live/service-log.ts';
import { openSeries } from './store-feed/open-series.ts';
import type { SessionSeries } from './store-feed/session-series.ts';

export interface RunSetting {
  readonly dataDir: string;
  readonly file: SessionFile;
  /** The configuration as `config show` prints it, for the report. */
  readonly configText: string;
  /** Market seconds in one of ours; 0 for as fast as it goes. */
  readonly speed: number;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly probe?: Probe | undefined;
  /** Ends the session at the next slice; a second signal is the system's business. */
  readonly stop: AbortSignal;
}

export interface RunResult {
  readonly view: SessionView;
  readonly ending: SessionEnding;
  /** The journal could not be written, or trading is halted at the end. */
  readonly isFailed: boolean;
}

/**
 * Runs one session from its first input to its report, holding the data directory. What a person
 * sees is the read model; what is true is the journal.
 */
export async function runSession(setting: RunSetting): Promise<RunResult> {
  const { dataDir, file, terminal } = setting;
  const running = new RunningSession(setting);
  const door = {
    describe: () => ({ sessionId: file.sessionId, sinceUs: file.startedUs }),
    answer: (command: Parameters<RunningSession['answer']>[0]) => running.answer(command),
    fault: (error: unknown) => terminal.writeError(`control channel: ${String(error)}\n`),
  };
  const claim = await claimDataDirectory(dataDir, door);
  try {
    return await running.run(claim);
  } finally {
    await claim.release();
  }
}

class RunningSession {
  readonly #setting: RunSetting;
  readonly #view = new SessionView();
  readonly #screen: ScreenWriter;
  readonly #notes: string[] = [];
  readonly #stopping = new AbortController();
  readonly #restrictions = new RestrictionKeeper();
  #opened: OpenedSession | undefined;
  #log: Log | undefined;
  #series: SessionSeries | undefined;
  #registry: RegistryLink | undefined;
  /** Why this life trades no more, where the market is not the reason. */
  #failure: unknown;
  /** Market events that earlier lives took. */
  #eventsBefore = 0;

  constructor(setting: RunSetting) {
    this.#setting = setting;
    this.#screen = new ScreenWriter(setting.terminal);
  }

  answer(command: Parameters<typeof answerCommand>[0]): ReturnType<typeof answerCommand> {
    return answerCommand(command, {
      file: this.#setting.file,
      view: this.#view,
      engine: this.#opened === undefined ? undefined : handleOf(this.#opened),
      stop: (asked) => this.#stopAsked(asked),
    });
  }

  #stopAsked({ isFlattening, isKeepingOrders }: Parameters<typeof answerCommand>[0]) {
    if (isFlattening === true || isKeepingOrders === true) {
      return 'its broker ends with it: there is nothing to close or to keep';
    }
    this.#stopping.abort();
    return undefined;
  }

  async run(claim: Claim): Promise<RunResult> {
    const { file, dataDir } = this.#setting;
    const disk = nodeDisk(dataDir);
    const config = Config.parse(file.config);
    const reader = sessionReader(disk);
    const isAgain = disk.exists(`${sessionFolder(file.sessionId)}/session.json`);
    if (isAgain) this.#eventsBefore = viewPast(reader, file.sessionId, this.#view);
    const market = openMarket(file.market, config.runtime.turnEventsMax);
    this.#noteMarket(market);
    const began = { wallMs: performance.now(), cpu: process.cpuUsage() };
    const opened = await this.#open(disk, market, config.log.level);
    this.#opened = opened;
    this.#log?.event('sessionStarted', {
      profile: file.kind,
      configHash: file.configHash,
      version: file.buildId,
    });
    let reason: string;
    try {
      reason = await this.#loop(opened, claim);
    } catch (error) {
      // The journal ended this life: there is still an account to give of it.
      this.#failure = opened.session.sequencer.failure;
      if (error !== this.#failure) throw error;
      reason = describeError(error);
    } finally {
      this.#screen.close();
      await opened.session.close();
      await this.#closeSeries(opened.session.sequencer.failure === undefined);
    }
    const result = await this.#end(opened, reason, began);
    await this.#registry?.close(result.isFailed ? undefined : endOf(result.ending));
    return result;
  }

  /** What cannot be opened leaves no session behind that the next start would go on with. */
  async #open(disk: Disk, market: OpenedMarket, level: LogLevel): Promise<OpenedSession> {
    const { dataDir, file, probe, terminal } = this.#setting;
    const known = describedWith(file, market);
    const before = readSessionFile(disk, file.sessionId);
    let isWritten = false;
    try {
      if (before?.ended !== undefined) throw endedMeanwhile(dataDir, file.sessionId);
      if (before !== undefined) demandSameMarket(before, market, known.marketId, this.#view);
      this.#log = this.#openLog(level);
      this.#series = this.#openSeries();
      const told = { config: Config.parse(file.config), dataDir, file: known, terminal };
      this.#registry = new RegistryLink({ ...told, environment: process.env, log: this.#log });
      return openSession({
        disk,
        file: known,
        market,
        modelFolders: modelFolders(dataDir),
        observers: [
          this.#view,
          factLog(this.#log, (symbol) => this.#view.nameOf(symbol)),
          this.#restrictions,
        ],
        feed: this.#series?.feed,
        notes: this.#registry?.notes,
        probe,
        alert: (alert) => this.#alert(alert),
        told: (note) => this.#recovered(note),
        packing: journalPacking({ ...told, sessionId: known.sessionId, log: this.#log }),
        prepared: () => {
          isWritten = true;
          writeSessionFile(disk, known);
        },
      });
    } catch (error) {
      market.source.close();
      await this.#closeSeries(false);
      await this.#log?.close();
      try {
        if (isWritten || before === undefined) takeBack(dataDir, file.sessionId, before);
      } catch (second) {
        const folder = sessionFolder(file.sessionId);
        terminal.writeError(`strata: ${folder} is left as it is: ${describeError(second)}\n`);
      }
      throw error;
    }
  }

  /** Slices of market time; between them the control channel, the screen and signals get a turn. */
  async #loop({ session, market }: OpenedSession, claim: Claim): Promise<string> {
    const { speed, stop, file } = this.#setting;
    const { bytesMax } = Config.parse(file.config).journal;
    const startMs = performance.now();
    const pace = new Pace(speed, Math.max(session.kernel.nowUs, firstUs(market)));
    for (;;) {
      const beganMs = performance.now();
      const isMore = await session.advance(pace.untilUs);
      await this.#restrictions.secure(session);
      this.#series?.look(() => session.writeOut());
      this.#registry?.look(() => session.writeOut());
      await this.#series?.room(() => stop.aborted);
      const wallMs = performance.now();
      this.#show(session.driver.events, startMs);
      this.#failure =
        session.sequencer.failure ??
        fullJournal(session.writer.totalBytes, bytesMax) ??
        (claim.isHeld() ? undefined : takenAway(claim.directory));
      if (this.#failure !== undefined) return describeError(this.#failure);
      if (!isMore) return 'the market closed';
      if (stop.aborted || this.#stopping.signal.aborted) return 'stopped by a person';
      // Nobody wants to watch a market that is closed: only the core session is paced.
      const isPaced = this.#view.phase === 'core';
      const waitMs = pace.next(wallMs, wallMs - beganMs, session.driver.nowUs, isPaced);
      // Not a timer of 0 ms, which takes a whole one: flat out there are thousands of slices.
      await (waitMs > 0 ? wait(waitMs) : breathe());
    }
  }

  /** Only where it is asked for: a replay is of a past that is kept already. */
  #openSeries(): SessionSeries | undefined {
    const { dataDir, file } = this.#setting;
    const config = Config.parse(file.config);
    if (config.store.series.sessions !== 'all') return undefined;
    const log = serviceLog(this.#log ?? { event: () => undefined });
    const setting = { config, file, dataDir, environment: process.env, log };
    return openSeries({ ...setting, ...createSystemTime() });
  }

  async #closeSeries(isJournalWhole: boolean): Promise<void> {
    const left = await this.#series
      ?.close(isJournalWhole)
      .catch((error: unknown) => describeError(error));
    if (left !== undefined) this.#notes.push(left);
  }

  #show(events: number, startMs: number): void {
    const { file, speed } = this.#setting;
    const opened = this.#opened;
    if (opened === undefined || this.#setting.isJson) return;
    const { session, market } = opened;
    this.#view.counters.events = this.#eventsBefore + events;
    this.#view.counters.frames = session.frames;
    this.#view.faults = joined(market);
    const seconds = Math.max(0.001, (performance.now() - startMs) / 1_000);
    this.#screen.show(this.#view, performance.now(), {
      kind: file.kind,
      source: file.source,
      nowUs: session.kernel.nowUs,
      speed,
      eventsPerSecond: events / seconds,
      journalBytes: session.writer.totalBytes,
      hint: 'Ctrl-C ends the session and writes its report',
    });
  }

  async #end(
    { session, market }: OpenedSession,
    reason: string,
    began: { readonly wallMs: number; readonly cpu: NodeJS.CpuUsage },
  ): Promise<RunResult> {
    const { dataDir, file, configText, terminal, isJson } = this.#setting;
    const view = this.#view;
    view.counters.events = this.#eventsBefore + session.driver.events;
    view.counters.frames = session.frames;
    view.faults = joined(market);
    const isFailed = this.#failure !== undefined;
    if (!isFailed) this.#noteLeftOpen();
    const ending = await accountFor({
      dataDir,
      file: describedWith(file, market),
      view,
      sequencer: session.sequencer,
      writer: session.writer,
      reason,
      began,
      configText,
      notes: this.#notes,
      failure: this.#failure,
      log: this.#log,
      terminal,
      isJson,
    });
    return { view, ending, isFailed };
  }

  #openLog(level: LogLevel): Log {
    const { dataDir, file, terminal } = this.#setting;
    return openLog({
      path: join(dataDir, sessionFolder(file.sessionId), 'log.ndjson'),
      session: file.sessionId,
      level,
      secrets: [],
      input: () => this.#opened?.session.sequencer.sequence ?? 0,
      onFault: (error) => terminal.writeError(`the log cannot be written: ${String(error)}\n`),
    });
  }

  #noteMarket(market: OpenedMarket): void {
    if (!market.isHistoryGiven) {
      this.#notes.push('no daily history was given: layer 1 passes every symbol');
    }
    const { count, first } = market.historyFaults;
    const [fault] = first;
    if (fault === undefined) return;
    this.#notes.push(
      `${plural(count, 'fault')} in the history, the first: ${describeFault(fault)}`,
    );
  }

  /** An ended session is not gone on with, however it ended. */
  #noteLeftOpen(): void {
    const positions = this.#view.heldPositions().length;
    const orders = this.#view.orders.open().length;
    if (positions + orders === 0) return;
    const left = `${plural(positions, 'position')} and ${plural(orders, 'order')}`;
    this.#notes.push(`left open: ${left}; the next start is a new session and does not know them`);
  }

  #alert({ severity, code, text }: Alert): void {
    if (severity === 'info') return;
    this.#log?.event('alerted', { severity, code, text });
  }

  #recovered(note: RecoveryNote): void {
    if (note.life === 1) return;
    const { life, records, droppedBytes, enquiries, damagedSnapshots, untaken } = note;
    const torn = droppedBytes > 0 ? `, ${droppedBytes} torn bytes dropped` : '';
    const damaged = damagedSnapshots.length > 0 ? `, passed over ${damagedSnapshots.join()}` : '';
    this.#notes.push(
      `life ${life}: recovered ${records} records, ${enquiries} enquiries${torn}${damaged}`,
    );
    this.#log?.event('recovered', { life, records, droppedBytes, enquiries });
    if (untaken !== 'skipped') return;
    this.#notes.push(`life ${life}: skipped an input in which two lives had ended`);
    this.#log?.event('inputSkipped', { life });
  }
}

function firstUs({ source }: OpenedMarket): number {
  return source.calendar[0]?.atUs ?? 0;
}

/** Those of the days that are traded first: what they hold is what is acted on. */
function joined({ source, historyFaults }: OpenedMarket): DataFaults {
  const { faults } = source;
  return {
    count: faults.count + historyFaults.count,
    first: [...faults.first, ...historyFaults.first].slice(0, FAULTS_NAMED_MAX),
  };
}

/** The budget is kept too: what would no longer be recorded is not done. */
function fullJournal(bytes: number, bytesMax: number): JournalError | undefined {
  if (bytes < bytesMax) return undefined;
  const used = `${bytes} of journal.bytesMax, ${bytesMax}`;
  return new JournalError('JOURNAL_FULL', `the journal has used its budget: ${used}`);
}

/** Somebody removed our socket: another engine may have started, and two must not write. */
function takenAway(directory: string): DataDirectoryError {
  return new DataDirectoryError('DATA_DIRECTORY_HELD', `${directory} was taken away from us`);
}

/** It was unfinished, or free, when it was chosen: before this process had the directory. */
function endedMeanwhile(dataDir: string, sessionId: string): DataDirectoryError {
  const message = `${dataDir} was held by another engine, which has just ended ${sessionId}`;
  return new DataDirectoryError('DATA_DIRECTORY_HELD', message);
}
