import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionDescription, SessionReader } from '../ports/session-reader.ts';
import {
  BYTES_PER_EVENT_ASSUMED,
  type Check,
  configCheck,
  dataDirectoryCheck,
  diskCheck,
  type DiskForecast,
  doctorExitCode,
  journalCheck,
  type LockHolder,
  lockCheck,
  nodeCheck,
  PACKED_TIMES_ASSUMED,
  platformCheck,
  renderDoctor,
  runChecks,
} from './doctor.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { explain, renderStory } from './explain.ts';
import { indicatorsVerb } from './indicators.ts';
import { describeConfig, leavesOf, loadConfig, type ResolvedConfig } from './load-config.ts';
import { nearestWord } from '../core/nearest-word.ts';
import type { RiskFold } from './parity-state.ts';
import { renderParity } from './parity-text.ts';
import { compareSessions, type Parity } from './parity.ts';
import { PRIVATE_KEYS } from './config-schema.ts';
import { readLogs, renderLogs } from './read-logs.ts';
import { visitSession } from './read-session.ts';
import { indexSession } from './session-index.ts';
import { plainText } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';
import type {
  ConfigShowOptions,
  ExplainOptions,
  LogsOptions,
  ParityOptions,
  Verbs,
  VerbOptions,
} from './verbs.ts';

/** What verbs that only look need of the rest of the house. */
export interface LookingPorts {
  readonly terminal: Terminal;
  openSessions(dataDir: string): SessionReader;
  /** Who owns the data directory; undefined where nobody does. */
  holderOf(dataDir: string): Promise<LockHolder | undefined>;
  journalSize(dataDir: string, sessionId: string): JournalSize;
  /** An empty book of risk's, to be folded from a journal. */
  readonly riskFold: () => RiskFold;
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  /** More to look at: parts that are optional, the model, data. */
  readonly checks: (options: VerbOptions) => readonly Check[];
}

/** Bytes of a session's journal. */
export interface JournalSize {
  /** Of all of it, as it was written. */
  readonly writtenBytes: number;
  /** Of the segments that are compressed by now: how many, as they were, and as they are. */
  readonly packed: {
    readonly segments: number;
    readonly writtenBytes: number;
    readonly storedBytes: number;
  };
}

export type LookingVerbs = Pick<
  Verbs,
  'explain' | 'parity' | 'logs' | 'configShow' | 'doctor' | 'indicators'
>;

export function createLookingVerbs(ports: LookingPorts): LookingVerbs {
  return {
    explain: async (options) => explainVerb(ports, options),
    parity: async (options) => parityVerb(ports, options),
    logs: async (options) => logsVerb(ports, options),
    configShow: async (options) => configShowVerb(ports, options),
    doctor: (options) => doctorVerb(ports, options),
    indicators: async (options) => indicatorsVerb(options, ports.terminal),
  };
}

/** The session that was named, or the last. Says so itself where there is none. */
export function pickSession(
  reader: SessionReader,
  wanted: string | undefined,
  terminal: Terminal,
): SessionDescription | undefined {
  const found = wanted === undefined ? reader.list().at(-1) : reader.find(wanted);
  if (found !== undefined) return found;
  const ids = reader.list().map(({ sessionId }) => sessionId);
  if (wanted === undefined || ids.length === 0) {
    terminal.writeError('no session in this data directory\n');
    terminal.writeError('Run `strata demo --once` first, or name another with --data-dir.\n');
    return undefined;
  }
  const beginning = ids.filter((id) => id.startsWith(wanted)).slice(-NEAR_MAX);
  const nearest = nearestWord(wanted, ids);
  const near = beginning.length > 0 ? beginning : nearest === undefined ? [] : [nearest];
  terminal.writeError(`no single session is named ${wanted}\n`);
  terminal.writeError(`${didYouMean(near.length > 0 ? near : ids.slice(-NEAR_MAX))}\n`);
  return undefined;
}

const NEAR_MAX = 5;

function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? 'There is nothing like it.' : `Did you mean ${near.join(', ')}?`;
}

function explainVerb({ terminal, openSessions }: LookingPorts, options: ExplainOptions): ExitCode {
  const reader = openSessions(options.dataDir);
  const session = pickSession(reader, options.session, terminal);
  if (session === undefined) return EXIT_CODES.notFound;
  const explanation = explain(reader, session.sessionId, options.target);
  if (options.isJson) writeJson(terminal, explanation);
  else if (explanation.isFound) terminal.write(plainText(renderStory(explanation.story)));
  if (explanation.isFound) return EXIT_CODES.ok;
  terminal.writeError(
    `${options.target} is no order, signal or symbol of session ${session.sessionId}\n`,
  );
  const { near } = explanation;
  const hint = near.length > 0 ? didYouMean(near) : symbolsOf(reader, session.sessionId);
  terminal.writeError(`${hint}\n`);
  return EXIT_CODES.notFound;
}

/** Where nothing is like what was typed, the reader may not know what there is. */
function symbolsOf(reader: SessionReader, sessionId: string): string {
  const names = [...indexSession(reader, sessionId).symbols.keys()];
  const some = names.slice(0, NEAR_MAX).join(', ');
  const more = names.length > NEAR_MAX ? ` and ${names.length - NEAR_MAX} more` : '';
  return names.length === 0 ? 'It has no symbols.' : `Its symbols are ${some}${more}.`;
}

function parityVerb(ports: LookingPorts, options: ParityOptions): ExitCode {
  const { terminal, openSessions, riskFold } = ports;
  const reader = openSessions(options.dataDir);
  const left = pickSession(reader, options.left, terminal);
  const right = pickSession(reader, options.right, terminal);
  if (left === undefined || right === undefined) return EXIT_CODES.notFound;
  const parity = compareSessions(reader, left, right, { isStrict: options.isStrict, riskFold });
  if (options.isJson) writeJson(terminal, parity);
  else terminal.write(plainText(renderParity(parity)));
  return parityExitCode(parity);
}

/** What could not be compared is not equal. */
export function parityExitCode({ counted, isCut }: Parity): ExitCode {
  if (counted > 0) return EXIT_CODES.mismatch;
  return isCut ? EXIT_CODES.error : EXIT_CODES.ok;
}

function logsVerb({ terminal, openSessions }: LookingPorts, options: LogsOptions): ExitCode {
  const session = pickSession(openSessions(options.dataDir), options.session, terminal);
  if (session === undefined) return EXIT_CODES.notFound;
  const path = join(options.dataDir, 'sessions', session.sessionId, 'log.ndjson');
  if (!existsSync(path)) {
    terminal.writeError(`session ${session.sessionId} has no log at ${path}\n`);
    terminal.writeError('It may have been removed; the journal tells more: strata explain.\n');
    return EXIT_CODES.notFound;
  }
  const { level, eventName, linesMax, isJson } = options;
  const page = readLogs(path, {
    linesMax,
    ...(level === undefined ? {} : { levelMin: level }),
    ...(eventName === undefined ? {} : { event: eventName }),
  });
  terminal.write(plainText(renderLogs(page, { isJson })));
  return EXIT_CODES.ok;
}

function configShowVerb({ terminal }: LookingPorts, options: ConfigShowOptions): ExitCode {
  const { profile, config, isResolved, isRedacted, isJson } = options;
  const resolved = loadConfig(profile, config);
  if (isJson) {
    writeJson(terminal, configJson(resolved, { isResolved, isRedacted }));
    return EXIT_CODES.ok;
  }
  const text = describeConfig(resolved, { redact: isRedacted });
  const lines = text.split('\n');
  // The last file may be the user's own: what it and the profile change is what differs.
  const [defaults = ''] = resolved.files;
  const shown = isResolved ? lines : lines.filter((line) => !line.includes(`  # ${defaults}:`));
  terminal.write(`${shown.join('\n')}\n`);
  if (!isResolved) terminal.write(`${lines.length - shown.length} more as in ${defaults}\n`);
  return EXIT_CODES.ok;
}

function configJson(
  resolved: ResolvedConfig,
  { isResolved, isRedacted }: Pick<ConfigShowOptions, 'isResolved' | 'isRedacted'>,
): object {
  const { config, configHash, files, origins } = resolved;
  const [defaults = ''] = files;
  const settings = leavesOf(config)
    .map(({ key, value }) => ({
      key,
      value: isRedacted && PRIVATE_KEYS.includes(key) ? '(private)' : value,
      origin: origins.get(key) ?? 'default',
    }))
    .filter(({ origin }) => isResolved || !origin.startsWith(`${defaults}:`));
  return { configHash, files, settings };
}

async function doctorVerb(ports: LookingPorts, options: VerbOptions): Promise<ExitCode> {
  const { terminal, openSessions, holderOf, nodeVersion, platform, arch } = ports;
  const { dataDir, config, isJson } = options;
  const findings = await runChecks([
    nodeCheck(nodeVersion),
    platformCheck(platform, arch),
    configCheck(() => loadConfig('demo', config)),
    dataDirectoryCheck(dataDir),
    {
      name: 'disk',
      run: () => diskCheck(dataDir, forecastOf(ports, options)).run(),
    },
    lockCheck(() => holderOf(dataDir)),
    journalCheck(
      () => openSessions(dataDir),
      () => holderOf(dataDir),
    ),
    ...ports.checks(options),
  ]);
  const { isColoured } = terminal;
  if (isJson) writeJson(terminal, { findings });
  else terminal.write(renderDoctor(findings, { isColoured }));
  return doctorExitCode(findings);
}

/** Measured on the last session where there is one that can be read. */
function forecastOf(ports: LookingPorts, { dataDir, config }: VerbOptions): DiskForecast {
  const { bytesMax, compress } = readableConfig(config).config.journal;
  const reader = ports.openSessions(dataDir);
  const last = reader.list().at(-1);
  const events = last === undefined ? 0 : eventsOf(reader, last.sessionId);
  const assumed = { times: PACKED_TIMES_ASSUMED, segments: 0 };
  if (last === undefined || events === 0) {
    const packed = compress === 'none' ? undefined : assumed;
    return { bytesMax, bytesPerEvent: BYTES_PER_EVENT_ASSUMED, isMeasured: false, packed };
  }
  const { writtenBytes, packed } = ports.journalSize(dataDir, last.sessionId);
  const { segments } = packed;
  const measured =
    segments === 0 ? assumed : { times: packed.writtenBytes / packed.storedBytes, segments };
  return {
    bytesMax,
    bytesPerEvent: writtenBytes / events,
    isMeasured: true,
    packed: compress === 'none' ? undefined : measured,
  };
}

/** What is wrong with the user's own file is the finding of another check. */
function readableConfig(config: string | undefined): ResolvedConfig {
  try {
    return loadConfig('demo', config);
  } catch {
    return loadConfig('demo');
  }
}

/** 0 where the journal cannot be read, which is the finding of another check. */
function eventsOf(reader: SessionReader, sessionId: string): number {
  let events = 0;
  try {
    visitSession(reader, sessionId, {
      input: () => undefined,
      turn: () => undefined,
      market: (_, _nowUs, counts) => void (events += counts.events),
    });
  } catch {
    return 0;
  }
  return events;
}

function writeJson(terminal: Terminal, value: object): void {
  terminal.write(`${JSON.stringify(value)}\n`);
}
