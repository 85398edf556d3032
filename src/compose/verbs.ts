import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ActorNode, renderActors, treeOfView } from '../cli/actors.ts';
import { count } from '../cli/figures.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { CONFIG_FOLDER, loadConfig } from '../cli/load-config.ts';
import { createLookingVerbs, pickSession } from '../cli/looking-verbs.ts';
import { readSession } from '../cli/read-session.ts';
import { parseStatus, renderStatus, statusExitCode } from '../cli/status.ts';
import type { Terminal } from '../cli/terminal.ts';
import type {
  DemoOptions,
  OperatorOptions,
  ReplayOptions,
  SessionOptions,
  StopOptions,
  VerbOptions,
  Verbs,
} from '../cli/verbs.ts';
import { type Answer, ControlError } from '../store/journal/control-line.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { askEngine, holderOf } from '../store/journal/session-lock.ts';
import { benchVerb } from './bench-verb.ts';
import { boundedText } from './control.ts';
import { composedChecks } from './doctor-checks.ts';
import { demo } from './demo.ts';
import { featuresVerb } from './features/features-verb.ts';
import { findRecordedSession } from './recorded-session.ts';
import { replayConfig } from './replay-config.ts';
import { pinModels } from './pinned-models.ts';
import { replay } from './replay.ts';
import { riskFold } from './risk-fold.ts';
import { DEMO_DATE, liveDemo } from './live/live-demo.ts';
import { tradeVerb } from './live/trade-verb.ts';
import { runVenueVerb } from './live/venue-verb.ts';
import type { RunResult } from './run-session.ts';
import { exportVerb } from './export-verb.ts';
import { policyVerb } from './policy-verb.ts';
import { queryVerb } from './query-verb.ts';
import { storeVerb } from './store-verb.ts';
import { modelsVerb } from './train/models-verb.ts';
import { trainVerb } from './train/train-verb.ts';
import { readSessionFile, sessionReader } from './session-files.ts';
import { verifySession } from './verify-session.ts';

/**
 * Every verb of the command line, over the real stores, engine and clock. `stopOnRequest` is called
 * by a verb that runs a session: from then on a signal ends the session, not the process.
 */
export function createVerbs(terminal: Terminal, stopOnRequest: () => AbortSignal): Verbs {
  const openSessions = (dataDir: string) => sessionReader(nodeDisk(dataDir));
  const looking = createLookingVerbs({
    terminal,
    openSessions,
    holderOf,
    journalBytes,
    riskFold,
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    checks: composedChecks(process.env),
  });
  return {
    ...looking,
    demo: (options) => runDemo(options, terminal, stopOnRequest()),
    trade: async (options) => exitOf(await tradeVerb(options, terminal, stopOnRequest())),
    venue: (options) => runVenueVerb(options, terminal, stopOnRequest()),
    features: (options) => featuresVerb(options, terminal),
    replay: (options) => runReplay(options, terminal, stopOnRequest()),
    verify: async (options) => verifyVerb(options, terminal),
    actors: (options) => actorsVerb(options, terminal),
    status: (options) => statusVerb(options, terminal),
    operate: (options) => operateVerb(options, terminal),
    stop: (options) => stopVerb(options, terminal),
    store: (options) => storeVerb(options, terminal, process.env),
    policy: (options) => policyVerb(options, terminal, process.env),
    train: (options) => trainVerb(options, terminal, process.env, stopOnRequest),
    models: (options) => modelsVerb(options, terminal),
    query: (options) => queryVerb(options, terminal, process.env),
    exportRows: (options) => exportVerb(options, terminal, process.env),
    bench: (options) => benchVerb(options, stopOnRequest()),
  };
}

async function runDemo(
  options: DemoOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const { dataDir, isOnce, isCrashing, isVirtual, speed, isJson } = options;
  // Another seed is another configuration: what was typed is part of its hash.
  const typed = { ...typedSettings(options), ...(isVirtual ? VIRTUAL : {}) };
  const written = loadConfig('demo', options.config, CONFIG_FOLDER, typed);
  const resolved = pinModels(written, { dataDir, kind: 'demo', terminal });
  const date = options.date ?? DEMO_DATE;
  const request = { dataDir, isOnce, isCrashing, date, speed, resolved, terminal, isJson, stop };
  return exitOf(await (isVirtual ? demo(request) : liveDemo(request)));
}

/** In virtual time every symbol's trades and quotes come, and no venue makes bars of them. */
const VIRTUAL = { market: { bars: 'trades', slots: 0 }, execution: { reconcileMs: 0 } };

function typedSettings({ seed, symbols, speed }: DemoOptions): Readonly<Record<string, unknown>> {
  const typed = [
    ['seed', seed],
    ['symbols', symbols],
    ['speed', speed],
  ].filter(([, value]) => value !== undefined);
  return typed.length === 0 ? {} : { demo: Object.fromEntries(typed) };
}

async function runReplay(
  options: ReplayOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const session = findRecordedSession(resolve(options.path));
  const written = replayConfig(session, options.config);
  const resolved = pinModels(written, { dataDir: options.dataDir, terminal });
  return exitOf(await replay({ ...options, session, resolved, terminal, stop }));
}

function exitOf({ isFailed }: Pick<RunResult, 'isFailed'>): ExitCode {
  return isFailed ? EXIT_CODES.error : EXIT_CODES.ok;
}

function verifyVerb(options: SessionOptions, terminal: Terminal): ExitCode {
  const disk = nodeDisk(options.dataDir);
  const found = pickSession(sessionReader(disk), options.session, terminal);
  const file = found === undefined ? undefined : readSessionFile(disk, found.sessionId);
  if (file === undefined) return EXIT_CODES.notFound;
  const progress = (records: number) => {
    if (!options.isJson) terminal.writeError(`${count(records)} records equal\n`);
  };
  const verification = verifySession(disk, file, progress);
  if (options.isJson) {
    terminal.write(`${JSON.stringify({ sessionId: file.sessionId, ...verification })}\n`);
  }
  const say = (text: string) => {
    if (!options.isJson) terminal.write(`${text}\n`);
  };
  if (verification.kind === 'refused') {
    say(`${file.sessionId} was not verified: ${verification.reason}`);
    say('Only the same build, configuration and Node can repeat it; `strata replay` decides anew.');
    return EXIT_CODES.mismatch;
  }
  const { records, decisionHash, divergence } = verification.result;
  if (divergence === undefined) {
    say(`${file.sessionId} verified: ${records} records, decision hash ${decisionHash}`);
    return EXIT_CODES.ok;
  }
  const { sequence, actor, field, recorded, recomputed } = divergence;
  say(`${file.sessionId} differs at record ${sequence}: actor ${actor}, ${field}`);
  say(`  recorded   ${recorded}`);
  say(`  recomputed ${recomputed}`);
  return EXIT_CODES.mismatch;
}

/** Of the running engine; of the last session where none runs, or of the one that is named. */
async function actorsVerb(options: SessionOptions, terminal: Terminal): Promise<ExitCode> {
  const { isJson } = options;
  const tree = (await runningTree(options)) ?? recordedTree(options, terminal);
  if (tree === undefined) return EXIT_CODES.notFound;
  const { isColoured } = terminal;
  terminal.write(isJson ? `${JSON.stringify(tree)}\n` : `${renderActors(tree, { isColoured })}\n`);
  return EXIT_CODES.ok;
}

/** Undefined where no engine runs, or where another session than its own is named. */
async function runningTree({ dataDir, session }: SessionOptions): Promise<ActorNode | undefined> {
  if (session !== undefined) {
    const named = sessionReader(nodeDisk(dataDir)).find(session);
    if (named === undefined || named.ended !== undefined) return undefined;
    if ((await holderOf(dataDir))?.sessionId !== named.sessionId) return undefined;
  } else if ((await holderOf(dataDir)) === undefined) return undefined;
  const { tree } = await ask(dataDir, { verb: 'actors' });
  return isTree(tree) ? tree : undefined;
}

function isTree(value: unknown): value is ActorNode {
  return typeof value === 'object' && value !== null && 'name' in value && 'children' in value;
}

function recordedTree(options: SessionOptions, terminal: Terminal): ActorNode | undefined {
  const reader = sessionReader(nodeDisk(options.dataDir));
  const found = pickSession(reader, options.session, terminal);
  if (found === undefined) return undefined;
  return treeOfView(readSession(reader, found.sessionId), found.ended !== undefined);
}

async function statusVerb({ dataDir, isJson }: VerbOptions, terminal: Terminal): Promise<ExitCode> {
  const answer = await ask(dataDir, { verb: 'status' });
  const status = parseStatus(answer);
  if (status === undefined) {
    throw new ControlError('ENGINE_UNREADABLE', 'the engine answered in another format');
  }
  terminal.write(isJson ? `${JSON.stringify(status)}\n` : renderStatus(status));
  return statusExitCode(status);
}

async function operateVerb(options: OperatorOptions, terminal: Terminal): Promise<ExitCode> {
  const { dataDir, verb, symbol, reason, by, isJson } = options;
  // A reason that is too long for a request must not keep the halt from the engine.
  const said = { reason: boundedText(reason), by: boundedText(by) };
  const answer = await ask(dataDir, { verb, symbol, ...said });
  if (isJson) terminal.write(`${JSON.stringify(answer)}\n`);
  if (answer['isOk'] === true) {
    if (!isJson) terminal.write(`${verb}: taken; strata status shows what follows\n`);
    return EXIT_CODES.ok;
  }
  terminal.writeError(`strata: ${verb} was refused: ${String(answer['reason'])}\n`);
  return EXIT_CODES.notFound;
}

async function stopVerb(options: StopOptions, terminal: Terminal): Promise<ExitCode> {
  const { dataDir, isJson, isFlattening, isKeepingOrders } = options;
  const kept = isKeepingOrders === undefined ? {} : { isKeepingOrders };
  const answer = await ask(dataDir, { verb: 'stop', isFlattening, ...kept });
  if (isJson) terminal.write(`${JSON.stringify(answer)}\n`);
  if (answer['isOk'] !== true) {
    terminal.writeError(`strata: stop was refused: ${String(answer['reason'])}\n`);
    return EXIT_CODES.error;
  }
  if (!isJson) terminal.write('the session ends and writes its report\n');
  return EXIT_CODES.ok;
}

/** The failed connection is the cause; that no engine runs is what a person wants to know. */
async function ask(dataDir: string, command: Parameters<typeof askEngine>[1]): Promise<Answer> {
  try {
    return await askEngine(dataDir, command);
  } catch (error) {
    if (!(error instanceof ControlError) || error.code !== 'ENGINE_NOT_RUNNING') throw error;
    throw new ControlError(error.code, `no engine runs on ${dataDir}`, { cause: error });
  }
}

function journalBytes(dataDir: string, sessionId: string): number {
  const folder = journalFolder(sessionId);
  const sizes = nodeDisk(dataDir)
    .list(folder)
    .map((name) => statSync(join(dataDir, folder, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
