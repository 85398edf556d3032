import { type ActorNode, renderActors, treeOfView } from '../cli/actors.ts';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { pickSession } from '../cli/looking-verbs.ts';
import { readSession } from '../cli/read-session.ts';
import { parseStatus, renderStatus, statusExitCode } from '../cli/status.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { OperatorOptions, SessionOptions, StopOptions, VerbOptions } from '../cli/verbs.ts';
import { type Answer, ControlError } from '../store/journal/control-line.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { askEngine, holderOf } from '../store/journal/session-lock.ts';
import { boundedText } from './control.ts';
import { sessionReader } from './session-files.ts';

/** Of the running engine; of the last session where none runs, or of the one that is named. */
export async function actorsVerb(options: SessionOptions, terminal: Terminal): Promise<ExitCode> {
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

export async function statusVerb(
  { dataDir, isJson }: VerbOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await ask(dataDir, { verb: 'status' });
  const status = parseStatus(answer);
  if (status === undefined) {
    throw new ControlError('ENGINE_UNREADABLE', 'the engine answered in another format');
  }
  terminal.write(isJson ? `${JSON.stringify(status)}\n` : renderStatus(status));
  return statusExitCode(status);
}

export async function operateVerb(options: OperatorOptions, terminal: Terminal): Promise<ExitCode> {
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

export async function stopVerb(options: StopOptions, terminal: Terminal): Promise<ExitCode> {
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
